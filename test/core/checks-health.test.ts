import { describe, expect, it } from 'vitest'
import type { HttpAnswer } from '../../src/core/checks/answer.ts'
import { judgeHealth, type HealthCheckSpec } from '../../src/core/checks/health.ts'
import { readHealth } from '../../src/core/checks/health-document.ts'
import { ANOTHER, answer, WANTED } from './check-samples.ts'

const spec = (over: Partial<HealthCheckSpec> = {}): HealthCheckSpec => ({
  kind: 'health', name: 'health', path: '/healthz', headers: {}, required: [], optional: [], objectVersions: [],
  proof: { kind: 'header', name: 'X-Version' }, timeoutSeconds: 10, deadlineSeconds: 60, ...over,
})

const says = (document: unknown, over: Partial<HttpAnswer> = {}) => answer({ body: JSON.stringify(document), ...over })
const judge = (document: unknown, over: Partial<HealthCheckSpec> = {}, seen: Partial<HttpAnswer> = {}, servesAll = false) =>
  judgeHealth(spec(over), says(document, seen), { id: WANTED, servesAll })

const passed = { kind: 'passed', answeredBy: WANTED }

describe('a health document', () => {
  it.each(['pass', 'PASS', 'ok', 'UP', 'healthy', 'warn', true])('passes when it says %s', (status) => {
    expect(judge({ status })).toEqual({ own: passed, parts: [] })
  })

  it.each(['fail', 'down', 'Error', false])('fails when it says %s and names no component', (status) => {
    expect(judge({ status, output: 'disk full' }).own).toMatchObject({ kind: 'failed', expectation: 'status pass', seen: 'status fail, HTTP 200: disk full' })
  })

  it.each([['HTML', '<html>'], ['a number', '7'], ['no status', '{"checks":{}}'], ['a status that nobody knows', '{"status":"purple"}']])('is no health document when it is %s', (_what, body) => {
    expect(judgeHealth(spec(), answer({ body }), { id: WANTED, servesAll: false })).toMatchObject({ own: { kind: 'failed', expectation: 'a health document: JSON with a status such as pass' }, parts: [] })
  })

  it('is not believed when the HTTP status says otherwise', () => {
    expect(judge({ status: 'pass' }, {}, { status: 500 }).own).toMatchObject({ kind: 'failed' })
  })

  it('leaves a failing component to speak for itself', () => {
    const seen = judge({ status: 'fail', checks: { 'r2:list': [{ status: 'fail', output: 'no bucket' }], 'kv:get': [{ status: 'pass', observedValue: 12, observedUnit: 'ms' }] } }, {}, { status: 503 })
    expect(seen).toEqual({
      own: passed,
      parts: [
        { name: 'r2:list', attempt: { kind: 'failed', expectation: 'to pass', seen: 'fail: no bucket', isProven: true } },
        { name: 'kv:get', attempt: passed, observed: '12 ms' },
      ],
    })
  })

  it('reads plain components, as Spring and others write them', () => {
    expect(readHealth({ status: 'UP', components: { db: { status: 'UP' }, queue: 'down' } })?.components).toEqual([{ name: 'db', status: 'pass' }, { name: 'queue', status: 'fail' }])
  })

  it('tells several measurements of one key apart by their component', () => {
    const checks = { 'cpu:load': [{ componentId: 'a', status: 'pass' }, { componentId: 'b', status: 'fail' }] }
    expect(readHealth({ status: 'fail', checks })?.components.map(({ name, status }) => [name, status])).toEqual([['cpu:load#a', 'pass'], ['cpu:load#b', 'fail']])
  })

  it('misses a required component that is not there', () => {
    expect(judge({ status: 'pass' }, { required: ['auth'] }).parts).toEqual([{ name: 'auth', attempt: { kind: 'failed', expectation: 'to be among the components', seen: 'not there', isProven: true } }])
  })

  it('marks an optional component, whose failure blames nobody', () => {
    expect(judge({ status: 'fail', checks: { mail: [{ status: 'fail' }] } }, { optional: ['mail'] }, { status: 503 })).toMatchObject({ own: passed, parts: [{ name: 'mail', isOptional: true }] })
  })

  it('is starting, not failing, when it says so', () => {
    expect(judge({ status: 'starting', output: 'container boots' }, {}, { status: 503 }).own).toMatchObject({ kind: 'starting', hasAnswered: true, isProven: true })
    expect(judge({ status: 'pass', checks: { object: [{ status: 'starting' }] } }).parts).toMatchObject([{ attempt: { kind: 'starting' } }])
  })

  it('says nothing about components when another version answered', () => {
    const seen = judge({ status: 'fail', checks: { r2: [{ status: 'fail' }] } }, {}, { headers: { 'x-version': ANOTHER } })
    expect(seen).toEqual({ own: { kind: 'wrong-version', answeredBy: ANOTHER }, parts: [] })
  })

  it('waits for a Durable Object to run the version once it serves everybody', () => {
    const document = { status: 'pass', checks: { object: [{ status: 'pass', observedValue: ANOTHER }] } }
    const over = { objectVersions: ['object'] }
    expect(judge(document, over).parts).toMatchObject([{ attempt: passed }])
    expect(judge(document, over, {}, true).parts).toMatchObject([{ attempt: { kind: 'wrong-version' } }])
  })

  it('is read whatever its components observe, however deep it nests', () => {
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
    const body = `{"status":"pass","checks":{"a":[{"status":"pass","observedValue":${deep}}]}}`
    expect(judgeHealth(spec(), answer({ body }), { id: WANTED, servesAll: false }).own).toEqual(passed)
  })
})
