import { describe, expect, it } from 'vitest'
import { judgeGate, judgeNeeds, newestRun, waitForGate, type GateQuery, type WorkflowJob, type WorkflowRun } from '../../src/core/gate.ts'
import { isSha, type Sha } from '../../src/core/ids.ts'

const sha = shaOf('a')
const path = '.github/workflows/test.yml'
const query: GateQuery = { sha, repositoryId: 7, ownRunId: 500, path, events: ['push', 'merge_group'], requiredJobs: [] }

function shaOf(digit: string): Sha {
  const text = digit.repeat(40)
  if (!isSha(text)) throw new Error(`not a commit: ${text}`)
  return text
}

function run(change: Partial<WorkflowRun> = {}): WorkflowRun {
  const { id = 1 } = change
  return {
    id,
    runNumber: 10,
    attempt: 1,
    path,
    headSha: sha,
    headBranch: 'main',
    event: 'push',
    headRepositoryId: 7,
    status: 'completed',
    conclusion: 'success',
    url: `https://github.example/runs/${id}`,
    ...change,
  }
}

const job = (name: string, conclusion: string | null = 'success', status = 'completed'): WorkflowJob => ({ name, status, conclusion })
const judge = (runs: readonly WorkflowRun[], jobs: readonly WorkflowJob[] = [job('test')], asked: GateQuery = query) =>
  judgeGate(asked, newestRun(asked, runs), jobs)

const naming = (...requiredJobs: string[]): GateQuery => ({ ...query, requiredJobs })
const clock = (elapsedSeconds: number) => ({ elapsedSeconds, timeoutSeconds: 1800, discoverySeconds: 120 })

describe('the gate', () => {
  it('passes when the newest run for the exact commit succeeded and a job of it really ran', () => {
    expect(judge([run()])).toEqual({ kind: 'passed', run: run() })
  })

  it.each(['push', 'merge_group'])('takes a run on %s', (event) => {
    expect(judge([run({ event })]).kind).toBe('passed')
  })

  it('takes a path that GitHub has put a ref behind', () => {
    expect(judge([run({ path: `${path}@refs/heads/main` })]).kind).toBe('passed')
  })

  it.each([
    ['of another commit', { headSha: shaOf('b') }],
    ['of another file', { path: '.github/workflows/test.yaml' }],
    ['of a file whose path only begins alike', { path: `${path}x` }],
    ['of a pull request', { event: 'pull_request' }],
    ['of a fork', { headRepositoryId: 8 }],
    ['of a fork that is gone', { headRepositoryId: undefined }],
    ['of this very deploy', { id: 500 }],
  ])('waits as if there were nothing beside a run %s', (_, change) => {
    const why = `no run of ${path} for ${sha} on push or merge_group was found`
    expect(judge([run(change)])).toEqual({ kind: 'waiting', isFound: false, why })
  })

  it('takes a push to the named branch only, and a merge group wherever it is', () => {
    const asked = { ...query, branch: 'main' }
    expect(judge([run({ headBranch: 'change' })], [job('test')], asked)).toMatchObject({ kind: 'waiting', isFound: false })
    expect(judge([run()], [job('test')], asked).kind).toBe('passed')
    expect(judge([run({ event: 'merge_group', headBranch: 'gh-readonly-queue/main/pr-1' })], [job('test')], asked).kind).toBe('passed')
  })

  it.each(['failure', 'cancelled', 'skipped', 'neutral', 'timed_out', 'action_required', 'stale', 'startup_failure', null])(
    'fails when the run ended %s',
    (conclusion) => {
      const why = `${path} ended ${conclusion ?? 'without a conclusion'}: https://github.example/runs/1`
      expect(judge([run({ conclusion })])).toEqual({ kind: 'failed', why })
    },
  )

  it.each(['queued', 'in_progress', 'waiting', 'requested', 'pending', 'unknown'])('waits while the run is %s', (status) => {
    const why = `${path} is ${status}: https://github.example/runs/1`
    expect(judge([run({ status, conclusion: null })])).toEqual({ kind: 'waiting', isFound: true, why })
  })

  it('believes the newest run, whatever order they come in', () => {
    const [old, newer] = [run({ id: 1, runNumber: 9 }), run({ id: 2, runNumber: 10, conclusion: 'failure' })]
    expect(judge([old, newer]).kind).toBe('failed')
    expect(judge([newer, old]).kind).toBe('failed')
  })

  it('waits for a re-run of what was green once', () => {
    const [green, again] = [run(), run({ attempt: 2, status: 'in_progress', conclusion: null })]
    expect(judge([green, again]).kind).toBe('waiting')
    expect(judge([again, green]).kind).toBe('waiting')
  })
})

