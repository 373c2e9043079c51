import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { wranglerByHand } from '../../sandbox/by-hand.ts'
import { startPlatform, type Platform } from '../../sandbox/platform.ts'
import { exampleFolder, productionKey } from './example-worker.ts'

// A candidate that carries its bug in its own vars, beside a baseline without one.

const WORKER = 'sleepwell-example'
const healthShape = z.object({ releaseId: z.string(), checks: z.record(z.string(), z.array(z.looseObject({ status: z.string(), observedValue: z.unknown().optional() }))) })
let platform: Platform
let folder: string
let url: string
let baseline: string

beforeAll(async () => {
  platform = await startPlatform({ token: 'token' })
  url = await platform.edge.urlFor(WORKER)
  folder = mkdtempSync(join(tmpdir(), 'example-split-'))
  cpSync(exampleFolder, folder, { recursive: true })
  await wrangler(['deploy'])
  await wrangler(['secret', 'put', 'API_KEY'], productionKey)
  await wrangler(['secret', 'put', 'HEALTH_TOKEN'], 'token')
  baseline = newest()
}, 120_000)
afterAll(async () => {
  await platform[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

async function wrangler(args: readonly string[], input?: string): Promise<void> {
  const { code, output } = await wranglerByHand(platform, folder, args, input)
  expect(code, output).toBe(0)
}

const newest = () => platform.cloudflare.model.versions(WORKER)[0]?.id ?? ''

/** Uploads a version with these vars, and puts it beside the baseline at 0 %. */
async function stage(...vars: readonly string[]): Promise<string> {
  await wrangler(['versions', 'upload', ...vars.flatMap((one) => ['--var', one])])
  const candidate = newest()
  await platform.cloudflare.model.deployByHand(WORKER, [{ versionId: candidate, percentage: 0 }, { versionId: baseline, percentage: 100 }])
  return candidate
}

async function health(candidate?: string) {
  const override = candidate === undefined ? {} : { 'Cloudflare-Workers-Version-Overrides': `${WORKER}="${candidate}"` }
  const response = await fetch(`${url}/healthz`, { headers: { authorization: 'Bearer token', ...override } })
  const { releaseId, checks } = healthShape.parse(await response.json())
  const failing = Object.entries(checks).flatMap(([key, [one]]) => (one?.status === 'fail' ? [key] : []))
  return { status: response.status, retryAfter: response.headers.get('retry-after'), releaseId, failing, objectVersion: checks['counter:version']?.[0]?.observedValue }
}

const everybody = (versionId: string) => platform.cloudflare.model.deployByHand(WORKER, versionId, { codeUpdateStrategy: { mode: 'immediate' } })

describe('a candidate', () => {
  it('that breaks a part by its var fails for itself alone', async () => {
    const candidate = await stage('BROKEN:kv')
    expect(await health(candidate)).toMatchObject({ status: 503, releaseId: candidate, failing: ['kv:get'] })
    expect(await health()).toMatchObject({ status: 200, releaseId: baseline, failing: [] })
  })

  it('whose object is broken is healthy until the object runs it', async () => {
    const candidate = await stage('BROKEN:object')
    expect(await health(candidate)).toMatchObject({ status: 200, releaseId: candidate, failing: [], objectVersion: baseline })
    await everybody(candidate)
    expect(await health()).toMatchObject({ status: 503, releaseId: candidate, failing: ['counter:call'] })
    expect((await fetch(`${url}/api/count`)).status).toBe(500)
    await everybody(baseline)
    expect(await health()).toMatchObject({ status: 200, releaseId: baseline, objectVersion: baseline })
  })

  it('that takes its time is starting at 0 % already, and the baseline is not', async () => {
    const candidate = await stage('READY_SECONDS:3600')
    expect(await health(candidate)).toMatchObject({ status: 503, retryAfter: '5', releaseId: candidate, failing: [], objectVersion: baseline })
    expect(await health()).toMatchObject({ status: 200, releaseId: baseline })
  })

  it('whose object takes its time is starting once the object runs it', async () => {
    const candidate = await stage('OBJECT_READY_SECONDS:3600')
    expect(await health(candidate)).toMatchObject({ status: 200, releaseId: candidate, objectVersion: baseline })
    await everybody(candidate)
    expect(await health()).toMatchObject({ status: 503, retryAfter: '5', releaseId: candidate, failing: [], objectVersion: candidate })
    await everybody(baseline)
    expect(await health()).toMatchObject({ status: 200, releaseId: baseline })
  })
})
