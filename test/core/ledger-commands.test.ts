import { describe, expect, it } from 'vitest'
import type { WorkflowRun } from '../../src/core/gate.ts'
import {
  announcedPercent,
  chooseCommand,
  commandsAimedAt,
  exitCodeOfSteered,
  formatAnswer,
  formatProgress,
  isByAPerson,
  isOpen,
  isSameEntry,
  readAnswer,
  readEntries,
  steerCommandOf,
  taskOf,
  type Entry,
  type PayloadOf,
  type Situation,
  type SteerCommand,
} from '../../src/core/ledger.ts'
import type { Steering } from '../../src/core/steering.ts'
import { deployEntry, deployPayload, key, markerOf, rawEntry, sha, version } from './ledger-samples.ts'

const STEER_RUN = 50
const steerWorkflow = '.github/workflows/steer.yml'
const repository = { id: 7, defaultBranch: 'main' }

function payload(change: Partial<PayloadOf<'command'>> = {}): PayloadOf<'command'> {
  const { policy: _, preflight: __, ...base } = deployPayload(STEER_RUN)
  return { ...base, caller: steerWorkflow, kind: 'command', command: 'pause', aimedAt: { runId: 3, runAttempt: 1 }, actor: 'ada', reason: 'the graphs', ...change }
}

function entry(id: number, change: Partial<PayloadOf<'command'>> = {}): Entry<PayloadOf<'command'>> {
  return { id, payload: payload(change), statuses: [] }
}

const run: WorkflowRun = {
  id: STEER_RUN,
  runNumber: 1,
  attempt: 1,
  path: steerWorkflow,
  headSha: sha(),
  headBranch: 'main',
  event: 'workflow_dispatch',
  headRepositoryId: 7,
  status: 'in_progress',
  conclusion: null,
  url: 'https://github.example/run/50',
  startedBy: 'ada',
}

describe('a command in the ledger', () => {
  it('has a task of its own, so that nobody takes it for a deploy', () => {
    expect(taskOf('command', 'shop')).toBe('sleepwell-command/shop')
    const raw = rawEntry({ task: taskOf('command', 'shop'), payload: payload() })
    expect(readEntries('command', key, [raw])).toHaveLength(1)
    expect(readEntries('deploy', key, [raw])).toEqual([])
  })

  it.each([
    ['a person', { creator: 'mona' }],
    ['another app', { creator: 'tide[bot]' }],
    ['another task', { task: taskOf('deploy', 'shop') }],
    ['an unknown word', { payload: { ...payload(), command: 'explode' } }],
    ['another Worker', { payload: payload({ worker: 'mail' }) }],
  ])('does not count when it is of %s', (_, change) => {
    expect(readEntries('command', key, [rawEntry({ task: taskOf('command', 'shop'), payload: payload(), ...change })])).toEqual([])
  })

  it('is for one attempt of one run, and is read in the order in which it was given', () => {
    const entries = [entry(12), entry(11, { command: 'resume' }), entry(10, { aimedAt: { runId: 4, runAttempt: 1 } }), entry(9, { aimedAt: { runId: 3, runAttempt: 2 } })]
    expect(commandsAimedAt(markerOf(3), entries).map(({ id }) => id)).toEqual([11, 12])
    expect(commandsAimedAt(markerOf(3, 'rollback'), entries)).toEqual([])
  })

  it('is found again after a lost reply only if it says the same', () => {
    expect(isSameEntry(payload(), payload())).toBe(true)
    expect(isSameEntry(payload(), payload({ command: 'abort' }))).toBe(false)
  })
})

describe('who is believed', () => {
  it('is a person whose run was started by hand on the default branch and waits for the answer', () => {
    expect(isByAPerson(entry(1), run, repository)).toBe(true)
  })

  it.each<readonly [string, Partial<WorkflowRun>]>([
    ['has ended, so that it was cancelled or gave up', { status: 'completed', conclusion: 'cancelled' }],
    ['is on another branch', { headBranch: 'feature' }],
    ['is of a fork', { headRepositoryId: 8 }],
    ['is of another workflow', { path: '.github/workflows/ci.yml' }],
    ['was not started by hand', { event: 'push' }],
    ['is at another attempt', { attempt: 2 }],
  ])('is nobody whose run %s', (_, change) => {
    expect(isByAPerson(entry(1), { ...run, ...change }, repository)).toBe(false)
  })

  it('is nobody whose run does not exist, and no rollout speaks to itself', () => {
    expect(isByAPerson(entry(1), undefined, repository)).toBe(false)
    expect(isByAPerson(entry(1, { aimedAt: { runId: STEER_RUN, runAttempt: 1 } }), run, repository)).toBe(false)
  })

  it('is called what GitHub calls the person, whatever the entry says', () => {
    expect(steerCommandOf(entry(1, { actor: 'the director' }), run)).toEqual({ id: 1, command: 'pause', actor: 'ada', reason: 'the graphs' })
    const { startedBy: _, ...gone } = run
    expect(steerCommandOf(entry(1), gone).actor).toBe('ada')
  })
})

