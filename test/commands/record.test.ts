import { expect, it } from 'vitest'
import { openRecord } from '../../src/commands/record.ts'
import { begin } from '../../src/core/rollout.ts'
import { readJournal, type Journal } from '../../src/core/journal.ts'
import { shaSchema } from '../../src/core/schemas.ts'
import { BASELINE, CANDIDATE, staged } from '../core/rollout/hostile-world.ts'

const policy = staged([100])
const first = begin(policy)
const initial: Journal = {
  schemaVersion: 1,
  policy,
  phase: first.phase,
  script: 'shop',
  sha: shaSchema.parse('a'.repeat(40)),
  candidate: CANDIDATE,
  preflight: [],
  rounds: [],
  timeline: [],
  splits: [],
}

function open(acknowledged: boolean) {
  const saved: Journal[] = []
  const lines: string[] = []
  const record = openRecord(initial, {
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    saveState: (journal) => saved.push(journal),
    acknowledge: () => Promise.resolve(acknowledged),
    log: (line) => lines.push(line),
    // A secret that is a common word, as somebody's will be one day.
    redact: (text) => text.replaceAll('staged', '***'),
  })
  return { record, saved, lines }
}

it('redacts what is noted, and keeps the journal readable even when a secret is a word of its own', async () => {
  const { record, saved, lines } = open(true)
  record.note('Cloudflare said: staged')
  await record.save(first)
  expect(lines).toEqual(['Cloudflare said: ***'])
  expect(readJournal(JSON.stringify(saved[0]))).toMatchObject({ policy: { plan: 'staged' }, timeline: [{ text: 'Cloudflare said: ***' }] })
})

it('saves before it asks for the acknowledgement that a forward effect needs', async () => {
  const { record, saved } = open(false)
  expect(await record.save(first)).toBe('not-recorded')
  expect(saved).toHaveLength(1)
})

it('never waits for the ledger on the way back', async () => {
  const { record } = open(false)
  const effect = { kind: 'write-split', split: [{ versionId: BASELINE, percentage: 100 }], direction: 'back', force: true } as const
  expect(await record.save({ phase: first.phase, effect })).toBe('recorded')
})

it('calls versions what they are, and tells a split once', () => {
  const { record, lines } = open(true)
  const read = { kind: 'read', deploymentId: 'd', split: [{ versionId: CANDIDATE, percentage: 0 }, { versionId: BASELINE, percentage: 100 }] } as const
  record.noteEvent(read)
  record.noteEvent(read)
  expect(lines).toEqual(['Read back: the candidate (cccccccc) at 0 %, the baseline (bbbbbbbb) at 100 %.'])
  expect(record.current().splits).toHaveLength(1)
})
