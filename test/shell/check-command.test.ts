import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { CommandCheckSpec } from '../../src/core/checks/command.ts'
import { redactorFor } from '../../src/core/redact.ts'
import { versionIdSchema } from '../../src/core/schemas.ts'
import type { Asking, CommandSurroundings } from '../../src/shell/checks/asking.ts'
import { attemptCommand } from '../../src/shell/checks/command.ts'
import { ANOTHER, WANTED } from '../core/check-samples.ts'

let workspace: string
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'check-command-'))
})
afterEach(() => rmSync(workspace, { recursive: true }))

const SECRET = 'tell-nobody-0123456789'
const override = { versionId: versionIdSchema.parse(WANTED), via: { kind: 'override', scriptName: 'shop' } } as const

function commandCheck(over: Partial<CommandCheckSpec> = {}): CommandCheckSpec {
  return { kind: 'command', name: 'e2e', run: ['true'], workingDirectory: '.', env: {}, passExitCodes: [0], proof: { kind: 'none' }, timeoutSeconds: 20, deadlineSeconds: 60, ...over }
}

/** Node as the program, since every machine of the tests has it. */
const node = (script: string): readonly string[] => [process.execPath, '-e', script]

function attempt(spec: CommandCheckSpec, over: Partial<Asking> = {}, variables: CommandSurroundings['variables'] = { PATH: process.env['PATH'] }) {
  const asking = { baseUrl: new URL('https://shop.example.com/app/'), subject: override, limitMs: spec.timeoutSeconds * 1000, signal: new AbortController().signal, ...over }
  return attemptCommand(spec, asking, { workspace, variables, redact: redactorFor([SECRET], (text) => Buffer.from(text).toString('base64')) })
}

/** Killed and not yet buried, or gone. */
async function isDead(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      if (/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return true
    } catch {
      return true
    }
    await sleep(20)
  }
  return false
}

