import { describe, expect, it } from 'vitest'
import { asked, bot, commit, connect, github, pauses, sandbox, stranger, token, withNewGitHub, world } from './github-samples.ts'

withNewGitHub()

const ci = '.github/workflows/ci.yml'

describe('the runs of a commit', () => {
  it('come with all that the gate judges by', async () => {
    const sha = commit()
    const { id } = sandbox.model.addWorkflowRun({ headSha: sha, conclusion: 'failure' })
    sandbox.model.rerun(id, { conclusion: 'success', jobs: [{ name: 'test' }, { name: 'lint', conclusion: 'skipped' }] })
    sandbox.model.addWorkflowRun({ headSha: commit('Another') })
    const runs = await github.runsOfCommit(ci, sha)
    expect(runs).toMatchObject({
      kind: 'ok',
      value: [{ id, runNumber: 1, attempt: 2, path: ci, headSha: sha, headBranch: 'main', event: 'push', status: 'completed', conclusion: 'success' }],
    })
    expect(await github.jobs(id, 2)).toEqual({
      kind: 'ok',
      value: [
        { name: 'test', status: 'completed', conclusion: 'success' },
        { name: 'lint', status: 'completed', conclusion: 'skipped' },
      ],
    })
    expect(await github.jobs(id, 1)).toMatchObject({ kind: 'ok', value: [{ name: 'test', conclusion: 'failure' }] })
  })

  it('are told apart from those of a fork', async () => {
    const sha = commit()
    const { id } = sandbox.model.addWorkflowRun({ headSha: sha })
    sandbox.model.addWorkflowRun({ headSha: sha, headRepository: 'pirate/ferry' })
    const [fork, own] = await Promise.all([github.runsOfCommit(ci, sha), github.run(id)])
    if (fork.kind !== 'ok' || own.kind !== 'ok') throw new Error('unread')
    expect(new Set(fork.value.map((run) => run.headRepositoryId)).size).toBe(2)
    expect(fork.value.at(-1)?.headRepositoryId).toBe(own.value.headRepositoryId)
  })

  it('are read over all pages', async () => {
    const sha = commit()
    for (let count = 0; count < 120; count += 1) sandbox.model.addWorkflowRun({ headSha: sha })
    const runs = await github.runsOfCommit(ci, sha)
    expect(runs.kind === 'ok' ? runs.value.length : runs).toBe(120)
    expect(asked()).toHaveLength(2)
  })

  it('are none when GitHub knows no such workflow', async () => {
    expect(await github.runsOfCommit('.github/workflows/tset.yml', commit())).toEqual({ kind: 'ok', value: [] })
  })

  it('of one workflow are its newest hundred, in one request', async () => {
    const sha = commit()
    for (let count = 0; count < 120; count += 1) sandbox.model.addWorkflowRun({ headSha: sha })
    const runs = await github.newestRuns(ci)
    expect(runs.kind === 'ok' ? runs.value.map((run) => run.runNumber).slice(0, 2) : runs).toEqual([120, 119])
    expect(asked()).toHaveLength(1)
  })
})

describe('two commits', () => {
  it('are compared along the history', async () => {
    const [first, second] = [commit('First'), commit('Second')]
    const aside = sandbox.model.addCommit({ parents: [first], branch: 'aside' })
    expect(await github.compare(first, second)).toEqual({ kind: 'ok', value: 'ahead' })
    expect(await github.compare(second, first)).toEqual({ kind: 'ok', value: 'behind' })
    expect(await github.compare(second, second)).toEqual({ kind: 'ok', value: 'identical' })
    expect(await github.compare(second, aside)).toEqual({ kind: 'ok', value: 'diverged' })
    expect(await github.compare(first, 'f'.repeat(40))).toEqual({ kind: 'absent' })
  })
})

