import { rmSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { StandIn } from '../../sandbox/runner/stand-ins.ts'
import { runWorkflow } from '../../sandbox/runner/workflow.ts'
import { CALLER, commitAll, folderOf, lines, results, runMain } from './runner-fixtures.ts'

const PIN = '8'.repeat(40)

function handOver(build: string, upload: string, download: string): string {
  return `
on: push
jobs:
  build:
    runs-on: x
    outputs: { digest: "\${{ steps.up.outputs.artifact-digest }}", id: "\${{ steps.up.outputs.artifact-id }}" }
    steps:
      - run: ${build}
      - { id: up, uses: actions/upload-artifact@${PIN}, with: { name: bundle, ${upload} } }
  deploy:
    needs: build
    runs-on: x
    steps:
      - { uses: actions/download-artifact@${PIN}, with: { ${download} } }
      - run: 'echo "\${{ needs.build.outputs.digest }}"; cd in; find . -type f | sort; test ! -x worker.js'
`
}

function uploadOfNothing(more: string) {
  return runMain({ caller: { 'main.yml': handOver('true', `path: dist${more}`, 'name: bundle, path: in') } })
}

const tamper: StandIn = async ({ artifacts }) => {
  writeFileSync(join(artifacts.find('bundle')?.directory ?? '', 'worker.js'), 'evil')
  return {}
}

describe('the stand-ins of well-known actions', () => {
  it('checkout: clones the exact commit, not what is newer', async () => {
    const workflow = `
on: push
jobs:
  a:
    runs-on: x
    steps:
      - uses: actions/checkout@${PIN}
        with: { ref: "\${{ github.sha }}", persist-credentials: false, path: here }
      - run: cat here/file.txt; git -C here rev-parse HEAD
`
    const folder = folderOf({ 'file.txt': 'first\n', '.github/workflows/main.yml': workflow })
    try {
      const sha = commitAll(folder)
      writeFileSync(join(folder, 'file.txt'), 'second\n')
      execFileSync('git', ['-C', folder, '-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '-qam', 'Second'])
      const options = { repositories: { [CALLER]: { directory: folder } }, workflow: '.github/workflows/main.yml', github: { sha } }
      const run = await runWorkflow(options)
      expect(lines(run, 'a').slice(-2)).toEqual(['first', sha])
      const unknown = await runWorkflow({ ...options, github: { sha: '0'.repeat(40) } })
      expect(unknown.conclusion).toBe('failure')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })


  it('artifacts: hand files from job to job with a digest, without hidden files and modes', async () => {
    const build = 'mkdir -p dist/sub dist/.wrangler; echo 1 > dist/worker.js; chmod +x dist/worker.js; echo 2 > dist/sub/b; echo 3 > dist/.wrangler/c; echo 4 > dist/.d'
    const run = await runMain({ caller: { 'main.yml': handOver(build, 'path: dist', 'name: bundle, path: in') } })
    expect(results(run)).toEqual({ build: 'success', deploy: 'success' })
    const [, digest, ...files] = lines(run, 'deploy')
    expect(digest).toBe(run.artifacts[0]?.digest)
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    expect(files).toEqual(['./sub/b', './worker.js'])
  })

  it('artifacts: found by id; hidden files only when asked for', async () => {
    const build = 'mkdir dist; echo 1 > dist/worker.js; echo 4 > dist/.d'
    const upload = 'path: dist, include-hidden-files: true'
    const run = await runMain({ caller: { 'main.yml': handOver(build, upload, `artifact-ids: "\${{ needs.build.outputs.id }}", path: in`) } })
    expect(lines(run, 'deploy').slice(2)).toEqual(['./.d', './worker.js'])
  })

  it('artifacts: an upload of nothing is a warning, or a failure when asked for', async () => {
    expect(results(await uploadOfNothing(''))).toEqual({ build: 'success', deploy: 'failure' })
    expect(results(await uploadOfNothing(', if-no-files-found: error'))).toEqual({ build: 'failure', deploy: 'skipped' })
  })

  it('artifacts: a hidden file is left out even when it is named', async () => {
    const build = 'mkdir dist; echo 4 > dist/.d'
    const run = await runMain({ caller: { 'main.yml': handOver(build, 'path: dist/.d, if-no-files-found: error', 'name: x') } })
    expect(results(run)).toMatchObject({ build: 'failure' })
  })

  it('artifacts: one whose content has changed since its upload is not handed over', async () => {
    const workflow = handOver('mkdir dist; echo 1 > dist/worker.js', 'path: dist', 'name: bundle, path: in')
    const tampering = workflow.replace('needs: build\n    runs-on: x\n    steps:', `needs: build\n    runs-on: x\n    steps:\n      - uses: acme/tamper@${PIN}`)
    const run = await runMain({ caller: { 'main.yml': tampering }, options: { standIns: { 'acme/tamper': tamper } } })
    expect(results(run)).toEqual({ build: 'success', deploy: 'failure' })
    expect(run.annotations.map((each) => each.message).join()).toContain('digest of the downloaded artifact bundle does not match')
  })

  it('an unknown input or a pattern is named, not ignored', async () => {
    await expect(runMain({ caller: { 'main.yml': handOver('true', 'path: "dist/**"', 'name: x') } })).rejects.toThrow('pattern')
    await expect(runMain({ caller: { 'main.yml': handOver('true', 'path: dist, wat: 1', 'name: x') } })).rejects.toThrow('wat')
  })

  it('setup-node puts Node 24 first, and a test adds stand-ins of its own', async () => {
    const run = await runMain({
      caller: {
        'main.yml': `
on: push
jobs:
  a:
    runs-on: x
    steps:
      - { uses: actions/setup-node@${PIN}, with: { node-version: 24 } }
      - { id: own, uses: acme/notify@${PIN}, with: { Text: hello } }
      - run: 'echo "$(node --version) \${{ steps.own.outputs.said }}"'
`,
      },
      options: { standIns: { 'acme/notify': async ({ inputs }) => ({ outputs: { said: `${inputs['text']}!` } }) } },
    })
    expect(lines(run, 'a').at(-1)).toMatch(/^v24\.\S+ hello!$/)
  })
})
