import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

// The port in a process of its own, with its output and its files read as the runner reads them.

const source = fileURLToPath(new URL('../../src/shell/runner.ts', import.meta.url))
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sleepwell-runner-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function play(script: string): { readonly stdout: string; readonly file: (name: string) => string } {
  const program = `import { connectRunner, maskInLog } from ${JSON.stringify(source)}
const runner = connectRunner((text) => text.replaceAll('hunter22', '***'))
${script}`
  const files = ['OUTPUT', 'STATE', 'STEP_SUMMARY'].map((name): [string, string] => [`GITHUB_${name}`, join(folder, name)])
  for (const [, path] of files) writeFileSync(path, '')
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: { ...Object.fromEntries(files), STATE_journal: 'from main' },
  })
  expect(stderr).toBe('')
  return { stdout, file: (name) => readFileSync(join(folder, name), 'utf8') }
}

describe('the log', () => {
  it('takes no commands from what others say, on any line', () => {
    const { stdout } = play(String.raw`runner.log('Cloudflare said: no\n::stop-commands::x\n  ::error::y\r\n##[group]z')`)
    expect(stdout).toBe('Cloudflare said: no\n: :stop-commands::x\n  : :error::y\r\n## [group]z\n')
  })

  it('leaves colons alone that command nothing', () => {
    expect(play(`runner.log('a::b at 12:30:01, C::D')`).stdout).toBe('a::b at 12:30:01, C::D\n')
  })

  it('keeps an annotation one line, whatever its message holds', () => {
    const { stdout } = play(String.raw`runner.annotate({ level: 'error', title: 'a,b', message: 'one\n::error::two' })`)
    expect(stdout).toBe('::error title=a%2Cb::one%0A::error::two\n')
  })

  it('masks each line of a secret', () => {
    expect(play(String.raw`maskInLog('first\n\nsecond')`).stdout).toBe('::add-mask::first\n::add-mask::second\n')
  })
})

it('lets no secret through any door', () => {
  const { stdout, file } = play(`
    runner.log('hunter22'); runner.warn('hunter22'); runner.annotate({ level: 'error', title: 'hunter22', message: 'hunter22' })
    runner.setOutputs({ result: 'hunter22' }); runner.writeSummary('hunter22')`)
  for (const text of [stdout, file('OUTPUT'), file('STEP_SUMMARY')]) {
    expect(text).toContain('***')
    expect(text).not.toContain('hunter22')
  }
})

it('keeps state as it is: the record redacts what enters it, and a secret that is a common word must not break a journal', () => {
  expect(play(`runner.saveState('journal', '{"plan":"hunter22"}')`).file('STATE')).toContain('{"plan":"hunter22"}')
})

it('reads in post what main has saved', () => {
  expect(play(`runner.log(runner.readState('journal'))`).stdout).toBe('from main\n')
})

it('goes on without a summary when there is no place for one', () => {
  const { stdout } = play(`process.env.GITHUB_STEP_SUMMARY = '/nowhere/at/all'; runner.writeSummary('x'); runner.log('still here')`)
  expect(stdout).toMatch(/^::warning::The summary could not be written: .*\nstill here\n$/)
})