describe('the jobs of a run that succeeded', () => {
  it('count when each that is named ended in success', () => {
    expect(judge([run()], [job('unit'), job('browser'), job('lint', 'skipped')], naming('unit', 'browser')).kind).toBe('passed')
  })

  it.each([
    ['skipped', [job('unit', 'skipped'), job('lint')], 'the job "unit" ended skipped'],
    ['failed, though the run went on', [job('unit', 'failure'), job('lint')], 'the job "unit" ended failure'],
    ['missing', [job('unity'), job('lint')], 'the job "unit" is not there'],
  ])('fail the gate when one that is named is %s', (_, jobs, wrong) => {
    const why = `${path} succeeded, but ${wrong}: https://github.example/runs/1`
    expect(judge([run()], jobs, naming('unit', 'lint'))).toEqual({ kind: 'failed', why })
  })

  it('name all that is wrong at once', () => {
    const why = `${path} succeeded, but the job "unit" is not there and the job "lint" ended skipped: https://github.example/runs/1`
    expect(judge([run()], [job('lint', 'skipped')], naming('unit', 'lint'))).toEqual({ kind: 'failed', why })
  })

  it('of a matrix are all meant by its name', () => {
    expect(judge([run()], [job('unit (20)'), job('unit (24)')], naming('unit')).kind).toBe('passed')
    expect(judge([run()], [job('unit (20)'), job('unit (24)', 'skipped')], naming('unit')).kind).toBe('failed')
  })

  it('pass without names when one succeeded and another was skipped', () => {
    expect(judge([run()], [job('test'), job('docs', 'skipped')]).kind).toBe('passed')
    expect(judge([run()], [job('docs', 'skipped'), job('test')]).kind).toBe('passed')
  })

  it('fail the gate when all were skipped', () => {
    const why = `${path} succeeded, but none of its jobs succeeded: https://github.example/runs/1`
    expect(judge([run()], [job('test', 'skipped')])).toEqual({ kind: 'failed', why })
  })

  it.each([
    ['is empty yet', []],
    ['shows one that is running', [job('lint'), job('unit', null, 'in_progress')]],
  ])('are waited for when their list %s', (_, jobs) => {
    expect(judge([run()], jobs)).toMatchObject({ kind: 'waiting', isFound: true })
  })
})

describe('the gate by jobs of the same run', () => {
  it('passes when each named job succeeded', () => {
    expect(judgeNeeds(['test'], [job('test'), job('deploy / gate', null, 'in_progress')])).toEqual({ kind: 'passed' })
  })

  it.each(['skipped', 'failure', 'cancelled'])('fails when one was %s', (conclusion) => {
    const why = `in this run the job "test" ended ${conclusion}`
    expect(judgeNeeds(['lint', 'test'], [job('lint'), job('test', conclusion)])).toEqual({ kind: 'failed', why })
  })

  it('fails when no job is named, whatever succeeded', () => {
    expect(judgeNeeds([], [job('changes')]).kind).toBe('failed')
  })

  it('waits for a job that is not listed, or not as ended', () => {
    expect(judgeNeeds(['test'], [job('lint')])).toEqual({ kind: 'waiting', isFound: false, why: 'this run has no job "test"' })
    expect(judgeNeeds(['test'], [job('test', null, 'in_progress')])).toMatchObject({ kind: 'waiting', isFound: true })
  })
})

describe('patience', () => {
  const found = { kind: 'waiting', why: '', isFound: true } as const
  const absent = { kind: 'waiting', why: '', isFound: false } as const

  it.each([
    [0, 5],
    [50, 10],
    [250, 30],
    [1799, 30],
  ])('after %i s polls again in %i s', (elapsedSeconds, afterSeconds) => {
    expect(waitForGate(found, clock(elapsedSeconds))).toEqual({ kind: 'poll-again', afterSeconds })
  })

  it('gives up on a run that does not appear, long before it gives up on one that runs', () => {
    expect(waitForGate(absent, clock(119)).kind).toBe('poll-again')
    expect(waitForGate(absent, clock(120))).toEqual({ kind: 'give-up', code: 'gate-absent' })
    expect(waitForGate(found, clock(120)).kind).toBe('poll-again')
    expect(waitForGate(found, clock(1800))).toEqual({ kind: 'give-up', code: 'gate-timeout' })
  })

  it('has none under the lock: what is not there now is not waited for', () => {
    const none = { elapsedSeconds: 0, timeoutSeconds: 0, discoverySeconds: 0 }
    expect(waitForGate(absent, none)).toEqual({ kind: 'give-up', code: 'gate-absent' })
    expect(waitForGate(found, none)).toEqual({ kind: 'give-up', code: 'gate-timeout' })
  })

  it('never waits longer for a run to appear than for its end', () => {
    expect(waitForGate(absent, { elapsedSeconds: 60, timeoutSeconds: 60, discoverySeconds: 120 })).toEqual({ kind: 'give-up', code: 'gate-absent' })
  })
})
