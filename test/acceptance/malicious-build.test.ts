import { appendFileSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { wranglerByHand } from '../../sandbox/by-hand.ts'
import { createCaller, type Caller } from '../../sandbox/caller.ts'
import { startPlatform, type Platform } from '../../sandbox/platform.ts'
import { startEvilServer } from './evil-server.ts'
import { hostileFiles } from './hostile-build.ts'

const TOKEN = 'malicious-build-token-5f1c9e'
const WORKER = 'sleepwell-example'
const INSTALL = 'npm install --offline --no-audit --no-fund && npm rebuild --foreground-scripts evil && npm run --prefix evil postinstall'

async function deployFirst(platform: Platform, caller: Caller): Promise<void> {
  const { sha } = caller.merge('First version', 'good')
  const put = await wranglerByHand(platform, caller.repository.folder, ['secret', 'put', 'API_KEY'], 'Production_Key_1')
  expect(put.code, put.output).toBe(0)
  caller.testsEnd(sha, 'success')
  const run = await caller.start({ workflow: 'full-deploy', sha, inputs: { reason: 'the first version' } }).finished
  expect(run.jobs['deploy']?.outputs['ending'], run.log.join('\n')).toBe('promoted')
}

/** The next commit brings a hostile dependency, and a caller that installs it. */
function mergeHostile(platform: Platform, caller: Caller, evilUrl: string): string {
  const path = '.github/workflows/deploy.yml'
  const workflow = readFileSync(join(caller.repository.folder, path), 'utf8')
  const install = `      environment: production\n      install-command: ${INSTALL}\n      build-command: test -x node_modules/.bin/wrangler && echo "CLOUDFLARE_API_TOKEN is ''\${CLOUDFLARE_API_TOKEN:-absent}''"\n`
  const changed = workflow.replace('      environment: production\n', install)
  const message = 'Update a dependency'
  const sha = caller.repository.commit(message, { ...hostileFiles(evilUrl), [path]: changed })
  platform.github.model.addCommit({ sha, parents: caller.repository.parentsOf(sha), message })
  platform.github.model.addPullRequest({ number: 99, title: message, mergeCommitSha: sha, commits: [sha] })
  caller.testsEnd(sha, 'success')
  return sha
}

/** The files under a folder that hold the text, binary ones too. */
function filesHolding(text: string, folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.map((entry) => join(entry.parentPath, entry.name)).filter((path) => readFileSync(path).includes(text))
}

describe('a build whose dependency is hostile', () => {
  it('never gets hold of the token, nor makes anything else send it elsewhere', { timeout: 240_000 }, async () => {
    await using platform = await startPlatform({ token: TOKEN })
    await using evil = await startEvilServer()
    const disks: { at: string; files: number; holding: readonly string[] }[] = []
    const lookAtDisk = (line: string, job: string) => {
      const downloaded = /downloaded to (\S+)$/.exec(line)?.[1]
      if (downloaded !== undefined) roots.set(job, dirname(dirname(dirname(downloaded))))
      const root = roots.get(job)
      if (root === undefined || !/downloaded to|Read back/.test(line)) return
      disks.push({ at: line, files: readdirSync(root, { recursive: true }).length, holding: filesHolding(TOKEN, root) })
    }
    const roots = new Map<string, string>()
    // Without masking a leak into the log would be there to see.
    using caller = await createCaller(platform, { environmentSecret: TOKEN, masking: false, onLine: lookAtDisk })
    await deployFirst(platform, caller)
    const sha = mergeHostile(platform, caller, evil.url)
    disks.length = 0

    const run = await caller.start({ workflow: 'deploy', sha }).finished
    const log = run.log.join('\n')
    expect(run.jobs['deploy']?.outputs['ending'], log).toBe('promoted')

    // The attack did run, as npm's script and in wrangler's place, and saw an environment.
    expect(evil.received.filter((one) => one.includes('environment of postinstall')).length, log).toBeGreaterThan(0)
    expect(evil.received.filter((one) => one.includes('environment of wrangler deploy --dry-run'))).toHaveLength(1)
    expect(evil.received.filter((one) => one.includes('environment of preload')).length).toBeGreaterThan(0)
    expect(log).toContain("CLOUDFLARE_API_TOKEN is ''absent''")

    // Nothing but the attack's own reports arrived there: no API call was bent towards it.
    expect(evil.received.filter((one) => !/^POST \/stolen\/by-(?:postinstall|wrangler|preload)\n/.test(one))).toEqual([])
    expect(evil.received.filter((one) => /environment of \w+ (?:.*\/)?(?:versions|triggers) /.test(one))).toEqual([])
    expect(evil.received.filter((one) => one.includes(TOKEN))).toEqual([])

    // Neither the deploy job's disk, nor what it fetched from the build, nor what anybody can read of the run.
    expect(disks.length).toBeGreaterThan(1)
    expect(Math.min(...disks.map(({ files }) => files))).toBeGreaterThan(10)
    expect(disks.flatMap(({ holding }) => holding)).toEqual([])
    for (const text of [log, ...run.summaries, JSON.stringify(run.annotations), JSON.stringify(run.jobs)]) expect(text).not.toContain(TOKEN)
    expect(platform.world.requests.filter(({ path, query, body }) => `${path}${query}${body}`.includes(TOKEN))).toEqual([])
    expect(platform.cloudflare.model.live(WORKER)?.versions).toMatchObject([{ percentage: 100 }])
  })

  it.each([
    { what: 'a link to the environment of whoever reads it', tamper: (build: string) => symlinkSync('/proc/self/environ', join(build, 'bundle/environ.js')), says: 'bundle/environ.js, which is neither a plain file nor a folder' },
    { what: 'one line more than the build job had made', tamper: (build: string) => appendFileSync(join(build, 'bundle/index.js'), '\n'), says: 'but the build job gave' },
  ])('is refused when what is handed over holds $what', { timeout: 240_000 }, async ({ tamper, says }) => {
    await using platform = await startPlatform({ token: TOKEN })
    let armed = false
    using caller = await createCaller(platform, {
      environmentSecret: TOKEN,
      onLine(line) {
        const downloaded = /downloaded to (\S+)$/.exec(line)?.[1]
        if (armed && downloaded !== undefined) tamper(downloaded)
      },
    })
    await deployFirst(platform, caller)
    const before = { live: platform.cloudflare.model.live(WORKER), versions: platform.cloudflare.model.versions(WORKER).length }
    armed = true
    const { sha } = caller.merge('Next version', 'good')
    caller.testsEnd(sha, 'success')
    const run = await caller.start({ workflow: 'deploy', sha }).finished
    expect(run.jobs['deploy']?.outputs).toMatchObject({ ending: 'refused', reason: 'build-refused' })
    expect(run.log.join('\n')).toContain(says)
    expect(platform.cloudflare.model.live(WORKER)).toEqual(before.live)
    expect(platform.cloudflare.model.versions(WORKER)).toHaveLength(before.versions)
  })
})
