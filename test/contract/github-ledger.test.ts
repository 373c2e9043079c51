import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startGitHub, type GitHub } from '../../sandbox/github/rest-api.ts'
import { createWorld, type World } from '../../sandbox/world.ts'
import { bot, callGitHub, everything, identified, ids, type Call } from './github-call.ts'

// What a deploy writes to GitHub, and the rules that it meets there.

let world: World
let github: GitHub

beforeEach(async () => {
  world = createWorld()
  github = await startGitHub(world)
})

afterEach(async () => {
  await github[Symbol.asyncDispose]()
  expect(world.violations).toEqual([])
})

const call = (path: string, options?: Call) => callGitHub(github, path, options)

const list = async (query: string) => ids((await call(`/deployments${query}`)).body)

const comment = (body: string) => call('/issues/8/comments', { body: { body } })

async function deploy(fields: object = {}): Promise<number> {
  const ref = github.model.resolve('main') ?? github.model.addCommit()
  const made = await call('/deployments', { body: { ref, auto_merge: false, required_contexts: [], ...fields } })
  return identified.parse(made.body).id
}

const setState = (id: number, fields: object) => call(`/deployments/${id}/statuses`, { body: fields })

const states = () =>
  github.model
    .deployments()
    .map(({ statuses }) => statuses[0]?.state)
    .toReversed()

describe('checks and commit statuses', () => {
  it('lists the newest check of a name once for each suite, so two workflows give two', async () => {
    const sha = github.model.addCommit()
    const { id } = github.model.addWorkflowRun({ headSha: sha, conclusion: 'failure' })
    github.model.rerun(id)
    github.model.addWorkflowRun({ headSha: sha, workflowPath: '.github/workflows/nightly.yml' })
    const checks = async (filter: string) => {
      const { body } = await call(`/commits/${sha}/check-runs?check_name=test&filter=${filter}`)
      const schema = z.looseObject({ check_runs: z.array(z.looseObject({ conclusion: z.string() })) })
      return schema.parse(body).check_runs.map(({ conclusion }) => conclusion)
    }
    expect(await checks('latest')).toEqual(['success', 'success'])
    expect(await checks('all')).toEqual(['success', 'success', 'failure'])
  })

  it('puts a check of its own into the first suite of the commit, whose workflow it is not', async () => {
    const sha = github.model.addCommit()
    const run = github.model.addWorkflowRun({ headSha: sha })
    const { body } = await call('/check-runs', { body: { name: 'smoke', head_sha: sha } })
    expect(body).toMatchObject({ status: 'queued', check_suite: { id: run.suiteId } })
  })

  it("changes no check of another app's, and none of a job", async () => {
    const sha = github.model.addCommit()
    const [job] = github.model.addWorkflowRun({ headSha: sha }).attempts[0]?.jobs ?? []
    const other = github.createToken({ permissions: everything, app: { id: 7, slug: 'tide', name: 'Tide' } })
    const { body } = await call('/check-runs', { token: other, body: { name: 'tide', head_sha: sha } })
    for (const id of [identified.parse(body).id, job?.id]) {
      const answer = await call(`/check-runs/${id}`, { method: 'PATCH', body: { conclusion: 'success' } })
      expect(answer.status).toBe(404)
    }
  })

  it('refuses a check that is completed without a conclusion, and one of a person', async () => {
    const head_sha = github.model.addCommit()
    const body = { name: 'smoke', head_sha, status: 'completed' }
    expect((await call('/check-runs', { body })).status).toBe(422)
    const token = github.createToken({ permissions: everything, app: null })
    expect((await call('/check-runs', { token, body: { name: 'smoke', head_sha } })).status).toBe(403)
  })

  it('takes a description of 140 characters and refuses one more', async () => {
    const sha = github.model.addCommit()
    const write = (length: number) =>
      call(`/statuses/${sha}`, { body: { state: 'success', description: '⛴'.repeat(length) } })
    expect((await write(140)).status).toBe(201)
    expect(await write(141)).toMatchObject({
      status: 422,
      body: {
        message: 'Validation Failed',
        errors: 'Validation failed: Description is too long (maximum is 140 characters)',
        status: '422',
      },
    })
  })

  it.each([
    ['a commit that is not there', 'f'.repeat(40), {}, 'No commit found for SHA'],
    ['a link that is no web address', 'main', { target_url: 'file:///log' }, 'Validation Failed'],
  ])('refuses a status for %s', async (_, ref, fields, message) => {
    github.model.addCommit()
    const sha = github.model.resolve(ref) ?? ref
    const answer = await call(`/statuses/${sha}`, { body: { state: 'success', ...fields } })
    expect(answer).toMatchObject({ status: 422, body: { message: expect.stringContaining(message) } })
  })

  it('takes 1,000 statuses of one context and refuses one more', async () => {
    const sha = github.model.addCommit()
    const token = github.createToken({ permissions: everything })
    const write = (context: string) => call(`/statuses/${sha}`, { token, body: { state: 'pending', context } })
    for (let count = 0; count < 1000; count += 1) expect((await write('tide')).status).toBe(201)
    expect((await write('Tide')).status).toBe(422)
    expect((await write('wind')).status).toBe(201)
  })

  it('combines the newest status of each context, and check runs not at all', async () => {
    const sha = github.model.addCommit()
    github.model.addWorkflowRun({ headSha: sha, conclusion: 'failure' })
    const combined = async () => (await call(`/commits/${sha}/status`)).body
    const write = (context: string, state: string) => call(`/statuses/${sha}`, { body: { context, state } })
    expect(await combined()).toMatchObject({ state: 'pending', total_count: 0 })
    await write('tide', 'error')
    expect(await combined()).toMatchObject({ state: 'failure', total_count: 1 })
    await write('TIDE', 'success')
    expect(await combined()).toMatchObject({ state: 'success', total_count: 1 })
    await write('wind', 'pending')
    expect(await combined()).toMatchObject({ state: 'pending', total_count: 2 })
  })
})

