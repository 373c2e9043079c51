import { describe, expect, it } from 'vitest'
import { createConcurrencyQueue, type ConcurrencyQueue } from '../../sandbox/runner/concurrency.ts'
import { results, runMain, runMainWith } from './runner-fixtures.ts'

function request(queue: ConcurrencyQueue, holder: string, options: { queue?: 'single' | 'max'; cancelInProgress?: boolean; log?: string[] } = {}) {
  const ticket = queue.request({
    group: 'Deploy/api',
    queue: options.queue ?? 'max',
    cancelInProgress: options.cancelInProgress ?? false,
    holder,
    onPreempted: () => options.log?.push(`${holder} preempted`),
  })
  void ticket.granted.then((answer) => options.log?.push(`${holder} ${answer}`))
  return ticket
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('a concurrency group', () => {
  it('with queue: max lets everyone in, first come first served', async () => {
    const queue = createConcurrencyQueue()
    const log: string[] = []
    const [first, second] = ['first', 'second', 'third'].map((holder) => request(queue, holder, { log }))
    await settled()
    expect(log).toEqual(['first granted'])
    expect(queue.read('deploy/API')).toEqual({ running: 'first', pending: ['second', 'third'] })
    first?.release()
    second?.release()
    await settled()
    expect(log).toEqual(['first granted', 'second granted', 'third granted'])
  })

  it('without a queue has one place to wait: the newest takes it', async () => {
    const queue = createConcurrencyQueue()
    const log: string[] = []
    const [first] = ['first', 'second', 'third'].map((holder) => request(queue, holder, { log, queue: 'single' }))
    await settled()
    expect(log).toEqual(['first granted', 'second cancelled'])
    first?.release()
    await settled()
    expect(log.at(-1)).toBe('third granted')
  })

  it('with cancel-in-progress tells the one who runs to end', async () => {
    const queue = createConcurrencyQueue()
    const log: string[] = []
    const first = request(queue, 'first', { log, queue: 'single' })
    request(queue, 'second', { log, queue: 'single', cancelInProgress: true })
    await settled()
    expect(log).toEqual(['first preempted', 'first granted'])
    first.release()
    await settled()
    expect(log.at(-1)).toBe('second granted')
  })

  it('with queue: max cancels whoever comes when a hundred wait', async () => {
    const queue = createConcurrencyQueue()
    const log: string[] = []
    for (let count = 0; count < 101; count += 1) request(queue, `r${count}`)
    request(queue, 'too late', { log })
    await settled()
    expect(log).toEqual(['too late cancelled'])
  })
})

const locked = (more = 'queue: max') => `
on: push
jobs:
  deploy:
    concurrency: { group: lock, ${more} }
    runs-on: x
    steps: [{ run: 'echo begin; sleep 0.3; echo end' }]
`

describe('runs that share a group', () => {
  it('run one after the other', async () => {
    const concurrency = createConcurrencyQueue()
    const log: string[] = []
    const start = (name: string) =>
      runMainWith({ caller: { 'main.yml': locked() }, options: { concurrency } }, (_, line) => log.push(`${name} ${line}`))
    const runs = await Promise.all([start('a'), start('b')])
    expect(runs.map((run) => run.conclusion)).toEqual(['success', 'success'])
    const order = log[0]?.startsWith('a') === true ? ['a', 'b'] : ['b', 'a']
    expect(log).toEqual(order.flatMap((name) => [`${name} begin`, `${name} end`]))
  })

  it('lose the place in the queue to a newer one when there is only one place', async () => {
    const concurrency = createConcurrencyQueue()
    const holder = concurrency.request({ group: 'lock', queue: 'single', cancelInProgress: false, holder: 'elsewhere', onPreempted: () => undefined })
    const older = runMain({ caller: { 'main.yml': locked('queue: single') }, options: { concurrency } })
    while (concurrency.read('lock').pending.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    const newer = concurrency.request({ group: 'lock', queue: 'single', cancelInProgress: false, holder: 'newer', onPreempted: () => undefined })
    const run = await older
    expect(results(run)).toEqual({ deploy: 'cancelled' })
    expect(run.annotations[0]?.message).toBe("Canceling since a higher priority waiting request for 'lock' exists")
    newer.release()
    holder.release()
  })

  it('are cancelled while they run by cancel-in-progress', async () => {
    const concurrency = createConcurrencyQueue()
    const caller = { 'main.yml': locked('cancel-in-progress: true').replace('sleep 0.3', 'exec sleep 30') }
    const run = await runMainWith({ caller, options: { concurrency, pace: { graceScale: 0.02 } } }, (_, line) => {
      if (line === 'begin') concurrency.request({ group: 'lock', queue: 'single', cancelInProgress: true, holder: 'newer', onPreempted: () => undefined })
    })
    expect(run.conclusion).toBe('cancelled')
    expect(concurrency.read('lock').running).toBe('newer')
  })

  it('leave the queue when they are cancelled while they wait', async () => {
    const concurrency = createConcurrencyQueue()
    const holder = concurrency.request({ group: 'lock', queue: 'max', cancelInProgress: false, holder: 'elsewhere', onPreempted: () => undefined })
    const caller = { 'main.yml': `${locked()}  first: { runs-on: x, steps: [{ run: echo cancel }] }\n` }
    const run = await runMainWith({ caller, options: { concurrency } }, async (handle, line) => {
      if (line === 'cancel') handle.cancel()
    })
    expect(results(run)).toMatchObject({ deploy: 'cancelled' })
    expect(concurrency.read('lock').pending).toEqual([])
    holder.release()
  })

  it('hold the group of a calling job for the whole call', async () => {
    const concurrency = createConcurrencyQueue()
    const seen: (string | undefined)[] = []
    const caller = {
      'main.yml': `on: push\njobs: { call: { concurrency: { group: lock, queue: max }, uses: ./.github/workflows/inner.yml } }`,
      'inner.yml': `on: workflow_call\njobs: { deploy: { runs-on: x, steps: [{ run: echo one }] }, recover: { needs: deploy, runs-on: x, steps: [{ run: echo two }] } }`,
    }
    const run = await runMainWith({ caller, options: { concurrency } }, () => seen.push(concurrency.read('lock').running))
    expect(run.conclusion).toBe('success')
    expect(seen).toEqual(['call', 'call'])
    expect(concurrency.read('lock').running).toBeUndefined()
  })

  it('say so when a called workflow asks for the group that its caller holds', async () => {
    const caller = {
      'main.yml': `on: push\njobs: { call: { concurrency: lock, uses: ./.github/workflows/inner.yml } }`,
      'inner.yml': `on: workflow_call\nconcurrency: LOCK\njobs: { deploy: { runs-on: x, steps: [{ run: echo one }] } }`,
    }
    const run = await runMain({ caller })
    expect(run.conclusion).toBe('cancelled')
    expect(run.annotations[0]?.message).toContain("deadlock for concurrency group 'LOCK'")
  })

  it('wait as a whole for the group of the workflow', async () => {
    const concurrency = createConcurrencyQueue()
    const holder = concurrency.request({ group: 'all', queue: 'single', cancelInProgress: false, holder: 'elsewhere', onPreempted: () => undefined })
    const caller = { 'main.yml': `on: push\nconcurrency: all\njobs: { a: { runs-on: x, steps: [{ run: echo }] } }` }
    const running = runMain({ caller, options: { concurrency } })
    while (concurrency.read('all').pending.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    holder.release()
    expect((await running).conclusion).toBe('success')
  })
})