describe('a command as a check', () => {
  it('passes unproven by its exit code alone, and proven by naming the version', async () => {
    expect(await attempt(commandCheck())).toEqual({ kind: 'unproven' })
    expect(await attempt(commandCheck({ run: node(`console.log('sleepwell-version: ' + process.env.SLEEPWELL_VERSION_ID.toUpperCase())`) }))).toEqual({ kind: 'passed', answeredBy: WANTED })
    expect(await attempt(commandCheck({ run: ['sh', '-c', 'exit 3'], passExitCodes: [0, 3] }))).toEqual({ kind: 'unproven' })
  })

  it('counts for nothing when it named another version, even once and even if it failed', async () => {
    const run = node(`console.log('sleepwell-version: ${WANTED}\\nsleepwell-version: ${ANOTHER}'); process.exit(1)`)
    expect(await attempt(commandCheck({ run }))).toEqual({ kind: 'wrong-version', answeredBy: ANOTHER })
  })

  it('takes no proof from its errors, nor from the middle of a line', async () => {
    const run = node(`console.error('sleepwell-version: ${ANOTHER}'); console.log('saw sleepwell-version: ${ANOTHER}')`)
    expect(await attempt(commandCheck({ run }))).toEqual({ kind: 'unproven' })
  })

  it('fails with its exit code and the end of what it said', async () => {
    const run = node(`console.log('checking'); console.error('\\u001b[31mno cart\\u001b[0m'); process.exitCode = 4`)
    expect(await attempt(commandCheck({ run }))).toEqual({ kind: 'failed', expectation: 'exit code 0', seen: expect.stringMatching(/^exit code 4; the end of its output:\n(checking\nno cart|no cart\nchecking)$/), isProven: true })
    expect(await attempt(commandCheck({ run: node(`process.kill(process.pid, 'SIGKILL')`) }))).toMatchObject({ kind: 'failed', seen: 'ended by SIGKILL; no output' })
  })

  it('is told whom to ask and how, and gets nothing of the runner', async () => {
    const variables = {
      PATH: process.env['PATH'], HOME: '/home/runner', LANG: 'C.UTF-8', GITHUB_TOKEN: 'ghs', GITHUB_OUTPUT: '/x', ACTIONS_RUNTIME_TOKEN: 'x', 'INPUT_CLOUDFLARE-API-TOKEN': 'x', CLOUDFLARE_API_TOKEN: 'x', CHECK_SECRETS: 'x', NODE_OPTIONS: '--no-warnings', LD_PRELOAD: '',
    }
    const run = node(`require('fs').writeFileSync('seen.json', JSON.stringify(process.env))`)
    await attempt(commandCheck({ run, env: { E2E_PASSWORD: SECRET, SLEEPWELL_URL: 'ours wins' } }), {}, variables)
    const seen = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(join(workspace, 'seen.json'), 'utf8')))
    // What a machine's own libc or shell puts in besides is no matter; each of ours is named here.
    expect(seen).toEqual({
      PATH: process.env['PATH'], HOME: '/home/runner', LANG: 'C.UTF-8', CI: 'true', NO_COLOR: '1', E2E_PASSWORD: SECRET,
      SLEEPWELL_URL: 'https://shop.example.com/app/',
      SLEEPWELL_OVERRIDE_HEADER: `Cloudflare-Workers-Version-Overrides: shop="${WANTED}"`,
      SLEEPWELL_VERSION_ID: WANTED,
    })
  })

  it('is given no header once the version serves everybody, and no version where any may answer', async () => {
    const run = node(`const { SLEEPWELL_OVERRIDE_HEADER: header, SLEEPWELL_VERSION_ID: id } = process.env; console.log(JSON.stringify({ header, id })); process.exit(1)`)
    expect(await attempt(commandCheck({ run }), { subject: { ...override, via: { kind: 'plain' } } })).toMatchObject({ seen: expect.stringContaining(`{"header":"","id":"${WANTED}"}`) })
    expect(await attempt(commandCheck({ run }), { subject: { via: { kind: 'plain' } } })).toMatchObject({ seen: expect.stringContaining('{"header":"","id":""}') })
  })

  it('runs in its folder, which a link cannot move out of the repository', async () => {
    mkdirSync(join(workspace, 'e2e'))
    symlinkSync('/', join(workspace, 'out'))
    const run = node('console.log(process.cwd()); process.exit(1)')
    expect(await attempt(commandCheck({ run, workingDirectory: 'e2e' }))).toMatchObject({ seen: expect.stringMatching(/check-command-\w+\/e2e$/) })
    for (const workingDirectory of ['out/tmp', 'nowhere', '..']) {
      expect(await attempt(commandCheck({ run, workingDirectory }))).toMatchObject({ kind: 'failed', seen: `the repository has no folder ${workingDirectory}`, isDefinite: true })
    }
  })

  it('is no shell', async () => {
    const run = [...node('console.log(process.argv[1]); process.exit(1)'), '$(id) && `id` > x; *']
    expect(await attempt(commandCheck({ run }))).toMatchObject({ seen: expect.stringContaining('$(id) && `id` > x; *') })
  })

  it('says when there is no such program, or it may not be run, or it can be given no such argument', async () => {
    writeFileSync(join(workspace, 'plain.sh'), 'echo')
    chmodSync(join(workspace, 'plain.sh'), 0o644)
    expect(await attempt(commandCheck({ run: ['no-such-program'] }))).toEqual({ kind: 'failed', expectation: 'a program that can be started', seen: 'there is no program no-such-program here', isProven: true, isDefinite: true })
    expect(await attempt(commandCheck({ run: ['./plain.sh'] }))).toMatchObject({ seen: './plain.sh may not be run: is it executable?' })
    expect(await attempt(commandCheck({ run: ['true', 'x'.repeat(3_000_000)] }))).toMatchObject({ kind: 'failed', seen: expect.stringContaining('E2BIG') })
    expect(await attemptCommand(commandCheck(), { baseUrl: new URL('https://a.example'), subject: override, limitMs: 1000, signal: new AbortController().signal }, undefined)).toMatchObject({ kind: 'failed', isDefinite: true })
  })
})