const say = (id: number, command: Steering, atPercent?: number): SteerCommand => ({ id, command, actor: 'ada', reason: 'why', ...(atPercent === undefined ? {} : { atPercent }) })
/** At 10 %, before a step that wants an approval. */
const situation: Situation = { percent: 10, next: { percent: 50, soakSeconds: 0, leastRequests: 0, approval: true }, isGoingBack: false, isPaused: false, isApproved: false }
const whyNot = (command: Steering, change: Partial<Situation>) => chooseCommand([say(1, command)], { ...situation, ...change }).turnDown[0]?.why
const chosen = (commands: readonly SteerCommand[], change: Partial<Situation> = {}) => {
  const { take, turnDown } = chooseCommand(commands, { ...situation, ...change })
  return [take?.id, turnDown.map(({ command }) => command.id)]
}

describe('of the commands of one look', () => {
  it('none is taken when there is none', () => {
    expect(chosen([])).toEqual([undefined, []])
  })

  it('the oldest is taken, and the others wait for the next look', () => {
    expect(chosen([say(1, 'pause'), say(2, 'resume')])).toEqual([1, []])
  })

  it('an abort outranks everything before and after it', () => {
    expect(chosen([say(1, 'promote'), say(2, 'abort'), say(3, 'resume'), say(4, 'abort')])).toEqual([2, [1, 3, 4]])
  })

  it('a word that was said twice counts once', () => {
    expect(chosen([say(1, 'approve', 10), say(2, 'approve', 10), say(3, 'pause')])).toEqual([1, [2]])
  })

  it.each(['approve', 'promote'] as const)('one that was said at another step is turned down and hides nothing (%s)', (command) => {
    expect(chosen([say(1, command, 1), say(2, 'pause', 1)])).toEqual([2, [1]])
    expect(chooseCommand([say(1, command, 1)], situation).turnDown[0]?.why).toBe('it was said at 1 %, and the rollout is at 10 %')
  })

  it('an approval that names no step is of this step', () => {
    expect(chosen([say(1, 'approve')])).toEqual([1, []])
  })

  it('one waits for the next look that fits only after what is taken now', () => {
    expect(chosen([say(1, 'pause'), say(2, 'resume')])).toEqual([1, []])
    expect(chosen([say(2, 'resume')], { isPaused: true })).toEqual([2, []])
  })
})

describe('what would do nothing is turned down, and says why', () => {
  const nothingNext = { percent: 100, next: undefined }
  it.each<readonly [Steering, Partial<Situation>, string]>([
    ['approve', { next: { percent: 50, soakSeconds: 0, leastRequests: 0, approval: false } }, 'the next step (50 %) wants no approval'],
    ['approve', { isApproved: true }, 'it is approved already'],
    ['pause', { isPaused: true }, 'it is paused already'],
    ['resume', {}, 'it is not paused'],
    ...(['approve', 'promote', 'pause', 'resume'] as const).flatMap((command) => [
      [command, nothingNext, 'everybody has the candidate, and nothing comes next; only an abort means something now'] as const,
      [command, { isGoingBack: true, isPaused: command === 'resume' }, 'the baseline comes back, whatever is said'] as const,
    ]),
  ])('%s, %j', (command, change, why) => {
    expect(whyNot(command, change)).toBe(why)
  })

  it.each<readonly [Steering, Partial<Situation>]>([
    ['promote', {}],
    ['promote', { isPaused: true }],
    ['approve', { isPaused: true }],
    ['abort', nothingNext],
    ['abort', { isGoingBack: true }],
  ])('but not %s, %j', (command, change) => {
    expect(chosen([say(1, command)], change)).toEqual([1, []])
  })
})

it('reads the share that a rollout announced last', () => {
  const said = [{ state: 'in_progress', description: formatProgress({ candidate: version(2), percent: 12.5 }) }, { state: 'in_progress', description: formatProgress({ candidate: version(2), percent: 0 }) }]
  expect(announcedPercent(deployEntry(3, ...said))).toBe(12.5)
  expect(announcedPercent(deployEntry(3, { state: 'in_progress', description: 'begun' }))).toBeUndefined()
})

const inactive = (description: string) => ({ state: 'inactive', description })

describe('an answer', () => {
  it.each(['taken-up', 'turned-down', 'withdrawn'] as const)('is read back, and closes the command (%s)', (kind) => {
    const status = inactive(formatAnswer({ kind, text: 'at 10 %: since: now' }))
    expect(readAnswer([status])).toEqual({ kind, text: 'at 10 %: since: now' })
    expect(isOpen({ ...entry(1), statuses: [status] })).toBe(false)
  })

  it('is the rollout\'s, even if the command was taken back at the same moment', () => {
    const [taken, withdrawn] = [inactive('taken-up: paused'), inactive('withdrawn: not-taken-up')]
    expect(readAnswer([withdrawn, taken])?.kind).toBe('taken-up')
    expect(readAnswer([taken, withdrawn])?.kind).toBe('taken-up')
  })

  it('is none when GitHub retires the entry by itself, or somebody writes another state', () => {
    expect(readAnswer([inactive('')])).toBeUndefined()
    expect(readAnswer([{ state: 'in_progress', description: 'taken-up: paused' }])).toBeUndefined()
  })
})

it('exits with 0 only when the command was taken up, or nothing was to be said', () => {
  expect(exitCodeOfSteered({ kind: 'taken-up', text: '' })).toBe(0)
  expect(exitCodeOfSteered({ kind: 'dry-run', text: '' })).toBe(0)
  expect(exitCodeOfSteered({ kind: 'refused', reason: 'came-too-late', details: [] })).toBe(1)
})