describe('deployments', () => {
  it('refuses a ref that names no commit', async () => {
    const answer = await call('/deployments', { body: { ref: 'nowhere' } })
    expect(answer).toMatchObject({ status: 422, body: { message: 'No ref found for: nowhere' } })
  })

  it.each([
    ['a job that still runs', 'in_progress', null],
    ['a job that failed', 'completed', 'failure'],
  ] as const)('conflicts with %s, unless no context is required', async (_, status, conclusion) => {
    const ref = github.model.addCommit()
    github.model.addWorkflowRun({ headSha: ref, status, conclusion })
    const answer = await call('/deployments', { body: { ref } })
    expect(answer).toMatchObject({
      status: 409,
      body: {
        message: `Conflict: Commit status checks failed for ${ref}.`,
        errors: [{ contexts: [{ context: 'test', state: conclusion ?? 'pending' }], field: 'required_contexts' }],
      },
    })
    expect((await call('/deployments', { body: { ref, required_contexts: [] } })).status).toBe(201)
  })

  it('asks the contexts that are named, and no others', async () => {
    const ref = github.model.addCommit()
    github.model.addWorkflowRun({ headSha: ref, conclusion: 'failure' })
    await call(`/statuses/${ref}`, { body: { state: 'success', context: 'tide' } })
    const attempt = (required_contexts: string[]) => call('/deployments', { body: { ref, required_contexts } })
    expect((await attempt(['tide'])).status).toBe(201)
    expect((await attempt(['tide', 'wind'])).status).toBe(409)
  })

  it('merges the default branch into a branch that lacks its commits, instead of deploying', async () => {
    const root = github.model.addCommit()
    const behind = github.model.addCommit({ parents: [root], branch: 'change' })
    const tip = github.model.addCommit({ parents: [root] })
    const answer = await call('/deployments', { body: { ref: 'change', required_contexts: [] } })
    expect(answer).toMatchObject({ status: 202, body: { message: 'Auto-merged main into change on deployment.' } })
    expect(github.model.deployments()).toEqual([])
    expect((await call(`/compare/${tip}...change`)).body).toMatchObject({ status: 'ahead', ahead_by: 2 })
    expect((await call(`/compare/${behind}...change`)).body).toMatchObject({ status: 'ahead' })
  })

  it('cannot merge into a commit that is behind, and conflicts unless told not to try', async () => {
    const old = github.model.addCommit()
    github.model.addCommit()
    const body = { ref: old, required_contexts: [] }
    expect(await call('/deployments', { body })).toMatchObject({
      status: 409,
      body: { message: `Conflict merging main into ${old}.` },
    })
    expect((await call('/deployments', { body: { ...body, auto_merge: false } })).status).toBe(201)
  })

  it('refuses a description of more than 140 characters, of a deployment and of a status', async () => {
    const description = 'x'.repeat(141)
    const message = 'description is too long (maximum is 140 characters)'
    const error = { code: 'custom', field: 'description', message }
    const ref = github.model.addCommit()
    const made = await call('/deployments', { body: { ref, description } })
    expect(made).toMatchObject({ status: 422, body: { message: 'Validation Failed', errors: [error] } })
    const status = await setState(await deploy(), { state: 'success', description })
    expect(status).toMatchObject({ status: 422, body: { errors: [error] } })
    expect(states()).toEqual([undefined])
  })

  it('lists newest first, by commit, ref, task and environment', async () => {
    const first = await deploy({ environment: 'staging' })
    const second = await deploy({ task: 'rollback' })
    github.model.addCommit()
    const third = await deploy()
    expect(await list('')).toEqual([third, second, first])
    expect(await list('?environment=production')).toEqual([third, second])
    expect(await list('?task=rollback')).toEqual([second])
    const [newest] = github.model.deployments()
    expect(await list(`?sha=${newest?.sha}`)).toEqual([third])
    expect(await list(`?ref=${newest?.ref}&environment=staging`)).toEqual([])
  })

  it('retires what stood at success before it in the same environment', async () => {
    const staging = { environment: 'staging' }
    const failed = await deploy(staging)
    const old = await deploy(staging)
    const elsewhere = await deploy({ environment: 'canary' })
    const transient = await deploy({ ...staging, transient_environment: true })
    const next = await deploy(staging)
    await setState(failed, { state: 'failure' })
    for (const id of [old, elsewhere, transient, next]) await setState(id, { state: 'success' })
    expect(states()).toEqual(['failure', 'inactive', 'success', 'success', 'success'])
  })

  it('retires nothing in production, nor when told not to', async () => {
    for (const fields of [{}, { environment: 'live', production_environment: true }]) {
      for (const id of [await deploy(fields), await deploy(fields)]) await setState(id, { state: 'success' })
    }
    const staging = { environment: 'staging' }
    for (const id of [await deploy(staging), await deploy(staging)]) {
      await setState(id, { state: 'success', auto_inactive: false })
    }
    expect(states()).toEqual(Array(6).fill('success'))
  })

  it('deletes an active deployment only when it is the only one of its environment', async () => {
    const first = await deploy()
    const second = await deploy()
    await setState(first, { state: 'success' })
    expect((await call(`/deployments/${first}`, { method: 'DELETE' })).status).toBe(422)
    await setState(first, { state: 'inactive' })
    expect((await call(`/deployments/${first}`, { method: 'DELETE' })).status).toBe(204)
    expect((await call(`/deployments/${second}`, { method: 'DELETE' })).status).toBe(204)
    expect((await call(`/deployments/${second}`)).status).toBe(404)
  })

  it('gives a payload back as it was sent, or as text, or as text in text', async () => {
    const id = await deploy({ payload: { baseline: 'v1' } })
    const schema = z.looseObject({ payload: z.unknown() })
    const payload = async () => schema.parse((await call(`/deployments/${id}`)).body).payload
    expect(await payload()).toEqual({ baseline: 'v1' })
    github.model.setPayloadForm('string')
    expect(await payload()).toBe('{"baseline":"v1"}')
    github.model.setPayloadForm('double-encoded')
    expect(await payload()).toBe(String.raw`"{\"baseline\":\"v1\"}"`)
  })

  it('says which app made an entry, so that a forged one can be told', async () => {
    const app = { id: 7, slug: 'tide', name: 'Tide' }
    const ref = github.model.addCommit()
    github.model.addDeployment({ ref }, { login: 'tide[bot]', app }, [{ state: 'success' }])
    const token = github.createToken({ permissions: { deployments: 'write' }, app: null, actor: 'pirate' })
    await call('/deployments', { token, body: { ref } })
    expect((await call('/deployments')).body).toMatchObject([
      { creator: { login: 'pirate', type: 'User' }, performed_via_github_app: null },
      { creator: { login: 'tide[bot]', type: 'Bot' }, performed_via_github_app: { id: 7 } },
    ])
  })

  it('creates an environment that nobody made, without protection', async () => {
    github.model.setEnvironment('Production', { reviewers: ['mona'], waitMinutes: 5 })
    await deploy({ environment: 'prodution' })
    expect((await call('/environments/prodution')).body).toMatchObject({ protection_rules: [] })
    expect((await call('/environments/production')).body).toMatchObject({
      name: 'Production',
      protection_rules: [
        { type: 'wait_timer', wait_timer: 5 },
        { type: 'required_reviewers', reviewers: [{ reviewer: { login: 'mona' } }] },
      ],
    })
    expect((await call('/environments/none')).status).toBe(404)
  })
})