describe('a hostile command', () => {
  it('that ignores SIGTERM, and its grandchild that does too, are killed at the limit', async () => {
    const grandchild = `process.on('SIGTERM', () => {}); require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000)`
    const run = node(`process.on('SIGTERM', () => console.log('no')); require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' }); console.log('waiting'); setInterval(() => {}, 1000)`)
    expect(await attempt(commandCheck({ run, timeoutSeconds: 4 }))).toEqual({ kind: 'failed', expectation: 'an end within 4 s', seen: 'still running, so it was ended; the end of its output:\nwaiting\nno', isProven: true })
    expect(await isDead(Number(readFileSync(join(workspace, 'pid'), 'utf8')))).toBe(true)
  })

  it('that leaves a grandchild behind holds nobody up', async () => {
    const grandchild = `require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000)`
    const run = node(`require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' }); const wait = setInterval(() => { if (require('fs').existsSync('pid')) process.exit(0) }, 10)`)
    expect(await attempt(commandCheck({ run }))).toEqual({ kind: 'unproven' })
    expect(await isDead(Number(readFileSync(join(workspace, 'pid'), 'utf8')))).toBe(true)
  })

  it('that escapes its group and keeps the output open holds nobody up', async () => {
    const run = node(`const c = require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20000)'], { stdio: 'inherit', detached: true }); c.unref(); require('fs').writeFileSync('pid', String(c.pid))`)
    expect(await attempt(commandCheck({ run }))).toEqual({ kind: 'unproven' })
    process.kill(Number(readFileSync(join(workspace, 'pid'), 'utf8')))
  })

  it.each([
    ['lines', `'flood\\n'.repeat(10000)`],
    ['one line', `'flood '.repeat(10000)`],
  ])('that prints %s without end is ended, and little of it is kept', async (_, chunk) => {
    const run = node(`const write = () => { while (process.stdout.write(${chunk})); process.stdout.once('drain', write) }; write()`)
    const failed = await attempt(commandCheck({ run }))
    expect(failed).toMatchObject({ kind: 'failed', expectation: 'at most 32 MiB of output', isProven: true })
    expect(failed.kind === 'failed' ? failed.seen.length : 0).toBeLessThan(2200)
  })

  it('that prints secrets has them hidden before the output is cut, at whatever place', async () => {
    for (const after of [2030, 2040, 2046]) {
      const run = node(`console.log(process.env.TOKEN + 'x'.repeat(${after})); process.exit(1)`)
      const failed = await attempt(commandCheck({ run, env: { TOKEN: SECRET } }))
      expect(failed).toMatchObject({ kind: 'failed', seen: expect.not.stringMatching(/nobody|456789/) })
    }
    const coloured = node(`const [a, b] = [process.env.TOKEN.slice(0, 9), process.env.TOKEN.slice(9)]; console.log(a + '\\u001b[32m' + b); process.exit(1)`)
    expect(await attempt(commandCheck({ run: coloured, env: { TOKEN: SECRET } }))).toMatchObject({ seen: 'exit code 1; the end of its output:\n***' })
  })

  it('is ended when the rollout stops, and not started after', async () => {
    const stop = new AbortController()
    const run = node(`require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000)`)
    const running = attempt(commandCheck({ run }), { signal: stop.signal })
    for (;;) {
      try {
        if (readFileSync(join(workspace, 'pid'), 'utf8') !== '') break
      } catch {
        await sleep(10)
      }
    }
    stop.abort()
    expect(await running).toEqual({ kind: 'unreachable', seen: 'stopped before the program had ended' })
    expect(await isDead(Number(readFileSync(join(workspace, 'pid'), 'utf8')))).toBe(true)
    expect(await attempt(commandCheck(), { signal: stop.signal })).toMatchObject({ kind: 'unreachable' })
  })

  it('says little about the Worker when the round’s deadline came first', async () => {
    const run = node('setInterval(() => {}, 1000)')
    expect(await attempt(commandCheck({ run }), { limitMs: 300 })).toEqual({ kind: 'unreachable', seen: 'not ended before the deadline; no output' })
  })
})
