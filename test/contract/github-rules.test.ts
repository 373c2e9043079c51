import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openContract } from '../../sandbox/github/contract.ts'
import type { JobOptions } from '../../sandbox/github/runs.ts'
import { startGitHub, type GitHub } from '../../sandbox/github/rest-api.ts'
import { createWorld, type World } from '../../sandbox/world.ts'
import { bot, callGitHub, everything, ids, json, type Call } from './github-call.ts'

let world: World
let github: GitHub

beforeEach(async () => {
  world = createWorld()
  github = await startGitHub(world)
})

afterEach(() => github[Symbol.asyncDispose]())

const call = (path: string, options?: Call) => callGitHub(github, path, options)

const remaining = (answer: { readonly headers: Headers }) => Number(answer.headers.get('x-ratelimit-remaining'))

const counted = z.looseObject({ total_count: z.number() })
const count = async (path: string) => counted.parse((await call(path)).body).total_count

describe('the contract', () => {
  it('fails the test whose request misspells a field', async () => {
    const ref = github.model.addCommit()
    const { status } = await call('/deployments', { body: { ref, descripton: 'Sail' } })
    expect(status).toBe(500)
    expect(world.violations).toEqual([
      'GitHub sandbox, POST /repos/harbour/ferry/deployments: /requestBody must NOT have additional properties (descripton)',
    ])
    expect(github.model.deployments()).toEqual([])
  })

  const misspelt = { title: 'c', summary: 'd', txt: 'e' }

  it.each([
    ['an unknown state', '/deployments/1/statuses', { state: 'sunk' }, 'must be equal to one of the allowed values'],
    ['a missing field', '/deployments', {}, "must have required property 'ref'"],
    ['a misspelt nested field', '/check-runs', { name: 'a', head_sha: 'b', output: misspelt }, 'properties (txt)'],
    ['a wrong type', '/deployments', { ref: 'main', auto_merge: 'false' }, 'must be boolean'],
  ])('fails the test whose request has %s', async (_, path, body, sentence) => {
    expect((await call(path, { body })).status).toBe(500)
    expect(world.violations.join()).toContain(sentence)
  })

  it.each(['/deployments?enviroment=production', '/actions/runs?per-page=3', '/sails'])(
    'fails the test that asks for %s, which GitHub does not have',
    async (path) => {
      expect((await call(path)).status).toBe(500)
      expect(world.violations).toHaveLength(1)
    },
  )

  it('fails the test in which the sandbox itself answers what GitHub never does', async () => {
    const sha = github.model.addCommit()
    const jobs: JobOptions[] = JSON.parse('[{ "name": "test", "conclusion": "exploded" }]')
    const { id } = github.model.addWorkflowRun({ headSha: sha, jobs })
    expect((await call(`/actions/runs/${id}/jobs`)).status).toBe(200)
    expect(world.violations.join()).toContain(`answered 200: /jobs/0/conclusion must be equal to one of`)
  })

  it('knows a status, and an error body, that an operation does not give', async () => {
    const contract = await openContract()
    const request = { method: 'GET', path: '/repos/a/b/deployments', query: new URLSearchParams(), headers: {} }
    const matched = contract.match({ ...request, body: Buffer.alloc(0) })
    if (matched === undefined) throw new Error('no such operation')
    expect(contract.answerProblems(matched, { status: 200, body: [] })).toEqual([])
    expect(contract.answerProblems(matched, { status: 200, body: {} })).toEqual(['must be array'])
    expect(contract.answerProblems(matched, { status: 418, body: {} })).toHaveLength(1)
    expect(contract.answerProblems(matched, { status: 404, body: { error: 'gone' } })).toHaveLength(1)
  })
})

