import { describe, expect, it } from 'vitest'
import { commandCheck } from '../../src/inputs/checks/command.ts'
import { specOf } from '../../src/inputs/check-specs.ts'
import { judgeCommand, versionSaidIn, type CommandCheckSpec, type CommandFacts } from '../../src/core/checks/command.ts'
import { ANOTHER, WANTED } from './check-samples.ts'

const spec: CommandCheckSpec = { kind: 'command', name: 'e2e', run: ['x'], workingDirectory: '.', env: {}, passExitCodes: [0, 2], proof: { kind: 'none' }, timeoutSeconds: 60, deadlineSeconds: 130 }
const said = { tail: '', versions: [] }
const exited = (code: number, versions: readonly string[] = []): CommandFacts => ({ kind: 'exited', code, tail: '', versions })

describe('what a command came to', () => {
  it.each<[string, CommandFacts, object]>([
    ['passes unproven', exited(0), { kind: 'unproven' }],
    ['passes with another code that may pass', exited(2), { kind: 'unproven' }],
    ['passes proven', exited(0, [WANTED]), { kind: 'passed', answeredBy: WANTED }],
    ['fails by its code', exited(1), { kind: 'failed', expectation: 'exit code 0 or 2', seen: 'exit code 1; no output', isProven: true }],
    ['fails by its code, proven', exited(1, [WANTED]), { kind: 'failed', expectation: 'exit code 0 or 2', seen: 'exit code 1; no output', isProven: true }],
    ['fails by a signal', { ...said, kind: 'exited', code: -1, signal: 'SIGSEGV' }, { kind: 'failed', expectation: 'exit code 0 or 2', seen: 'ended by SIGSEGV; no output', isProven: true }],
    ['tested another version', exited(1, [WANTED, ANOTHER]), { kind: 'wrong-version', answeredBy: ANOTHER }],
    ['hung on another version', { kind: 'timed-out', limitMs: 60_000, tail: '', versions: [ANOTHER] }, { kind: 'wrong-version', answeredBy: ANOTHER }],
    ['hung', { ...said, kind: 'timed-out', limitMs: 60_000 }, { kind: 'failed', expectation: 'an end within 60 s', seen: 'still running, so it was ended; no output', isProven: true }],
    ['was cut off by the round', { ...said, kind: 'timed-out', limitMs: 59_000 }, { kind: 'unreachable', seen: 'not ended before the deadline; no output' }],
    ['was stopped', { kind: 'stopped' }, { kind: 'unreachable', seen: 'stopped before the program had ended' }],
  ])('%s', (_, facts, attempt) => {
    expect(judgeCommand(spec, facts, WANTED)).toEqual(attempt)
  })

  it('passes by whichever version it names where any may answer', () => {
    expect(judgeCommand(spec, exited(0, [ANOTHER]), undefined)).toEqual({ kind: 'passed', answeredBy: ANOTHER })
  })
})

const file = (over: object) => commandCheck.safeParse({ name: 'e2e', kind: 'command', run: ['true'], ...over })
const deadlineOf = (over: object, deadlineSeconds?: number) => specOf(commandCheck.parse({ name: 'e2e', kind: 'command', run: ['true'], ...over }), { proof: undefined, ...(deadlineSeconds === undefined ? {} : { deadlineSeconds }) }).deadlineSeconds

describe('a command in the file', () => {
  it('may take a minute, and is given time to be run once more', () => {
    expect(file({}).data).toMatchObject({ timeoutSeconds: 60, passExitCodes: [0], workingDirectory: '.', env: {} })
    expect(deadlineOf({})).toBe(130)
    expect(deadlineOf({ timeoutSeconds: 5 })).toBe(60)
    expect(deadlineOf({ timeoutSeconds: 5 }, 180)).toBe(180)
    expect(deadlineOf({ timeoutSeconds: 900 })).toBe(900)
    expect(deadlineOf({ timeoutSeconds: 300, deadlineSeconds: 200 })).toBe(200)
    expect(file({ timeoutSeconds: 901 }).success).toBe(false)
  })

  it.each(['e2e', './e2e', 'a/b..c', '.', '..a', 'a/...'])('may run in %s', (workingDirectory) => {
    expect(file({ workingDirectory }).success).toBe(true)
  })

  it.each(['/tmp', '..', '../x', 'a/../../x', 'a/..', 'a\\..', ''])('may not run in %s', (workingDirectory) => {
    expect(file({ workingDirectory }).success).toBe(false)
  })

  it.each(['GITHUB_TOKEN', 'ACTIONS_RUNTIME_TOKEN', 'INPUT_X', 'RUNNER_TEMP', 'SLEEPWELL_URL', '1A', 'A-B', ''])('may set no variable %s', (name) => {
    expect(file({ env: { MY_TOKEN: 'x' } }).success).toBe(true)
    expect(file({ env: { [name]: 'x' } }).success).toBe(false)
  })

  it('takes nothing that no program can be given', () => {
    for (const over of [{ run: [] }, { run: 'true' }, { run: ['a\0b'] }, { env: { A: 'b\0c' } }, { proof: 'none' }]) expect(file(over).success).toBe(false)
  })
})

describe('a line that names a version', () => {
  it.each([
    [`sleepwell-version: ${WANTED}`, WANTED],
    [`Sleepwell-Version:${WANTED.toUpperCase()}  `, WANTED],
    [` sleepwell-version: ${WANTED}`, undefined],
    [`sleepwell-version: ${WANTED} and more`, undefined],
    ['sleepwell-version: ', undefined],
    [`sleepwell-version: ${'a'.repeat(101)}`, undefined],
  ])('%s', (line, version) => {
    expect(versionSaidIn(line)).toBe(version)
  })
})
