import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readCounts, readSetup } from '../../src/core/metrics/command-output.ts'
import { redactorFor } from '../../src/core/redact.ts'
import { versionIdSchema } from '../../src/core/schemas.ts'
import { commandSource } from '../../src/inputs/metrics/command.ts'
import type { Clock } from '../../src/shell/clock.ts'
import { connectCommand } from '../../src/shell/metrics/command.ts'
import { guarded } from '../../src/shell/metrics/guarded-source.ts'
import { ANOTHER, WANTED } from '../core/check-samples.ts'

const NOW = Date.UTC(2026, 10, 23, 14)
const SECRET = 'tell-nobody-0123456789'
const CANDIDATE = versionIdSchema.parse(WANTED)
const BASELINE = versionIdSchema.parse(ANOTHER)
const question = { script: 'shop', candidate: CANDIDATE, baseline: BASELINE, interval: { fromMs: NOW - 120_000, toMs: NOW - 60_000 }, sinceMs: NOW - 600_000, thresholds: { slow: 250, 'probe-slow': 9 } }

let workspace: string
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'metrics-command-'))
})
afterEach(() => rmSync(workspace, { recursive: true }))

/** Node as the program, since every machine of the tests has it. */
const node = (script: string): readonly string[] => [process.execPath, '-e', script]
const prints = (document: unknown) => node(`console.log(${JSON.stringify(JSON.stringify(document))})`)
const counts = (total: number, bad: number) => ({ total, bad })
/** Nobody failed. */
const quiet = (candidate: number, baseline: number) => prints({ ...INTERVAL, metrics: { errors: { candidate: counts(candidate, 0), baseline: counts(baseline, 0) } } })
const INTERVAL = { from: '2026-11-23T13:58:00.000Z', to: '2026-11-23T13:59:00.000Z' }
const LAST_HOUR = { from: '2026-11-23T12:59:00.000Z', to: '2026-11-23T13:59:00.000Z' }
const GOOD = { ...INTERVAL, metrics: { errors: { candidate: counts(100, 7), baseline: counts(900, 2) } } }

function connect(run: readonly string[], over: Record<string, unknown> = {}, signal = new AbortController().signal) {
  const clock: Clock = { now: () => NOW, sleep: () => Promise.resolve() }
  const commands = { workspace, variables: { PATH: process.env['PATH'], GITHUB_TOKEN: 'ghs', CLOUDFLARE_API_TOKEN: 'x' }, redact: redactorFor([SECRET], (text) => Buffer.from(text).toString('base64')) }
  const metrics = [{ name: 'errors' }, { name: 'slow', kind: 'latency' }]
  return guarded(connectCommand(commandSource.parse({ kind: 'command', run, metrics, ...over }), { commands, clock, signal }))
}
const count = (run: readonly string[], over: Record<string, unknown> = {}, signal?: AbortSignal) => connect(run, over, signal).count(question)
const prepare = (run: readonly string[], over: Record<string, unknown> = {}) => connect(run, over).prepare({ script: 'shop', baseline: BASELINE, nowMs: NOW })

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