describe('everything below keeps the contract:', () => {
  afterEach(() => expect(world.violations).toEqual([]))

  describe('tokens', () => {
    it('refuses a token that it never gave, and one whose job has ended', async () => {
      const token = github.createToken({ permissions: everything })
      expect((await call('', { token })).status).toBe(200)
      github.revokeToken(token)
      for (const dead of [token, 'ghs_forged']) {
        expect(await call('', { token: dead })).toMatchObject({ status: 401, body: { message: 'Bad credentials' } })
      }
    })

    it('hides a private repository from whoever brings no token', async () => {
      expect((await fetch(`${github.apiUrl}/repos/harbour/ferry`)).status).toBe(404)
      const written = await fetch(`${github.apiUrl}/repos/harbour/ferry/deployments`, {
        method: 'POST',
        headers: json,
        body: '{"ref":"main"}',
      })
      expect(written.status).toBe(401)
    })

    it.each([
      ['/actions/runs', 'actions=read', {}],
      ['/deployments', 'deployments=read', { actions: 'write' }],
      ['/commits/main/statuses', 'statuses=read', { statuses: 'none' }],
      ['/commits/main/check-runs', 'checks=read', { statuses: 'read' }],
      ['/compare/main...main', 'contents=read', { actions: 'read' }],
      ['/commits/main/pulls', 'pull_requests=read', { contents: 'read' }],
      ['/issues/7/comments', 'issues=read; pull_requests=read', { contents: 'read' }],
    ] as const)('answers 403 to GET %s without %s, and names it', async (path, accepted, permissions) => {
      const answer = await call(path, { permissions })
      expect(answer).toMatchObject({ status: 403, body: { message: 'Resource not accessible by integration' } })
      expect(answer.headers.get('x-accepted-github-permissions')).toBe(accepted)
    })

    it('lets a read permission read, and not write', async () => {
      const ref = github.model.addCommit()
      const permissions = { deployments: 'read' } as const
      expect((await call('/deployments', { permissions })).status).toBe(200)
      const write = await call('/deployments', { permissions, body: { ref } })
      expect(write.status).toBe(403)
      expect(write.headers.get('x-accepted-github-permissions')).toBe('deployments=write')
      expect(github.model.deployments()).toEqual([])
    })

    it('lets everyone read a public repository, and nobody write without permission', async () => {
      await using open = await startGitHub(world, { visibility: 'public' })
      const sha = open.model.addCommit()
      const headers = { authorization: `token ${open.createToken({ permissions: {} })}`, ...json }
      const url = `${open.apiUrl}/repos/harbour/ferry`
      expect((await fetch(`${url}/commits/${sha}/statuses`, { headers })).status).toBe(200)
      const write = await fetch(`${url}/statuses/${sha}`, { method: 'POST', headers, body: '{"state":"success"}' })
      expect(write.status).toBe(403)
    })

    it('refuses a permission that GitHub does not know', () => {
      expect(() => github.createToken({ permissions: { deployment: 'write' } })).toThrow('"deployment"')
    })

    it('knows one repository', async () => {
      const headers = { authorization: `token ${github.createToken({ permissions: everything })}` }
      expect((await fetch(`${github.apiUrl}/repos/harbour/tug`, { headers })).status).toBe(404)
      expect((await fetch(`${github.apiUrl}/repos/Harbour/Ferry`, { headers })).status).toBe(200)
    })
  })

  describe('rate limits', () => {
    it('tells the budget with every answer', async () => {
      const first = await call('')
      const second = await call('')
      expect(remaining(first) - remaining(second)).toBe(1)
      expect(Number(first.headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1000)
    })

    it('refuses all when the budget is spent, but still tells the budget', async () => {
      const token = github.createToken({ permissions: everything })
      github.model.exhaustRateLimit({ status: 429, resetSeconds: 600 })
      const refused = await call('', { token })
      expect(refused).toMatchObject({ status: 429, body: { message: expect.stringContaining('rate limit exceeded') } })
      expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
      expect(refused.headers.get('retry-after')).toBeNull()
      const overview = await fetch(`${github.apiUrl}/rate_limit`, { headers: { authorization: `token ${token}` } })
      expect(await overview.json()).toMatchObject({ rate: { remaining: 0 } })
    })

    it('has its budget back after the reset', async () => {
      github.model.exhaustRateLimit({ resetSeconds: 0 })
      expect((await call('')).status).toBe(200)
    })

    it('refuses the requests that a secondary limit is for, and no others', async () => {
      const sha = github.model.addCommit()
      github.model.refuseSecondary({ method: 'POST', path: /statuses/, retryAfterSeconds: 60 })
      expect((await call('')).status).toBe(200)
      const refused = await call(`/statuses/${sha}`, { body: { state: 'success' } })
      expect(refused.status).toBe(403)
      expect(refused.headers.get('retry-after')).toBe('60')
      expect(refused.headers.get('x-ratelimit-remaining')).not.toBe('0')
      expect((await call(`/statuses/${sha}`, { body: { state: 'success' } })).status).toBe(201)
      expect(github.model.commitStatuses(sha)).toHaveLength(1)
    })
  })

  describe('pages', () => {
    it('gives 30 by default and 100 at most, and links to the pages around', async () => {
      const sha = github.model.addCommit()
      for (let made = 0; made < 101; made += 1) github.model.addDeployment({ ref: sha }, bot)
      expect(ids((await call('/deployments')).body)).toHaveLength(30)
      expect(ids((await call('/deployments?per_page=500')).body)).toHaveLength(100)
      const middle = await call('/deployments?per_page=40&page=2&task=deploy')
      const url = `${github.apiUrl}/repos/harbour/ferry/deployments?per_page=40&page=N&task=deploy`
      const link = (page: number, relation: string) => `<${url.replace('N', String(page))}>; rel="${relation}"`
      expect(middle.headers.get('link')).toBe(
        [link(1, 'prev'), link(3, 'next'), link(3, 'last'), link(1, 'first')].join(', '),
      )
      const last = await call('/deployments?per_page=40&page=3')
      expect(ids(last.body)).toHaveLength(21)
      expect(last.headers.get('link')).not.toContain('next')
      expect(ids((await call('/deployments?page=9')).body)).toEqual([])
    })
  })

  describe('runs', () => {
    it('filters by commit, event, branch, status and conclusion', async () => {
      const sha = github.model.addCommit()
      github.model.addWorkflowRun({ headSha: sha, conclusion: 'failure' })
      github.model.addWorkflowRun({ headSha: sha, event: 'schedule' })
      github.model.addWorkflowRun({ headSha: sha, headBranch: 'change', status: 'in_progress' })
      github.model.addWorkflowRun({ headSha: github.model.addCommit() })
      expect(await count(`/actions/runs?head_sha=${sha}`)).toBe(3)
      expect(await count('/actions/runs?event=schedule')).toBe(1)
      expect(await count('/actions/runs?branch=change')).toBe(1)
      expect(await count('/actions/runs?status=completed')).toBe(3)
      expect(await count('/actions/runs?status=failure')).toBe(1)
      expect(await count('/actions/runs?status=in_progress')).toBe(1)
      expect(await count('/actions/workflows/ci.yml/runs')).toBe(4)
      expect((await call('/actions/workflows/nothing.yml/runs')).status).toBe(404)
    })

    it('shows a run, and a job, only after some requests', async () => {
      const sha = github.model.addCommit()
      const late = { name: 'late', appearsAfterRequests: 1 }
      const jobs = [{ name: 'test' }, late]
      const { id } = github.model.addWorkflowRun({ headSha: sha, appearsAfterRequests: 2, jobs })
      const seen = [await count('/actions/runs'), await count('/actions/runs'), await count('/actions/runs')]
      expect(seen).toEqual([0, 0, 1])
      expect(await count(`/actions/runs/${id}/jobs`)).toBe(1)
      expect(await count(`/actions/runs/${id}/jobs`)).toBe(2)
    })

    it('tells a run of a fork by its repository, and leaves pull requests out when asked', async () => {
      const base = github.model.addCommit()
      const head = github.model.addCommit({ parents: [base], branch: 'change' })
      github.model.addPullRequest({ number: 3, commits: [head] })
      github.model.addWorkflowRun({ headSha: head, event: 'pull_request', headRepository: 'pirate/ferry' })
      const shown = z.looseObject({ head_repository: z.unknown(), pull_requests: z.unknown() })
      const runs = z.looseObject({ workflow_runs: z.array(shown) })
      const [run] = runs.parse((await call('/actions/runs')).body).workflow_runs
      expect(run?.head_repository).toMatchObject({ full_name: 'pirate/ferry', fork: true })
      expect(run?.pull_requests).toMatchObject([{ number: 3 }])
      const bare = runs.parse((await call('/actions/runs?exclude_pull_requests=true')).body)
      expect(bare.workflow_runs[0]?.pull_requests).toEqual([])
    })

    it('starts at a later attempt, and has the failed ones before it', async () => {
      const { id } = github.model.addWorkflowRun({ headSha: github.model.addCommit(), attempt: 2 })
      expect((await call(`/actions/runs/${id}`)).body).toMatchObject({ run_attempt: 2, conclusion: 'success' })
      const first = await call(`/actions/runs/${id}/attempts/1`)
      expect(first.body).toMatchObject({ run_attempt: 1, conclusion: 'failure' })
      expect((await call(`/actions/runs/${id}/attempts/3`)).status).toBe(404)
    })

    it('refuses to dispatch on a branch that is not there', async () => {
      github.model.addWorkflow('.github/workflows/rollback.yml')
      const answer = await call('/actions/workflows/rollback.yml/dispatches', { body: { ref: 'nowhere' } })
      expect(answer).toMatchObject({ status: 422, body: { message: 'No ref found for: nowhere' } })
      expect(github.model.dispatches()).toEqual([])
    })
  })

  describe('commits', () => {
    it('finds a branch by its ref as it stands, and no branch that is not there', async () => {
      const sha = github.model.addCommit({ branch: 'fix/leak' })
      expect((await call('/git/ref/heads/fix/leak')).body).toMatchObject({ ref: 'refs/heads/fix/leak', object: { sha } })
      expect((await call('/git/ref/heads/fix')).status).toBe(404)
    })

    it('names only merged pull requests for a commit that landed, and open ones too for another', async () => {
      const base = github.model.addCommit()
      const landed = github.model.addCommit()
      const open = github.model.addCommit({ parents: [base], branch: 'change' })
      github.model.addPullRequest({ number: 1, mergeCommitSha: landed, commits: [landed] })
      github.model.addPullRequest({ number: 2, commits: [landed, open] })
      const numbered = z.array(z.looseObject({ number: z.number() }))
      const pulls = async (sha: string) => numbered.parse((await call(`/commits/${sha}/pulls`)).body)
      expect((await pulls(landed)).map(({ number }) => number)).toEqual([1])
      expect((await pulls(open)).map(({ number }) => number)).toEqual([2])
    })

    it('cannot compare what shares no history, or is not there', async () => {
      github.model.addCommit()
      github.model.addCommit({ parents: [], branch: 'other' })
      expect((await call('/compare/main...other')).status).toBe(404)
      expect((await call('/compare/main...nowhere')).status).toBe(404)
    })

    it('pages the commits of a comparison, oldest first, and counts them all', async () => {
      const root = github.model.addCommit()
      const shas = Array.from({ length: 5 }, () => github.model.addCommit())
      const page = await call(`/compare/${root}...main?per_page=2&page=2`)
      const schema = z.looseObject({ total_commits: z.number(), commits: z.array(z.looseObject({ sha: z.string() })) })
      const { total_commits, commits } = schema.parse(page.body)
      expect(total_commits).toBe(5)
      expect(commits.map(({ sha }) => sha)).toEqual(shas.slice(2, 4))
      expect(page.headers.get('link')).toContain('rel="next"')
    })

    it('answers 422 for a commit that is not there', async () => {
      expect(await call('/commits/nowhere')).toMatchObject({
        status: 422,
        body: { message: 'No commit found for SHA: nowhere' },
      })
    })
  })

  it('obeys the fault queue of the world', async () => {
    const ref = github.model.addCommit()
    world.faults.push({ service: 'github', method: 'POST', path: /\/deployments$/, fault: { kind: 'reply-lost' } })
    const body = { ref, required_contexts: [] }
    await expect(call('/deployments', { body })).rejects.toThrow()
    expect(github.model.deployments()).toHaveLength(1)
  })
})
