import { describe, expect, it } from 'vitest'
import { isOpen, promotedVersion, readEntries, taskOf } from '../../src/core/ledger.ts'
import type { Sha } from '../../src/core/ids.ts'
import { asked, bot, commit, connect, deployPayload, github, key, pauses, sandbox, stranger, version, withNewGitHub, world } from './github-samples.ts'

withNewGitHub()

const task = taskOf('deploy', 'shop')
const query = { task, environment: 'production', limit: 5 }
const logUrl = 'https://github.example/run'
const entryOf = (sha: Sha, runId?: number) => ({ sha, task, environment: 'production', payload: deployPayload(sha, runId), description: 'Sleepwell rolls out' })

async function open(sha: Sha, runId?: number): Promise<number> {
  const opened = await github.createEntry(entryOf(sha, runId))
  if (opened.kind !== 'ok') throw new Error(opened.kind)
  return opened.value.id
}

async function ours() {
  const read = await github.entries(query)
  if (read.kind !== 'ok') throw new Error(read.kind)
  return readEntries('deploy', key, read.value)
}

describe('an entry of the ledger', () => {
  it('is opened without merging, without waiting for checks, and read back with its payload', async () => {
    const sha = commit()
    commit('A commit that is not in it')
    sandbox.model.addWorkflowRun({ headSha: sha, status: 'in_progress' })
    const id = await open(sha)
    expect(sandbox.model.deployments()).toMatchObject([{ id, sha, task, environment: 'production', production: true, transient: false }])
    expect(await ours()).toEqual([{ id, payload: deployPayload(sha), statuses: [] }])
  })

  it.each([['production', true], ['prod-eu', true], ['staging', false], ['products', false]])('in %s is one of production: %s', async (environment, production) => {
    const sha = commit()
    await github.createEntry({ ...entryOf(sha), environment })
    expect(sandbox.model.deployments()).toMatchObject([{ environment, production }])
  })

  it.each(['as-sent', 'string', 'double-encoded'] as const)('is read when GitHub gives its payload back %s', async (form) => {
    sandbox.model.setPayloadForm(form)
    const sha = commit()
    await open(sha)
    expect(await ours()).toMatchObject([{ payload: deployPayload(sha) }])
  })

  it('names its page when the server is known', async () => {
    const sha = commit()
    const opened = await connect({ serverUrl: 'https://github.example' }).createEntry({ ...entryOf(sha), environment: 'eu/live' })
    expect(opened).toMatchObject({ kind: 'ok', value: { url: 'https://github.example/harbour/ferry/deployments/eu%2Flive' } })
  })

  it('keeps what became of it, newest first', async () => {
    const id = await open(commit())
    await github.addStatus(id, { state: 'in_progress', description: `stage ${version(2)}`, logUrl })
    await github.addStatus(id, { state: 'success', description: `promoted ${version(2)}: all is well`, logUrl, environmentUrl: 'https://shop.example/' })
    const [entry] = await ours()
    if (entry === undefined) throw new Error('no entry')
    expect(entry.statuses.map(({ state }) => state)).toEqual(['success', 'in_progress'])
    expect(promotedVersion(entry)).toBe(version(2))
    expect(sandbox.model.statusesOf(id)[0]).toMatchObject({ logUrl, environmentUrl: 'https://shop.example/' })
  })

  it('is not marked inactive by the success of another in its environment', async () => {
    const sha = commit()
    const ids: number[] = []
    for (const runId of [1, 2]) {
      const opened = await github.createEntry({ ...entryOf(sha, runId), environment: 'staging' })
      if (opened.kind !== 'ok') throw new Error(opened.kind)
      ids.push(opened.value.id)
      await github.addStatus(opened.value.id, { state: 'success', description: 'promoted', logUrl })
    }
    expect(ids.map((id) => sandbox.model.statusesOf(id)[0]?.state)).toEqual(['success', 'success'])
  })

  it('has descriptions of 140 characters at most, and never half a character', async () => {
    const sha = commit()
    const opened = await github.createEntry({ ...entryOf(sha), description: '🦭'.repeat(200) })
    if (opened.kind !== 'ok') throw new Error(opened.kind)
    await github.addStatus(opened.value.id, { state: 'failure', description: `x${'🦭'.repeat(200)}`, logUrl })
    const [deployment] = sandbox.model.deployments()
    const descriptions = [deployment?.description ?? '', sandbox.model.statusesOf(opened.value.id)[0]?.description ?? '']
    for (const description of descriptions) {
      expect(description.length).toBeGreaterThan(136)
      expect(description.length).toBeLessThanOrEqual(140)
      expect(description.isWellFormed()).toBe(true)
    }
  })

  it('is refused when GitHub takes the commit for a branch of that name', async () => {
    const sha = commit()
    const body = { id: 1, url: 'https://github.example/1', sha: 'b'.repeat(40), task, environment: 'production', payload: {}, creator: null }
    world.faults.push({ service: 'github', method: 'POST', fault: { kind: 'answer', status: 201, body } })
    expect(await github.createEntry(entryOf(sha))).toMatchObject({ kind: 'denied', code: 'other-commit' })
  })
})