describe('reports', () => {
  it('show on the commit, in a description of 140 characters at most', async () => {
    const sha = commit('Sail at noon\n\nThe tide is high.')
    const status = { context: 'sleepwell/production/shop', state: 'success', description: 'x'.repeat(200), targetUrl: 'https://github.example/run' } as const
    expect(await github.setCommitStatus(sha, status)).toEqual({ kind: 'ok', value: undefined })
    expect(sandbox.model.commitStatuses(sha)).toMatchObject([{ context: status.context, state: 'success', description: `${'x'.repeat(139)}…` }])
    expect(await github.commitTitle(sha)).toEqual({ kind: 'ok', value: 'Sail at noon' })
  })

  it('find the merged pull request of a commit', async () => {
    const base = commit('Base')
    const change = sandbox.model.addCommit({ parents: [base], branch: 'change' })
    const merge = commit('Merge')
    sandbox.model.addPullRequest({ number: 7, mergeCommitSha: merge, commits: [change] })
    expect(await github.pullRequestOf(merge)).toEqual({ kind: 'ok', value: 7 })
    expect(await github.pullRequestOf(base)).toEqual({ kind: 'absent' })
  })

  it('prefer the pull request that the commit is the merge of, and name none when two brought it', async () => {
    commit('Base')
    const change = sandbox.model.addCommit({ parents: [commit('Before')], branch: 'change' })
    const [one, two] = [commit('Merge one'), commit('Merge two')]
    sandbox.model.addPullRequest({ number: 7, mergeCommitSha: one, commits: [change] })
    sandbox.model.addPullRequest({ number: 8, mergeCommitSha: two, commits: [change, one] })
    expect(await github.pullRequestOf(one)).toEqual({ kind: 'ok', value: 7 })
    expect(await github.pullRequestOf(change)).toEqual({ kind: 'absent' })
  })
})

function openPullRequest(number: number): void {
  commit('Base')
  sandbox.model.addPullRequest({ number, mergeCommitSha: commit('Merge') })
}

describe('the comment', () => {
  const marker = '<!-- sleepwell -->'

  it('is ours by marker and author, and by nothing less', async () => {
    openPullRequest(7)
    sandbox.model.addComment(7, `${marker}\nforged`, stranger)
    sandbox.model.addComment(7, `> ${marker}\nquoted`, bot)
    expect(await github.findComment(7, marker)).toEqual({ kind: 'absent' })
    await github.writeComment(7, { body: `${marker}\nDeploying` })
    const found = await github.findComment(7, marker)
    expect(found).toMatchObject({ kind: 'ok', value: { body: `${marker}\nDeploying` } })
    if (found.kind !== 'ok') return
    await github.writeComment(7, { id: found.value.id, body: `${marker}\nDeployed` })
    expect(sandbox.model.comments(7).map(({ body }) => body).slice(2)).toEqual([`${marker}\nDeployed`])
  })

  it('is found behind a hundred others', async () => {
    openPullRequest(7)
    for (let count = 0; count < 130; count += 1) sandbox.model.addComment(7, 'Chatter', stranger)
    const { id } = sandbox.model.addComment(7, `${marker}\nOurs`, bot)
    expect(await github.findComment(7, marker)).toMatchObject({ kind: 'ok', value: { id } })
  })

  it('is not written twice when the reply is lost', async () => {
    openPullRequest(7)
    world.faults.push({ service: 'github', method: 'POST', fault: { kind: 'reply-lost' } })
    expect((await github.writeComment(7, { body: `${marker}\nDeploying` })).kind).toBe('ok')
    expect(sandbox.model.comments(7)).toHaveLength(1)
  })

  it('is cut to what GitHub takes', async () => {
    openPullRequest(7)
    expect((await github.writeComment(7, { body: `${marker}\n${'x'.repeat(70_000)}` })).kind).toBe('ok')
    expect(sandbox.model.comments(7)[0]?.body.length).toBe(65_536)
  })
})

