import { describe, expect, it } from 'vitest'
import type { WorkflowJob, WorkflowRun } from '../../src/core/gate.ts'
import { buildJobName, gatedCommit, isSuperseded, rivalRuns, type Relation } from '../../src/core/order.ts'

const callerWorkflow = '.github/workflows/deploy.yml'
const own = { runId: 5, callerWorkflow, repositoryId: 7, defaultBranch: 'main' }
const commit = (number: number) => number.toString(16).padStart(40, '0')

function run(change: Partial<WorkflowRun> = {}): WorkflowRun {
  return {
    id: 6,
    runNumber: 6,
    attempt: 1,
    path: callerWorkflow,
    headSha: commit(999),
    headBranch: 'main',
    event: 'workflow_run',
    headRepositoryId: 7,
    status: 'in_progress',
    conclusion: null,
    url: '',
    ...change,
  }
}

const build = (worker: string, sha: string, change: Partial<WorkflowJob> = {}): WorkflowJob => ({
  name: `deploy / ${buildJobName(worker, 'production', sha)}`,
  status: 'completed',
  conclusion: 'success',
  ...change,
})

describe('a rival', () => {
  it.each(['queued', 'in_progress', 'waiting', 'pending', 'requested'])('is a run of the same caller that is %s', (status) => {
    expect(rivalRuns([run({ status })], own)).toHaveLength(1)
  })

  it.each([
    ['this run itself', { id: 5 }],
    ['a run that has ended', { status: 'completed', conclusion: 'success' }],
    ['a run of another workflow', { path: '.github/workflows/other.yml' }],
    ['a run of another branch, which the environment may yet refuse', { headBranch: 'change' }],
    ['a run of a fork', { headRepositoryId: 8 }],
  ])('is not %s', (_, change) => {
    expect(rivalRuns([run(change)], own)).toEqual([])
  })

  it('is known by its file, whatever ref stands behind it', () => {
    expect(rivalRuns([run({ path: `${callerWorkflow}@main` })], own)).toHaveLength(1)
  })
})

describe('the commit that a rival brings', () => {
  it.each([
    ['is building', { status: 'in_progress', conclusion: null }],
    ['has built', {}],
    ['waits for a runner', { status: 'queued', conclusion: null }],
  ])('is told by the name of its build job when it %s', (_, change) => {
    expect(gatedCommit([build('shop', commit(3), change)], 'shop', 'production')).toBe(commit(3))
  })

  it.each(['failure', 'cancelled', 'skipped', 'timed_out'])('is nothing once its build ended %s', (conclusion) => {
    expect(gatedCommit([build('shop', commit(3), { conclusion })], 'shop', 'production')).toBeUndefined()
  })

  it('is nothing while its gate still waits', () => {
    expect(gatedCommit([{ name: 'deploy / gate', status: 'in_progress', conclusion: null }], 'shop', 'production')).toBeUndefined()
  })

  it('is of this Worker and environment, and of no other', () => {
    const jobs = [build('mail', commit(3)), build('shop', commit(4))]
    expect(gatedCommit(jobs, 'shop', 'production')).toBe(commit(4))
    expect(gatedCommit(jobs, 'shop', 'staging')).toBeUndefined()
    expect(gatedCommit(jobs, 'hop', 'production')).toBeUndefined()
  })

  it('is found behind whatever the calling jobs are called', () => {
    for (const prefix of ['', 'a / ', 'deploy (workers/shop, .github/sleepwell.shop.yml) / ', 'a / b / ']) {
      const name = `${prefix}${buildJobName('shop', 'eu / live', commit(3))}`
      expect(gatedCommit([{ name, status: 'queued', conclusion: null }], 'shop', 'eu / live')).toBe(commit(3))
    }
  })

  it('is a whole commit id and nothing after it', () => {
    const name = `${buildJobName('shop', 'production', commit(3))} (2)`
    expect(gatedCommit([{ name, status: 'queued', conclusion: null }], 'shop', 'production')).toBeUndefined()
  })
})

describe('order', () => {
  it.each<[Relation, boolean]>([
    ['ahead', true],
    ['identical', false],
    ['behind', false],
    ['diverged', false],
    ['unknown', false],
  ])('a newer commit that stands "%s" supersedes: %s', (relation, superseded) => {
    expect(isSuperseded(relation, [])).toBe(superseded)
    expect(isSuperseded('behind', ['behind', relation])).toBe(superseded)
  })

  it('leaves the newest commit live after ten merges during one rollout, in whatever order they get the lock', () => {
    const orders = [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], [4, 1, 10, 7, 2, 9, 3, 6, 8, 5]]
    for (const order of orders) {
      expect(deployAll('shop', order.map((number) => ({ number, worker: 'shop' })))).toMatchObject({ live: 10 })
    }
  })

  it('never refuses a Worker because of merges that touch only another', () => {
    const merges = [{ number: 1, worker: 'shop' }, ...[2, 3, 4].map((number) => ({ number, worker: 'mail' }))]
    expect(deployAll('shop', merges)).toEqual({ live: 1, refused: [] })
    expect(deployAll('mail', merges)).toEqual({ live: 4, refused: [2, 3] })
  })
})

interface Merge {
  readonly number: number
  readonly worker: string
}

function relationOf(base: number, head: number): Relation {
  if (head === base) return 'identical'
  return head > base ? 'ahead' : 'behind'
}

/** All have passed their gates and wait; each, under the lock, sees those that have not ended yet. */
function deployAll(worker: string, merges: readonly Merge[]): { live: number; refused: number[] } {
  const refused: number[] = []
  let live = 0
  const queue = merges.filter((merge) => merge.worker === worker)
  for (const [place, merge] of queue.entries()) {
    const ended = new Set(queue.slice(0, place))
    const runs = merges.map((one) => run({ id: one.number, status: ended.has(one) ? 'completed' : 'in_progress' }))
    const rivals = rivalRuns(runs, { ...own, runId: merge.number })
    const commits = rivals.flatMap(({ id }) => {
      const theirs = merges.find((one) => one.number === id)
      return theirs === undefined ? [] : (gatedCommit([build(theirs.worker, commit(theirs.number))], worker, 'production') ?? [])
    })
    const ofRivals = commits.map((sha) => relationOf(merge.number, Number.parseInt(sha, 16)))
    if (isSuperseded(relationOf(merge.number, live), ofRivals)) refused.push(merge.number)
    else live = merge.number
  }
  return { live, refused }
}
