import type { Caller } from '../../sandbox/caller.ts'
import { copiedCaller, healthCheckOf } from '../../sandbox/caller.ts'
import type { Platform } from '../../sandbox/platform.ts'

export const FOLDERS = ['shop', 'mail'] as const
export const STAGES = ['production', 'staging'] as const

export type Folder = (typeof FOLDERS)[number]
export type StageName = (typeof STAGES)[number]

/** One of the four Workers, as wrangler names it for its environment. */
export function scriptOf(folder: Folder, stage: StageName): string {
  return stage === 'production' ? folder : `${folder}-${stage}`
}

/** A pnpm workspace: two Workers that share a package, one configured in TOML and one in JSON with comments. */
export function workspaceFiles(says: string): Record<string, string> {
  return {
    '.gitignore': 'node_modules\n',
    'package.json': JSON.stringify({ name: 'team', private: true }),
    'pnpm-workspace.yaml': 'packages:\n  - workers/*\n  - packages/*\n',
    'pnpm-lock.yaml': LOCKFILE,
    'packages/health/package.json': JSON.stringify({ name: '@team/health', version: '1.0.0', type: 'module', exports: './index.js' }),
    'packages/health/index.js': HEALTH,
    ...Object.fromEntries(FOLDERS.flatMap((folder) => [
      [`workers/${folder}/package.json`, JSON.stringify({ name: folder, private: true, type: 'module', dependencies: { '@team/health': 'workspace:*' } })],
      [`workers/${folder}/src/index.js`, `import { answer } from '@team/health'\n\nexport default { fetch: (request, env) => answer(env, ${JSON.stringify(`${folder} ${says}`)}) }\n`],
    ])),
    'workers/shop/wrangler.toml': TOML,
    'workers/mail/wrangler.jsonc': JSONC,
  }
}

/** As `pnpm install` (12.21.0) writes it. */
const LOCKFILE = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .: {}

  packages/health: {}

  workers/mail:
    dependencies:
      '@team/health':
        specifier: workspace:*
        version: link:../../packages/health

  workers/shop:
    dependencies:
      '@team/health':
        specifier: workspace:*
        version: link:../../packages/health
`

const HEALTH = `/** Says which version answers, of which Worker, in which environment. */
export function answer(env, says) {
  return Response.json({ status: 'pass', says, stage: env.STAGE }, { headers: { 'x-version-id': env.VERSION.id } })
}
`

const TOML = `name = "shop"
main = "src/index.js"
compatibility_date = "2026-01-01"
workers_dev = true
vars = { STAGE = "production" }
version_metadata = { binding = "VERSION" }

[env.staging]
vars = { STAGE = "staging" }
version_metadata = { binding = "VERSION" }
`

const JSONC = `{
  // Bindings and variables are not inherited by an environment: it repeats them.
  "name": "mail",
  "main": "src/index.js",
  "compatibility_date": "2026-01-01",
  "workers_dev": true,
  "vars": { "STAGE": "production" },
  "version_metadata": { "binding": "VERSION" },
  "env": {
    "staging": { "vars": { "STAGE": "staging" }, "version_metadata": { "binding": "VERSION" } },
  },
}
`

/** Commits the workspace with its two callers: one is copied as it is, one has the names of the other environment. */
export async function commitWorkspace(platform: Platform, caller: Caller, title: string): Promise<{ readonly sha: string; readonly pullRequest: number }> {
  const change = { with: { 'install-command': LINK } }
  const staging = copiedCaller(platform, 'monorepo.yml', change)
    .replace('      environment: production\n', '      environment: staging\n      wrangler-environment: staging\n')
    .replaceAll(/(sleepwell\.\w+)\.yml/g, '$1.staging.yml')
  const checks: Record<string, string> = {}
  for (const folder of FOLDERS) {
    checks[`.github/sleepwell.${folder}.yml`] = healthCheckOf(await platform.edge.urlFor(scriptOf(folder, 'production')))
    checks[`.github/sleepwell.${folder}.staging.yml`] = healthCheckOf(await platform.edge.urlFor(scriptOf(folder, 'staging')))
  }
  return caller.commit(title, { ...workspaceFiles(title), ...checks, '.github/workflows/monorepo-staging.yml': staging }, change)
}

/** What `pnpm install` does for a workspace whose packages need nobody else's: a link to the package. */
export const LINK = '"mkdir -p node_modules/@team && ln -sfn ../../../../packages/health node_modules/@team/health"'
