import { describe, expect, it } from 'vitest'
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