describe('counts that a program prints', () => {
  it('are taken as they stand, and what it leaves out is left out', async () => {
    expect(await count(prints(GOOD))).toEqual({ kind: 'ok', metrics: GOOD.metrics })
  })

  it('are those of the versions, the script and the interval that it is told, by its own thresholds', async () => {
    const run = node(`require('fs').writeFileSync('seen.json', JSON.stringify(process.env)); console.log(${JSON.stringify(JSON.stringify(GOOD))})`)
    expect(await count(run, { env: { COUNTS_TOKEN: SECRET } })).toMatchObject({ kind: 'ok' })
    const { __CF_USER_TEXT_ENCODING: _, ...seen } = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(join(workspace, 'seen.json'), 'utf8')))
    expect(seen).toEqual({
      PATH: process.env['PATH'], CI: 'true', NO_COLOR: '1', COUNTS_TOKEN: SECRET,
      SLEEPWELL_PHASE: 'count', SLEEPWELL_SCRIPT: 'shop', SLEEPWELL_CANDIDATE: WANTED, SLEEPWELL_BASELINE: ANOTHER,
      SLEEPWELL_FROM: '2026-11-23T13:58:00.000Z', SLEEPWELL_TO: '2026-11-23T13:59:00.000Z', SLEEPWELL_THRESHOLDS: '{"slow":250}',
      SLEEPWELL_SINCE: '2026-11-23T13:50:00.000Z', SLEEPWELL_ALONE: 'false',
    })
  })

  it('leave out a metric of which nobody was served, and are not mixed with what it complains of', async () => {
    const document = { ...INTERVAL, metrics: { ...GOOD.metrics, slow: { candidate: counts(0, 0), baseline: counts(0, 0) } } }
    const run = node(`console.error('careful'); console.log(${JSON.stringify(JSON.stringify(document, undefined, 2))})`)
    expect(await count(run)).toEqual({ kind: 'ok', metrics: GOOD.metrics })
  })

  it.each<[string, readonly string[], RegExp]>([
    ['prints nothing', node(''), /one JSON document/],
    ['prints two documents', node('console.log("{}"); console.log("{}")'), /one JSON document/],
    ['prints a log line before', node(`console.log('counting'); console.log(${JSON.stringify(JSON.stringify(GOOD))})`), /one JSON document/],
    ['prints a list', prints([1]), /not as expected/],
    ['prints no metric', prints({ ...INTERVAL, metrics: {} }), /it told no metric/],
    ['names a metric that nobody declared', prints({ ...INTERVAL, metrics: { ...GOOD.metrics, erors: GOOD.metrics.errors } }), /erors/],
    ['says more than it should', prints({ ...GOOD, rate: 0.1 }), /rate/],
    ['leaves out a version', prints({ ...INTERVAL, metrics: { errors: { candidate: counts(1, 0) } } }), /metrics\.errors\.baseline/],
    ['prints rates', prints({ ...INTERVAL, metrics: { errors: { candidate: counts(10, 0.7), baseline: counts(9, 0) } } }), /metrics\.errors\.candidate\.bad/],
    ['prints text for numbers', prints({ ...INTERVAL, metrics: { errors: { candidate: { total: '10', bad: 0 }, baseline: counts(9, 0) } } }), /metrics\.errors\.candidate\.total/],
    ['counts more bad than all', prints({ ...INTERVAL, metrics: { errors: { candidate: counts(1, 2), baseline: counts(9, 0) } } }), /more bad than there were in all/],
    ['counts below zero', prints({ ...INTERVAL, metrics: { errors: { candidate: counts(1, -2), baseline: counts(9, 0) } } }), /metrics\.errors\.candidate\.bad/],
    ['does not say which interval it counted', prints({ metrics: GOOD.metrics }), /does not repeat SLEEPWELL_FROM/],
    ['says so of half of it', prints({ from: INTERVAL.from, metrics: GOOD.metrics }), /does not repeat SLEEPWELL_FROM/],
    ['prints the document of an earlier poll', prints({ ...GOOD, from: '2026-11-23T13:57:00.000Z', to: INTERVAL.from }), /it counted 2026-11-23T13:57.* and was asked about 2026-11-23T13:58/],
    ['prints a longer interval', prints({ ...GOOD, from: '2026-11-23T13:00:00.000Z' }), /was asked about/],
    ['says that it does not know', prints({ unknown: `the store is down, ${SECRET}` }), /^command: the store is down, \*\*\*$/],
    ['fails, though it printed counts', node(`console.log(${JSON.stringify(JSON.stringify(GOOD))}); console.error('no route to ${SECRET}'); process.exitCode = 3`), /^command: exit code 3: no route to \*\*\*$/],
    ['is killed', node(`process.kill(process.pid, 'SIGKILL')`), /ended by SIGKILL/],
    ['is not there', ['no-such-program'], /there is no program no-such-program here/],
  ])('are unknown where it %s', async (_, run, message) => {
    expect(await count(run)).toEqual({ kind: 'unknown', message: expect.stringMatching(message) })
  })

  it('are unknown where it floods, even if it ends by itself', async () => {
    expect(await count(node(`console.log(' '.repeat(1_100_000) + ${JSON.stringify(JSON.stringify(GOOD))})`))).toEqual({ kind: 'unknown', message: 'command: it printed more than 1 MiB, so it was ended' })
    expect(await count(node(`const more = () => process.stdout.write('x'.repeat(65536), more); more()`))).toEqual({ kind: 'unknown', message: 'command: it printed more than 1 MiB, so it was ended' })
  })

  it('are unknown where it takes too long, and its whole process group is ended', async () => {
    writeFileSync(join(workspace, 'child.cjs'), `require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000)`)
    const run = node(`require('child_process').spawn(process.execPath, ['child.cjs'], { stdio: 'inherit' }); console.log(${JSON.stringify(JSON.stringify(GOOD))}); setInterval(() => {}, 1000)`)
    expect(await count(run, { timeoutSeconds: 1.5 })).toEqual({ kind: 'unknown', message: 'command: it did not end within 1.5 s, so it was ended' })
    expect(await isDead(Number(readFileSync(join(workspace, 'pid'), 'utf8')))).toBe(true)
  })

  it('are a lull where a version served nobody, unless it is the baseline and the candidate serves everybody', async () => {
    expect(await count(quiet(0, 0))).toEqual({ kind: 'silent', message: 'command: no request of the candidate or the baseline was counted' })
    expect(await count(quiet(0, 9))).toEqual({ kind: 'silent', message: 'command: no request of the candidate was counted' })
    expect(await count(quiet(9, 0))).toMatchObject({ kind: 'silent' })
    expect(await connect(node(`if (process.env.SLEEPWELL_ALONE !== 'true') process.exit(9); ${quiet(9, 0).at(-1) ?? ''}`)).count({ ...question, isAlone: true })).toMatchObject({ kind: 'ok' })
    expect(await connect(quiet(0, 0)).count({ ...question, isAlone: true })).toMatchObject({ kind: 'silent' })
  })

  it('are silent before the interval is complete', async () => {
    expect(await count(prints(GOOD), { lagSeconds: 61 })).toEqual({ kind: 'silent', message: 'command: the interval is complete only at 2026-11-23T14:00:01.000Z' })
  })

  it('are unknown once the rollout is stopped, and outside the repository', async () => {
    expect(await count(prints(GOOD), {}, AbortSignal.abort())).toEqual({ kind: 'unknown', message: 'command: stopped before it had ended' })
    symlinkSync('/', join(workspace, 'out'))
    expect(await count(prints(GOOD), { workingDirectory: 'out' })).toEqual({ kind: 'unknown', message: 'command: the repository has no folder out' })
  })
})

