import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunResult } from '../../sandbox/runner/workflow.ts'
import { API_KEY, openProduction, OPENING_MS, RUN_MS, TOKEN, type Landed, type Production } from './production.ts'

function inHtml(text: string): string {
  return Array.from(text, (letter) => `&#${letter.charCodeAt(0)};`).join('')
}

/** Every way in which a secret could be written down. */
function disguises(secret: string): readonly string[] {
  const base64 = [0, 1, 2].map((shift) => {
    // Base64 of a text that contains the secret, whatever stands before it: the first and last letters depend on neighbours.
    const encoded = Buffer.from(`${'x'.repeat(shift)}${secret}`).toString('base64').replaceAll('=', '')
    return encoded.slice(shift === 0 ? 0 : shift + 1, -2)
  })
  const forms = [secret, ...base64, ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')), Buffer.from(secret).toString('hex'), encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), inHtml(secret)]
  return [...new Set(forms)]
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
}

/** All that a run leaves for people to read, with the runner's own masking turned off. */
function tracesOf(result: RunResult): Readonly<Record<string, string>> {
  const jobs = Object.values(result.jobs)
  return {
    log: result.log.join('\n'),
    summaries: result.summaries.join('\n'),
    annotations: JSON.stringify(result.annotations),
    outputs: JSON.stringify(jobs.map(({ outputs, steps }) => [outputs, steps.map((step) => step.outputs)])),
    journal: JSON.stringify(jobs.flatMap(({ steps }) => steps.map(({ main, post }) => [main?.state, post?.state]))),
    environment: JSON.stringify(jobs.flatMap(({ steps }) => steps.map(({ main, post }) => [main?.env, post?.env]))),
  }
}

describe("the team's secrets", () => {
  let production: Production
  let results: readonly RunResult[]
  let landed: readonly Landed[]

  beforeAll(async () => {
    production = await openProduction({ masking: false })
    const good = production.land('Good', 'good')
    const promoted = await production.run({ workflow: 'deploy', sha: good.sha })
    const bad = production.land('Bad', 'broken')
    const rolledBack = await production.run({ workflow: 'deploy', sha: bad.sha })
    const killed = production.land('Killed', 'good')
    const run = production.caller.start({ workflow: 'deploy', sha: killed.sha })
    production.platform.world.faults.push({ service: 'cloudflare', method: 'POST', path: /\/deployments$/, fault: { kind: 'observe', after: () => run.crash('deploy/rollout/deploy') } })
    results = [promoted.result, rolledBack.result, await run.finished]
    landed = [good, bad, killed]
  }, OPENING_MS)
  afterAll(() => production[Symbol.asyncDispose]())

  function tracesEverywhere(): Readonly<Record<string, string>> {
    const { world, github, cloudflare } = production.platform
    const runs = results.map(tracesOf).flatMap((traces, index) => Object.entries(traces).map(([name, text]) => [`${name} of run ${index + 1}`, text] as const))
    const { model } = github
    return {
      ...Object.fromEntries(runs),
      ledger: JSON.stringify(model.deployments().map((one) => [one.payload, one.description, model.statusesOf(one)])),
      'commit statuses': JSON.stringify(landed.map(({ sha }) => model.commitStatuses(sha))),
      comments: JSON.stringify(landed.map(({ pullRequest }) => model.comments(pullRequest))),
      'requests to GitHub': JSON.stringify(world.requests.filter(({ service }) => service === 'github')),
      'requests to the Worker': JSON.stringify(world.requests.filter(({ service }) => service === 'edge')),
      'deployments at Cloudflare': JSON.stringify(cloudflare.model.deployments('sleepwell-example').map(({ annotations }) => annotations)),
      'requests to Cloudflare': JSON.stringify(world.requests.filter(({ service, path }) => service === 'cloudflare' && !path.endsWith('/secrets'))),
      artifacts: JSON.stringify(results.flatMap(({ artifacts }) => artifacts)),
      repository: filesUnder(production.caller.repository.folder).join('\n'),
    }
  }

  it('were really in use', () => {
    expect(results.map(({ conclusion }) => conclusion)).toEqual(['success', 'failure', 'failure'])
    expect(TOKEN.length).toBeGreaterThan(20)
    // The traces are not empty, or the searches below would prove nothing.
    for (const name of ['log of run 1', 'summaries of run 2', 'journal of run 3', 'ledger', 'comments', 'commit statuses']) {
      expect(tracesEverywhere()[name]?.length, name).toBeGreaterThan(200)
    }
  })

  for (const [secret, value] of Object.entries({ 'Cloudflare token': TOKEN, "Worker's secret": API_KEY })) {
    it(`the ${secret} is found in no form in anything that people can read`, () => {
      for (const [where, text] of Object.entries(tracesEverywhere())) {
        for (const form of disguises(value)) expect(text.includes(form), `${form} in ${where}`).toBe(false)
      }
    }, RUN_MS)
  }

  it('would be found if they were there', () => {
    for (const form of ['x', 'xx', 'xxx'].map((before) => Buffer.from(`${before}${TOKEN}yy`).toString('base64'))) {
      expect(disguises(TOKEN).some((disguise) => form.includes(disguise))).toBe(true)
    }
  })
})
