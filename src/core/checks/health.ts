import type { HttpFacts } from './answer.ts'
import { judgeExchange } from './exchange.ts'
import { describeAnswer, excerpt, inJson, type Miss } from './expectations.ts'
import { readHealth, type Component, type HealthDocument } from './health-document.ts'
import type { Attempt } from './result.ts'
import type { PartSeen, Seen } from './seen.ts'
import type { CheckBasics } from './spec.ts'

/** A health document; each of its components is a check of its own. */
export interface HealthCheckSpec extends CheckBasics {
  readonly kind: 'health'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Components that must be there. */
  readonly required: readonly string[]
  /** Components whose failure is told and blamed on nobody. */
  readonly optional: readonly string[]
  /** Components whose observed value is the version that their Durable Object runs. */
  readonly objectVersions: readonly string[]
}

/** Who should have answered. `servesAll`: the version has 100 %, so that Durable Objects follow it. */
export interface WantedVersion {
  readonly id: string | undefined
  readonly servesAll: boolean
}

/** Judges the document and, on their own, its components. */
export function judgeHealth(spec: HealthCheckSpec, facts: HttpFacts, wanted: WantedVersion): Seen {
  const { proof, timeoutSeconds } = spec
  let read: HealthDocument | undefined
  const own = judgeExchange({ proof, timeoutSeconds, wanted: wanted.id }, facts, (answer, document) => {
    read = readHealth(document)
    return read === undefined ? { expectation: 'a health document: JSON with a status such as pass', seen: describeAnswer(answer) } : missOfDocument(spec, read, answer.status)
  })
  if (read === undefined) return { own, parts: [] }
  if (own.kind === 'failed' && isStarting(read)) return { own: { kind: 'starting', seen: saidBy(read), hasAnswered: true, isProven: own.isProven }, parts: [] }
  if (own.kind === 'wrong-version' || own.kind === 'blocked' || own.kind === 'starting') return { own, parts: [] }
  return { own, parts: partsOf(spec, read, own, wanted) }
}

/** What is wrong with the whole beyond its components: they speak for themselves. */
function missOfDocument(spec: HealthCheckSpec, { status, output, components }: HealthDocument, httpStatus: number): Miss | undefined {
  const seen = `status ${status}, HTTP ${httpStatus}${output === undefined ? '' : `: ${excerpt(output)}`}`
  const isExplained = components.some((one) => one.status === 'fail' || one.status === 'starting') || spec.required.some((name) => !components.some((one) => one.name === name))
  if (isExplained) return undefined
  if (status === 'fail' || status === 'starting') return { expectation: 'status pass', seen }
  // Draft 3.1: 2xx or 3xx for pass and warn.
  return httpStatus < 400 ? undefined : { expectation: 'an HTTP status below 400 beside a passing document', seen }
}

function isStarting({ status, components }: HealthDocument): boolean {
  return status === 'starting' && !components.some((one) => one.status === 'fail')
}

function saidBy({ output, components }: HealthDocument): string {
  const waiting = components.filter((one) => one.status === 'starting').map(({ name }) => name)
  return `the health document says that it is starting${waiting.length === 0 ? '' : ` (${waiting.join(', ')})`}${output === undefined ? '' : `: ${excerpt(output)}`}`
}

function partsOf(spec: HealthCheckSpec, { components }: HealthDocument, own: Attempt, wanted: WantedVersion): readonly PartSeen[] {
  const good = goodLike(own)
  const isProven = good.kind !== 'no-proof'
  const missing = spec.required.filter((name) => !components.some((one) => one.name === name))
  return [
    ...components.map((component) => ({
      name: component.name,
      attempt: attemptOf(spec, component, { good, isProven, wanted }),
      ...observedBy(component),
      ...(spec.optional.includes(component.name) ? { isOptional: true } : {}),
    })),
    ...missing.map((name): PartSeen => ({ name, attempt: { kind: 'failed', expectation: 'to be among the components', seen: 'not there', isProven } })),
  ]
}

/** A component of a good or failing document was answered by whoever answered the document. */
function goodLike(own: Attempt): Attempt {
  if (own.kind === 'passed' || own.kind === 'unproven' || own.kind === 'no-proof') return own
  return own.kind === 'failed' && own.isProven ? { kind: 'unproven' } : { kind: 'no-proof', seen: 'nothing in the answer says which version gave it' }
}

function attemptOf(spec: HealthCheckSpec, component: Component, judged: { readonly good: Attempt; readonly isProven: boolean; readonly wanted: WantedVersion }): Attempt {
  const { good, isProven, wanted } = judged
  const said = component.output === undefined ? '' : `: ${excerpt(component.output)}`
  switch (component.status) {
    case 'fail':
      return { kind: 'failed', expectation: 'to pass', seen: `fail${said}`, isProven }
    case 'starting':
      return { kind: 'starting', seen: `starting${said}`, hasAnswered: true, isProven }
    case 'pass':
    case 'warn': {
      const isAskedForVersion = spec.objectVersions.includes(component.name) && wanted.servesAll && wanted.id !== undefined
      if (!isAskedForVersion || component.observedValue === wanted.id) return good
      return { kind: 'wrong-version', answeredBy: `an object that runs ${excerpt(inWords(component.observedValue) || 'an untold version')}` }
    }
  }
}

const LONGEST_OBSERVED = 60

function observedBy({ observedValue, observedUnit, status }: Component): { readonly observed?: string } {
  const value = `${inWords(observedValue)} ${observedUnit ?? ''}`.trim()
  const text = [status === 'warn' ? 'warn' : '', value].filter((part) => part !== '').join(', ')
  return text === '' ? {} : { observed: text.slice(0, LONGEST_OBSERVED) }
}

function inWords(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : inJson(value)
}