describe('a program before the first step', () => {
  it('tells what is usual and what is slow, over the last hour and without a candidate', async () => {
    const run = node(`
      const { SLEEPWELL_PHASE: phase, SLEEPWELL_CANDIDATE: candidate, SLEEPWELL_FROM: from, SLEEPWELL_TO: to } = process.env
      if (phase !== 'prepare' || candidate !== '' || from !== '2026-11-23T12:59:00.000Z' || to !== '2026-11-23T13:59:00.000Z' || process.env.SLEEPWELL_SINCE !== '') process.exit(9)
      console.log(JSON.stringify({ from, to, metrics: { errors: { baseline: { total: 5000, bad: 5 } } }, thresholds: { slow: 250 } }))`)
    expect(await prepare(run)).toMatchObject({
      kind: 'ok',
      thresholds: { slow: 250 },
      metrics: [{ name: 'errors', kind: 'errors', margin: 1, usual: { total: 5000, bad: 5 } }, { name: 'slow', kind: 'latency', margin: 1.25 }],
    })
  })

  it('need not know what is usual', async () => {
    const prepared = await prepare(prints({ ...LAST_HOUR, metrics: { errors: { baseline: counts(0, 0) } }, thresholds: { slow: 250 } }))
    expect(prepared).toMatchObject({ kind: 'ok', thresholds: { slow: 250 } })
    expect(JSON.stringify(prepared)).not.toContain('usual')
  })

  it('need freeze nothing where nothing is slow', async () => {
    expect(await prepare(prints({ ...LAST_HOUR, metrics: {} }), { metrics: [{ name: 'errors' }] })).toMatchObject({ kind: 'ok', thresholds: {} })
  })

  it.each<[string, readonly string[], RegExp]>([
    ['fails', node('process.exit(1)'), /exit code 1/],
    ['prints counts', prints(GOOD), /not as expected/],
    ['freezes no threshold for a metric of kind latency', prints({ ...LAST_HOUR, metrics: {} }), /no threshold for slow, of kind latency/],
    ['freezes zero', prints({ ...LAST_HOUR, metrics: {}, thresholds: { slow: 0 } }), /thresholds\.slow/],
    ['freezes what nobody declared', prints({ ...LAST_HOUR, metrics: {}, thresholds: { slow: 250, fast: 1 } }), /fast/],
    ['prints another hour', prints({ ...INTERVAL, metrics: {}, thresholds: { slow: 250 } }), /was asked about/],
    ['does not know', prints({ unknown: 'not today' }), /not today/],
  ])('is refused where it %s', async (_, run, problem) => {
    expect(await prepare(run)).toMatchObject({ kind: 'refused', problem: expect.stringMatching(problem), remedy: expect.stringContaining('SLEEPWELL_PHASE=prepare') })
  })
})

describe('what a program prints', () => {
  it('cannot reach a prototype', () => {
    expect(readCounts('{"metrics":{"__proto__":{"candidate":{"total":1,"bad":0},"baseline":{"total":1,"bad":0}}}}', ['errors'], INTERVAL).kind).toBe('unknown')
    expect(readSetup('{"metrics":{"constructor":{"baseline":{"total":1,"bad":0}}}}', { names: ['errors'], frozen: [] }, LAST_HOUR).kind).toBe('unknown')
  })
})

describe('a program of counts in sleepwell.yml', () => {
  it('has defaults for everything but what to run', () => {
    expect(commandSource.parse({ kind: 'command', run: ['./counts'] })).toEqual({
      kind: 'command', name: 'command', acts: true, margin: 1, slowMargin: 1.25, tolerance: 2, lagSeconds: 60, run: ['./counts'], workingDirectory: '.', env: {},
      metrics: [{ name: 'errors', kind: 'errors', unit: 'request' }], timeoutSeconds: 30,
    })
  })

  it.each([[{ run: [] }], [{ env: { SLEEPWELL_FROM: 'x' } }], [{ workingDirectory: '../x' }], [{ metrics: [{ name: 'a' }, { name: 'a' }] }], [{ metrics: [] }], [{ timeoutSeconds: 301 }], [{ tolerance: 1 }], [{ proof: 'none' }]])('refuses %j', (over) => {
    expect(commandSource.safeParse({ kind: 'command', run: ['./counts'], ...over }).success).toBe(false)
  })
})
