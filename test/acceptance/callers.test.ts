import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { healthCheckOf, type CallerName } from '../../sandbox/caller.ts'
import { decodePayload } from '../../src/core/ledger.ts'
import { endOf, expectOrder, openProduction, OPENING_MS, RUN_MS, WORKER, type Ended, type Landed, type Production } from './production.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const callersToCopy = readdirSync(fileURLToPath(new URL('../../workflows', import.meta.url)))

/** Callers that another file of this folder runs; this one runs the rest. */
const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
  'deploy.yml': 'promotes-and-rolls-back.test.ts',
  'monorepo.yml': 'workspace.test.ts',
  'rollback.yml': 'manual-rollback.test.ts',
}

/** A package without dependencies: `npm ci` and `npm test` need no registry. */
function packageWhoseTest(does: 'passes' | 'fails') {
  const scripts = { test: does === 'passes' ? 'node --eval "console.log(\'3 tests passed\')"' : 'node --eval "process.exit(1)"' }
  return {
    'package.json': JSON.stringify({ name: 'shop', private: true, scripts }),
    'package-lock.json': JSON.stringify({ name: 'shop', lockfileVersion: 3, requires: true, packages: { '': { name: 'shop' } } }),
  }
}

describe('each caller to copy', () => {
  let production: Production
  let onLine: ((line: string) => void) | undefined
  const executed = new Set<string>()

  beforeAll(async () => {
    production = await openProduction({ onLine: (line) => onLine?.(line) })
    // Production opens by it, or not at all.
    executed.add('full-deploy.yml')
  }, OPENING_MS)
  afterAll(() => production[Symbol.asyncDispose]())

  async function run(workflow: CallerName, { sha }: Landed, inputs: Readonly<Record<string, string>> = {}): Promise<Ended> {
    executed.add(`${workflow}.yml`)
    return endOf(await production.caller.start({ workflow, sha, inputs }).finished)
  }

  function writesToCloudflare(): number {
    return production.platform.world.requests.filter(({ service, method }) => service === 'cloudflare' && method !== 'GET').length
  }

  it('deploys on push once the tests of the commit have passed, and not before', async () => {
    const baselineId = production.live()
    const landed = production.land('Deploy when pushed', 'good', { tests: 'none' })
    const before = writesToCloudflare()
    let writtenWhenTestsEnded = -1
    onLine = (line) => {
      if (!/^Gate: .*looking again/.test(line)) return
      onLine = undefined
      writtenWhenTestsEnded = writesToCloudflare()
      production.caller.testsEnd(landed.sha, 'success')
    }
    const promoted = await run('deploy-on-push', landed)
    expect(promoted, promoted.log).toMatchObject({ conclusion: 'success', ending: 'promoted', baselineId })
    expect(writtenWhenTestsEnded).toBe(before)
    expect(production.live()).toBe(promoted.versionId)
    expect(production.status(landed.sha)?.state).toBe('success')
    expectOrder(production)
  }, RUN_MS)

  it('refuses on push what its tests have failed', async () => {
    const live = production.live()
    const refused = await run('deploy-on-push', production.land('Push and hope', 'good', { tests: 'failure' }))
    expect(refused, refused.log).toMatchObject({ conclusion: 'failure', ending: 'refused', reason: 'gate-failed' })
    expect(production.live()).toBe(live)
  }, RUN_MS)

  it('tests and deploys in one run, by the verdict of its own job', async () => {
    const baselineId = production.live()
    const landed = production.land('Test and deploy', 'good', { tests: 'none', files: packageWhoseTest('passes') })
    const promoted = await run('test-and-deploy', landed)
    expect(promoted, promoted.log).toMatchObject({ conclusion: 'success', ending: 'promoted', baselineId })
    expect(promoted.result.jobs['test']?.log).toContain('3 tests passed')
    expect(production.live()).toBe(promoted.versionId)
    expect(production.status(landed.sha)?.state).toBe('success')
    expectOrder(production)
  }, RUN_MS)

  it('deploys nothing in the run whose own tests fail', async () => {
    const live = production.live()
    const before = writesToCloudflare()
    const red = await run('test-and-deploy', production.land('Test and stop', 'good', { tests: 'none', files: packageWhoseTest('fails') }))
    expect(red, red.log).toMatchObject({ conclusion: 'failure', ending: '' })
    expect(red.result.jobs['test']?.result).toBe('failure')
    expect(red.result.jobs['deploy']?.result).toBe('skipped')
    expect(writesToCloudflare()).toBe(before)
    expect(production.live()).toBe(live)
  }, RUN_MS)

  it('deploys by hand through a freeze, for a reason that the ledger keeps', async () => {
    const baselineId = production.live()
    const always = 'freeze: [{ reason: the sale, timeZone: Europe/Berlin, days: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", to: "00:00" }]\n'
    const landed = production.land('It cannot wait', 'good', { files: { '.github/sleepwell.yml': healthCheckOf(production.url) + always } })
    const frozen = await run('deploy-by-hand', landed)
    expect(frozen, frozen.log).toMatchObject({ conclusion: 'success', ending: 'refused', reason: 'frozen' })
    expect(production.live()).toBe(baselineId)
    const promoted = await run('deploy-by-hand', landed, { 'freeze-override': 'orders are lost' })
    expect(promoted, promoted.log).toMatchObject({ conclusion: 'success', ending: 'promoted', baselineId })
    const [entry] = production.platform.github.model.deployments().filter(({ task }) => task === `sleepwell/${WORKER}`)
    expect(decodePayload(entry?.payload)).toMatchObject({ freezeOverride: { reason: 'orders are lost' } })
    expectOrder(production)
  }, 2 * RUN_MS)

  it('checks production on its own, whether or not anything was deployed', async () => {
    const before = writesToCloudflare()
    const checked = await run('check', production.land('Only look', 'good'))
    expect(checked, checked.log).toMatchObject({ conclusion: 'success', ending: '' })
    expect(checked.log).toMatch(/Healthy: http:\/\/.* 1 of 1 checks passed\./)
    expect(writesToCloudflare()).toBe(before)
  }, RUN_MS)

  it('says nothing when no rollout is under way, and asks Cloudflare nothing for that', async () => {
    const before = production.platform.world.requests.filter(({ service }) => service === 'cloudflare').length
    const said = await run('steer', production.land('Too late to steer', 'good'), { steer: 'abort', reason: 'it looks odd' })
    expect(said, said.log).toMatchObject({ conclusion: 'failure', ending: '' })
    expect(said.result.jobs['steer']?.outputs).toMatchObject({ answer: 'nothing-to-steer' })
    expect(said.log).toContain('No rollout of this Worker is under way')
    expect(production.platform.world.requests.filter(({ service }) => service === 'cloudflare')).toHaveLength(before)
    expectOrder(production)
  }, RUN_MS)

  it.each(callersToCopy)('%s is run to an ending by a test', (caller) => {
    const elsewhere = RUN_ELSEWHERE[caller]
    if (elsewhere === undefined) expect([...executed]).toContain(caller)
    else expect(readFileSync(`${here}${elsewhere}`, 'utf8')).toContain(`workflow: '${caller.replace('.yml', '')}'`)
  })
})
