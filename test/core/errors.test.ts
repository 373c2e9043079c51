import { describe, expect, it } from 'vitest'
import { causeSchema, strandedReasonSchema, type Ending } from '../../src/core/ending.ts'
import { explain, type Facts } from '../../src/errors.ts'
import { REFUSALS } from '../../src/errors/refused.ts'

const BASELINE = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb'
const CANDIDATE = 'cccccccc-cccc-4ccc-8ccc-cccccccccccc'
const facts: Facts = { worker: 'shop', environment: 'production', baselineId: BASELINE, candidateId: CANDIDATE, details: [] }
const bare: Facts = { worker: 'shop', environment: 'production', details: [] }

const refused = [...new Set([...causeSchema.options, ...Object.keys(REFUSALS)])].map((reason): Ending => ({ kind: 'refused', reason }))
const rolledBack = [...causeSchema.options, 'by-hand' as const].map((cause): Ending => ({ kind: 'rolled-back', cause }))
const yielded: Ending[] = [{ kind: 'yielded', to: 'rollback' }, { kind: 'yielded', to: 'foreign' }]
const stranded = strandedReasonSchema.options.map((reason): Ending => ({ kind: 'stranded', reason }))
const all: Ending[] = [{ kind: 'promoted' }, ...refused, ...rolledBack, ...yielded, ...stranded]
const nameOf = (ending: Ending) => Object.values(ending).join(': ')

describe('every ending', () => {
  it('has a sentence of its own', () => {
    const sentences = all.map((ending) => `${ending.kind}: ${explain(ending, facts).sentence}`)
    expect(new Set(sentences).size).toBe(all.length)
  })

  it.each(all.map((ending) => ({ name: nameOf(ending), ending })))('says what happened, what is live and what to do next ($name)', ({ ending }) => {
    for (const given of [facts, bare]) {
      for (const text of Object.values(explain(ending, given))) {
        expect(text).toMatch(/^[A-Z][^\n]{5,}[.]$/)
        expect(text).not.toMatch(/undefined|\[object| {2}|\.\./)
        expect(text.split('`').length % 2, 'backticks in pairs').toBe(1)
      }
    }
  })

  it('shows what was seen after the sentence', () => {
    const seen = explain({ kind: 'refused', reason: 'secrets-missing' }, { ...bare, details: ['STRIPE_KEY', 'DB_URL'] })
    expect(seen.sentence).toBe('Secrets that the Worker requires are not set. Seen: STRIPE_KEY; DB_URL.')
    expect(seen.next).toContain('`npx wrangler versions secret put NAME --name shop`')
  })
})

describe('refused', () => {
  it('names the version that serves as before, if it was read', () => {
    expect(explain({ kind: 'refused', reason: 'held' }, { ...facts, liveId: BASELINE }).live).toBe(`Version \`${BASELINE}\`, as before this run.`)
  })

  it('claims nothing about production that was never read', () => {
    expect(explain({ kind: 'refused', reason: 'held' }, bare).live).toBe('What was live before; this run exposed nothing.')
  })

  it('is honest about a code that it does not know', () => {
    expect(explain({ kind: 'refused', reason: 'moon-phase' }, bare).sentence).toBe('The run was refused (`moon-phase`) before any user met a new version.')
  })

  it('takes no property that every object has for a code', () => {
    expect(explain({ kind: 'refused', reason: 'constructor' }, bare).sentence).toContain('`constructor`')
  })
})

describe('rolled back', () => {
  it('says which version is back and which one failed', () => {
    expect(explain({ kind: 'rolled-back', cause: 'check-failed' }, facts)).toEqual({
      sentence: `A check failed on the new version (\`${CANDIDATE}\`); version \`${BASELINE}\` was put back.`,
      live: `Version \`${BASELINE}\` at 100 %, read back and checked.`,
      next: 'Nothing now. Mend what the check names, merge again, and the next deploy starts from the version that is live.',
    })
  })

  it('says by hand where production went', () => {
    expect(explain({ kind: 'rolled-back', cause: 'by-hand' }, { ...bare, baselineId: BASELINE }).sentence).toBe(`Production was rolled back by hand to version \`${BASELINE}\`.`)
  })

  it('says by hand that deploys are on hold and how to lift it', () => {
    expect(explain({ kind: 'rolled-back', cause: 'by-hand' }, facts).next).toContain('`release: true`')
  })
})

describe('stranded', () => {
  it.each(strandedReasonSchema.options)('holds the command and what it needs (%s)', (reason) => {
    for (const given of [facts, bare]) {
      const { next } = explain({ kind: 'stranded', reason }, given)
      expect(next).toMatch(/`npx wrangler rollback ([0-9a-f-]{36}|VERSION_ID) --name shop --yes`/)
      expect(next).toContain('`CLOUDFLARE_API_TOKEN`')
      expect(next.length, 'a report shows at most 1000 characters').toBeLessThan(900)
    }
  })

  it.each(['cloudflare-unavailable', 'write-rejected', 'nothing-live', 'full-deploy-failed', 'full-deploy-unhealthy', 'triggers-failed'] as const)(
    'goes back to the baseline (%s)',
    (reason) => {
      expect(explain({ kind: 'stranded', reason }, facts).next).toContain(`\`npx wrangler rollback ${BASELINE} --name shop --yes\``)
    },
  )

  it.each(['baseline-unhealthy', 'target-unhealthy', 'no-trusted-target'] as const)('never names a version that is not to be trusted (%s)', (reason) => {
    expect(explain({ kind: 'stranded', reason }, facts).next).toContain('`npx wrangler rollback VERSION_ID --name shop --yes`')
  })

  it('asserts the target of a rollback that was outpaced', () => {
    expect(explain({ kind: 'stranded', reason: 'outpaced' }, { ...bare, baselineId: BASELINE }).next).toContain(`rollback ${BASELINE} --name shop`)
  })

  it('names the version that a rollback reached and that fails', () => {
    expect(explain({ kind: 'stranded', reason: 'target-unhealthy' }, { ...bare, baselineId: BASELINE }).live).toBe(`Version \`${BASELINE}\` at 100 %, failing.`)
  })
})