describe('an entry whose reply is lost', () => {
  it('is recognised, and not opened again', async () => {
    world.faults.push({ service: 'github', method: 'POST', path: /deployments$/, fault: { kind: 'reply-lost' } })
    const id = await open(commit())
    expect(sandbox.model.deployments().map((one) => one.id)).toEqual([id])
    expect(asked()).toEqual(['POST /deployments 0', 'GET /deployments 200'])
    expect(pauses).toEqual([1])
  })

  it('is recognised even when that was the last try', async () => {
    world.faults.push({ service: 'github', method: 'POST', path: /deployments$/, fault: { kind: 'reply-lost' } })
    const opened = await connect({ limits: { tries: 1, timeoutMs: 5000 } }).createEntry(entryOf(commit()))
    expect(opened.kind).toBe('ok')
    expect(sandbox.model.deployments()).toHaveLength(1)
  })

  it('is not mistaken for that of another run, another attempt or another author', async () => {
    const sha = commit()
    await open(sha, 41)
    sandbox.model.addDeployment({ ref: sha, task, environment: 'production', payload: { ...deployPayload(sha), runAttempt: 2 } }, bot)
    sandbox.model.addDeployment({ ref: sha, task, environment: 'production', payload: deployPayload(sha) }, stranger)
    world.faults.push({ service: 'github', method: 'POST', path: /deployments$/, fault: { kind: 'dropped' } })
    const id = await open(sha)
    expect(sandbox.model.deployments()).toHaveLength(4)
    expect(sandbox.model.deployments()[0]?.id).toBe(id)
  })

  it('is not opened again when nobody can tell whether it is there', async () => {
    world.faults.push(
      { service: 'github', method: 'POST', path: /deployments$/, fault: { kind: 'reply-lost' } },
      { service: 'github', method: 'GET', path: /deployments$/, fault: { kind: 'answer', status: 502, body: '<html>' }, times: 99 },
    )
    expect((await github.createEntry(entryOf(commit()))).kind).toBe('unavailable')
    expect(sandbox.model.deployments()).toHaveLength(1)
  })

  it('is opened again without a look when GitHub had refused it for a rate limit', async () => {
    sandbox.model.refuseSecondary({ method: 'POST', retryAfterSeconds: 7 })
    await open(commit())
    expect(asked()).toEqual(['POST /deployments 403', 'POST /deployments 201'])
    expect(pauses).toEqual([7])
  })

  it.each([
    ['a page instead of JSON', { kind: 'answer', status: 201, headers: { 'content-type': 'text/html' }, body: '<html>hello</html>' }],
    ['nothing', { kind: 'answer', status: 201, body: '' }],
  ] as const)('is not taken for open when %s came back', async (_, fault) => {
    world.faults.push({ service: 'github', method: 'POST', path: /deployments$/, fault })
    const id = await open(commit())
    expect(sandbox.model.deployments().map((one) => one.id)).toEqual([id])
  })
})

describe('the list of entries', () => {
  it('holds one task and environment only, newest first, up to the limit', async () => {
    const sha = commit()
    for (const runId of [1, 2, 3, 4, 5, 6, 7]) await open(sha, runId)
    await github.createEntry({ ...entryOf(sha), task: taskOf('deploy', 'mail') })
    await github.createEntry({ ...entryOf(sha), environment: 'staging' })
    expect((await ours()).map(({ payload }) => payload.runId)).toEqual([7, 6, 5, 4, 3])
  })

  it('goes on over the pages', async () => {
    const sha = commit()
    for (let runId = 1; runId <= 130; runId += 1) sandbox.model.addDeployment({ ref: sha, task, environment: 'production', payload: deployPayload(sha, runId) }, bot)
    const read = await github.entries({ ...query, limit: 120 })
    expect(read.kind === 'ok' ? read.value.length : read).toBe(120)
    expect(asked().filter((line) => line === 'GET /deployments 200')).toHaveLength(2)
  })

  it('leaves out what others have made, and what others have said about ours', async () => {
    const sha = commit()
    sandbox.model.addDeployment({ ref: sha, task, environment: 'production', payload: deployPayload(sha, 1) }, stranger)
    const forged = { state: 'success', description: `promoted ${version(9)}` } as const
    sandbox.model.addDeployment({ ref: sha, task, environment: 'production', payload: deployPayload(sha, 2) }, { login: 'tide[bot]', app: { id: 9, slug: 'tide', name: 'Tide' } }, [forged])
    const id = await open(sha, 3)
    const token = sandbox.createToken({ permissions: { deployments: 'write' }, app: null, actor: 'mona' })
    await connect({ token }).addStatus(id, { ...forged, logUrl })
    const [entry, ...others] = await ours()
    expect(others).toEqual([])
    expect(entry).toMatchObject({ id, statuses: [] })
    expect(entry === undefined ? undefined : isOpen(entry)).toBe(true)
  })

  it('is unavailable, not empty, when the answer is nothing', async () => {
    await open(commit())
    world.faults.push({ service: 'github', method: 'GET', path: /deployments$/, fault: { kind: 'answer', status: 200, body: '' }, times: 99 })
    expect(await github.entries(query)).toEqual({ kind: 'unavailable', message: "GitHub answered with something that is not its API's" })
  })

  it('is unavailable when the statuses of one entry are', async () => {
    await open(commit())
    world.faults.push({ service: 'github', path: /statuses$/, fault: { kind: 'answer', status: 500, body: {} }, times: 99 })
    expect((await github.entries(query)).kind).toBe('unavailable')
  })
})
