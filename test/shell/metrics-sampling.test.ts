import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { observabilitySource } from '../../src/inputs/metrics/observability.ts'
import { guarded } from '../../src/shell/metrics/guarded-source.ts'
import { connectObservability } from '../../src/shell/metrics/observability.ts'
import { baseline, candidate, changing, clock, connectApi, question, script, serve, setTime, telemetry, upload, withWorker } from './metrics-samples.ts'

// Workers Observability under sampling: the Worker's own, the platform's, and that of a query.

withWorker()

const spec = observabilitySource.parse({ kind: 'observability' })
const count = (api = connectApi(), asked = question) => guarded(connectObservability(spec, api)).count(asked)
const prepare = (api = connectApi()) => guarded(connectObservability(spec, api)).prepare({ script, baseline, nowMs: clock.now() })

const serverErrors = z.object({ metrics: z.object({ 'server-errors': z.object({ candidate: z.object({ total: z.number(), bad: z.number() }), baseline: z.object({ total: z.number(), bad: z.number() }) }) }) })
const busy = () => {
  serve(20_000)
  serve(2000, { versionId: candidate })
  serve(500, { versionId: candidate, status: 500 })
  serve(100, {}, { from: 60, seconds: 1 })
  setTime(62)
}
/** Of 20,000 and 2,500 requests a tenth, five standard deviations either way. */
function expectTenth({ baseline: other, candidate: one }: z.infer<typeof serverErrors>['metrics']['server-errors']): void {
  expect(other.total).toBeGreaterThan(1788)
  expect(other.total).toBeLessThan(2212)
  expect(one.total).toBeGreaterThan(175)
  expect(one.total).toBeLessThan(325)
  expect(one.bad).toBeGreaterThan(16)
  expect(one.bad).toBeLessThan(84)
}

describe('a sample', () => {
  it.each([
    ["the Worker's own head sampling rate", () => upload({ enabled: true, head_sampling_rate: 0.1 })],
    ["the platform's", async () => telemetry.show('observability', { sampleInterval: 10 })],
  ])('by %s is told as it was stored, not drawn out to all requests', async (_, samples) => {
    await samples()
    busy()
    expectTenth(serverErrors.parse(await count()).metrics['server-errors'])
  })

  it('by a rate that no whole number of requests stands for is counted all the same', async () => {
    await upload({ enabled: true, head_sampling_rate: 0.3 })
    busy()
    const { total, bad } = serverErrors.parse(await count()).metrics['server-errors'].candidate
    expect(total).toBeGreaterThan(635)
    expect(total).toBeLessThan(865)
    expect(bad / total).toBeGreaterThan(0.13)
    expect(bad / total).toBeLessThan(0.27)
  })

  it('tells what is usual and what is slow as well', async () => {
    await upload({ enabled: true, head_sampling_rate: 0.1 })
    serve(9000, { durationMs: 10 }, { from: -3000, seconds: 2990 })
    serve(1000, { durationMs: 90, status: 500 }, { from: -3000, seconds: 2990 })
    setTime(0)
    const { metrics, thresholds } = z.object({ thresholds: z.unknown(), metrics: z.array(z.looseObject({ name: z.string(), usual: z.object({ total: z.number(), bad: z.number() }) })) }).parse(await prepare())
    const usual = metrics.find(({ name }) => name === 'server-errors')?.usual
    expect(usual?.total).toBeGreaterThan(850)
    expect(usual?.total).toBeLessThan(1150)
    expect(usual?.bad).toBeLessThan(150)
    expect(thresholds).toEqual({ 'slow-p95': 90 })
  })

  it('of another size for each version makes them incomparable', async () => {
    await upload({ enabled: true, head_sampling_rate: 0.1 })
    serve(20_000)
    await upload({ enabled: true, head_sampling_rate: 0.5 })
    serve(2000, { versionId: candidate })
    serve(100, {}, { from: 60, seconds: 1 })
    setTime(62)
    expect(await count()).toMatchObject({ kind: 'unknown', message: expect.stringContaining('samples of different sizes') })
  })

  it('of another size in one of the answers makes them incomparable', async () => {
    busy()
    const mixed = changing((body) => {
      telemetry.show('observability', { sampleInterval: 10 })
      return body
    })
    expect(await count(mixed)).toMatchObject({ kind: 'unknown', message: expect.stringContaining('samples of different sizes') })
  })

  it('that the query itself is answered from is unknown: nobody says how counts follow from its bit rate', async () => {
    busy()
    telemetry.show('observability', { abrLevel: 10 })
    expect(await count()).toMatchObject({ kind: 'unknown', message: expect.stringContaining('bit rate 10') })
  })

  it('that no number of stored requests can have been drawn out to is unknown', async () => {
    busy()
    const uneven = changing((body) => body.replaceAll('"sampleInterval":1,', '"sampleInterval":77.3,'))
    expect(await count(uneven)).toMatchObject({ kind: 'unknown', message: expect.stringContaining('drawn out from a sample') })
  })
})