describe('an answer that does not come', () => {
  it.each([
    ['500', { kind: 'answer', status: 500, body: { message: 'oops' } }],
    ['a page of 502', { kind: 'answer', status: 502, body: '<html>bad gateway</html>' }],
    ['a broken connection', { kind: 'dropped' }],
    ['a lost reply', { kind: 'reply-lost' }],
    ['a page of 200', { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>log in</html>' }],
    ['half an answer', { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: '{"workflow_runs": [' }],
  ] as const)('is asked for again after %s', async (_, fault) => {
    world.faults.push({ service: 'github', fault, times: 3 })
    expect(await github.newestRuns(ci)).toEqual({ kind: 'ok', value: [] })
    expect(pauses).toEqual([1, 2, 4])
  })

  it('is unavailable when the tries are spent', async () => {
    world.faults.push({ service: 'github', fault: { kind: 'answer', status: 503, body: { message: 'No server' } }, times: 99 })
    expect(await github.newestRuns(ci)).toEqual({ kind: 'unavailable', message: 'GitHub answered 503: No server' })
    expect(world.requests).toHaveLength(4)
  })

  it('is not waited for beyond the time of one try', async () => {
    world.faults.push({ service: 'github', fault: { kind: 'delay', milliseconds: 2000 }, times: 1 })
    expect(await connect({ limits: { tries: 1, timeoutMs: 100 } }).newestRuns(ci)).toEqual({ kind: 'unavailable', message: 'GitHub did not answer within 0.1 s' })
  })

  it('is named by the code of the failure', async () => {
    const nowhere = connect({ apiUrl: 'http://127.0.0.1:1', limits: { tries: 1, timeoutMs: 5000 } })
    expect(await nowhere.newestRuns(ci)).toMatchObject({ kind: 'unavailable', message: expect.stringMatching(/^GitHub did not answer: the connection failed/) })
  })

  it('is not asked for again once the run is told to stop', async () => {
    world.faults.push({ service: 'github', fault: { kind: 'dropped' }, times: 99 })
    expect((await connect({ stop: AbortSignal.abort() }).newestRuns(ci)).kind).toBe('unavailable')
    expect(world.requests).toHaveLength(1)
    expect(pauses).toEqual([])
  })
})

describe('a rate limit', () => {
  it.each([403, 429] as const)('is waited for as long as GitHub asks, with %i', async (status) => {
    sandbox.model.refuseSecondary({ status, retryAfterSeconds: 9 })
    expect((await github.newestRuns(ci)).kind).toBe('ok')
    expect(pauses).toEqual([9])
  })

  it('that names no time is waited for a minute', async () => {
    sandbox.model.refuseSecondary({ retryAfterSeconds: null })
    expect((await github.newestRuns(ci)).kind).toBe('ok')
    expect(pauses).toEqual([60])
  })

  it('of the hour is waited for until it is over', async () => {
    sandbox.model.exhaustRateLimit({ resetSeconds: 30 })
    const ask = connect({ limits: { tries: 2, timeoutMs: 5000 } })
    expect((await ask.newestRuns(ci)).kind).toBe('unavailable')
    expect(pauses[0]).toBeGreaterThan(25)
    expect(pauses[0]).toBeLessThanOrEqual(31)
  })

  it('that lasts longer than the port may wait is not run into again', async () => {
    sandbox.model.exhaustRateLimit({ resetSeconds: 1800 })
    const read = await github.newestRuns(ci)
    expect(read).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('rate limit') })
    expect(world.requests).toHaveLength(1)
    expect(pauses).toEqual([])
  })
})

describe('a refusal', () => {
  it('names the permission that the job lacks, and is final', async () => {
    const poor = connect({ token: sandbox.createToken({ permissions: { contents: 'read' } }) })
    const sha = commit()
    const status = { context: 'sleepwell', state: 'success', description: '', targetUrl: 'https://github.example/' } as const
    expect(await poor.setCommitStatus(sha, status)).toMatchObject({ kind: 'denied', code: '403', message: expect.stringContaining('(needs statuses=write)') })
    expect(await poor.newestRuns(ci)).toMatchObject({ kind: 'denied', message: expect.stringContaining('(needs actions=read)') })
    expect(pauses).toEqual([])
  })

  it('of a token that is not accepted is final', async () => {
    expect(await connect({ token: 'ghs_expired' }).newestRuns(ci)).toMatchObject({ kind: 'denied', code: '401' })
    expect(world.requests).toHaveLength(1)
  })

  it.each([`ghs_secret\nvalue`, 'ghs secret', ''])('of a malformed token shows nothing of it and asks nobody', async (malformed) => {
    const read = await connect({ token: malformed }).newestRuns(ci)
    expect(read).toEqual({ kind: 'denied', code: 'token-malformed', message: 'the GitHub token is empty or has characters that no token has' })
    expect(world.requests).toEqual([])
  })

  it.each([400, 500])('that echoes the token does not pass it on (%i)', async (status) => {
    world.faults.push({ service: 'github', fault: { kind: 'answer', status, body: { message: `who is ${token}?` } }, times: 99 })
    const read = await github.newestRuns(ci)
    expect(read).toMatchObject({ message: `GitHub answered ${status}: who is ***?` })
  })
})