describe('comments', () => {
  it('lets a token for pull requests comment on those, and not on an issue', async () => {
    const sha = github.model.addCommit()
    github.model.addPullRequest({ number: 7, mergeCommitSha: sha, commits: [sha] })
    github.model.addIssue(8)
    const permissions = { pull_requests: 'write' } as const
    const commentOn = (issue: number) => call(`/issues/${issue}/comments`, { permissions, body: { body: 'Deployed' } })
    expect([await commentOn(7), await commentOn(8), await commentOn(9)].map(({ status }) => status)).toEqual([
      201, 403, 404,
    ])
  })

  it('keeps the order in which they were written', async () => {
    github.model.addIssue(8)
    github.model.addComment(8, 'first', { login: 'mona', app: null })
    const { id } = github.model.addComment(8, 'second', bot)
    await call(`/issues/comments/${id}`, { method: 'PATCH', body: { body: 'changed' } })
    expect(github.model.comments(8).map(({ body }) => body)).toEqual(['first', 'changed'])
    expect((await call('/issues/8/comments')).body).toMatchObject([
      { body: 'first', user: { login: 'mona' } },
      { body: 'changed', performed_via_github_app: { slug: 'github-actions' } },
    ])
  })

  it('refuses an empty body and one beyond 65,536 characters', async () => {
    github.model.addIssue(8)
    expect((await comment(' ')).status).toBe(422)
    expect((await comment('x'.repeat(65_536))).status).toBe(201)
    expect((await comment('x'.repeat(65_537))).status).toBe(422)
  })
})
