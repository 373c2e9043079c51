import { expect, it } from 'vitest'
import { createInterrupts } from '../../sandbox/runner/interrupts.ts'
import { callsOf, FAULTS, isWrite, nameOf, ruleFor, trapFor, type Call } from './calls.ts'
import { AT_ONCE, IN_STEPS, runOnStage } from './dist-run.ts'
import { deployNext, endingInLedger, faultsIn, liveOf, openEntries, setScene, untruthsOf, type Scene } from './scenario.ts'
import { forEach, IS_FULL, openTally } from './tally.ts'

// The same campaign through the committed dist/, the runner emulator and the real wrangler, whose own calls go wrong
// too. A case costs seconds, so by default each call meets one trouble, in turn, and wrangler's calls one of each sort;
// CAMPAIGN=full (nightly) tries everything on everything.

const deaths = ['killed before', 'killed after'] as const
const ways = ['post', 'recover'] as const
const ends = deaths.flatMap((death) => ways.map((way) => ({ death, way })))

type Trouble = { readonly kind: 'fault'; readonly fault: string } | { readonly kind: 'death'; readonly death: (typeof deaths)[number]; readonly way: (typeof ways)[number] }

interface Case {
  readonly call: Call
  readonly trouble: Trouble
}

interface Rehearsal {
  readonly calls: readonly Call[]
  /** Names of those that wrangler made. */
  readonly ofWrangler: ReadonlySet<string>
}

it('a deploy through dist/ ends as it should, whichever of its calls goes wrong or is its last', { timeout: 1_200_000 }, async () => {
  const cases = casesFor(await rehearse(AT_ONCE))
  expect(cases.length).toBeGreaterThanOrEqual(IS_FULL ? 100 : 30)
  await meetAll(cases, AT_ONCE, 'Through dist/ and wrangler')
})

it('so does one in steps that are compared', { timeout: 1_200_000 }, async () => {
  const { calls, ofWrangler } = await rehearse(IN_STEPS)
  // From the first share of users on; the calls before it are those of the deploy at once.
  const first = calls.findIndex(({ service, method, pattern, nth }) => service === 'cloudflare' && method === 'POST' && pattern.endsWith('/deployments') && nth === 1)
  const onTheWay = calls.slice(first).filter((call, index) => isWrite(call) || IS_FULL || index % 6 === 0)
  const cases = casesFor({ calls: onTheWay, ofWrangler })
  expect(cases.length).toBeGreaterThanOrEqual(6)
  await meetAll(cases, IN_STEPS, 'Through dist/ in steps')
})

it('a version that its checks do not see through is rolled back from its first step', { timeout: 120_000 }, async () => {
  await using scene = await setScene('overloaded')
  const { outputs, log } = await runOnStage(scene.stage, scene.run, { command: 'deploy', rollout: IN_STEPS })
  expect([outputs['ending'], outputs['reason']], log.join('\n')).toEqual(['rolled-back', 'regressed'])
  expect([...faultsIn(scene), ...untruthsOf(scene, 'rolled-back')]).toEqual([])
})

async function meetAll(cases: readonly Case[], rollout: string, title: string): Promise<void> {
  const tally = openTally()
  await forEach({ cases, tally, nameOf: ({ call, trouble }) => `${nameOf(call)}, ${titleOf(trouble)}` }, async ({ call, trouble }) => {
    await using scene = await setScene('healthy')
    const act = { scene, call, rollout }
    const complaints = trouble.kind === 'fault' ? await meetFault(act, trouble.fault) : await endEarly(act, trouble)
    const ending = endingInLedger(scene)
    tally.count(titleOf(trouble), ending ?? 'no entry')
    complaints.push(...faultsIn(scene), ...(ending === undefined ? [] : untruthsOf(scene, ending)))
    if (ending === undefined && liveOf(scene.stage) !== scene.baseline) complaints.push('no entry tells how it ended, and the baseline is not live')
    if (openEntries(scene.stage).length > 0) complaints.push('an entry was left open')
    if (trouble.kind === 'death') complaints.push(...(await deployAfterwards(scene)))
    return complaints
  })
  tally.finish(title)
}

function titleOf(trouble: Trouble): string {
  return trouble.kind === 'fault' ? trouble.fault : `${trouble.death}, ${trouble.way}`
}

/** The calls of a deploy that nothing befalls; wrangler tells itself by its user agent. */
async function rehearse(rollout: string): Promise<Rehearsal> {
  await using scene = await setScene('healthy')
  const { requests } = scene.stage.world
  const before = requests.length
  const step = await runOnStage(scene.stage, scene.run, { command: 'deploy', rollout })
  expect(step.outputs['ending'], step.log.join('\n')).toBe('promoted')
  const made = requests.slice(before)
  const calls = callsOf(made)
  const sent = made.filter(({ service }) => service === 'cloudflare' || service === 'github')
  const ofWrangler = sent.flatMap(({ agent = '' }, index) => (agent.startsWith('wrangler') ? [index] : []))
  expect(ofWrangler.length).toBeGreaterThan(2)
  return { calls, ofWrangler: new Set(ofWrangler.flatMap((index) => (calls[index] === undefined ? [] : [nameOf(calls[index])]))) }
}

function casesFor({ calls, ofWrangler }: Rehearsal): readonly Case[] {
  const faults = Object.keys(FAULTS)
  return calls.flatMap((call, index): readonly Case[] => {
    const allFaults = faults.map((fault) => ({ call, trouble: { kind: 'fault', fault } as const }))
    const allDeaths = ends.map((end) => ({ call, trouble: { kind: 'death', ...end } as const }))
    if (IS_FULL) return [...allFaults, ...allDeaths]
    // Every second call dies: by half its place, or it would always be by the same two ways.
    const oneDeath = allDeaths.slice(Math.floor(index / 2) % allDeaths.length).slice(0, 1)
    const oneFault = allFaults.slice(index % allFaults.length).slice(0, 1)
    if (ofWrangler.has(nameOf(call))) return [...oneFault, ...oneDeath]
    return index % 2 === 0 ? oneDeath : oneFault
  })
}

interface Act {
  readonly scene: Scene
  readonly call: Call
  readonly rollout: string
}

/** One passing fault: whatever call it befalls, the good version is promoted. */
async function meetFault({ scene: { stage, run }, call, rollout }: Act, fault: string): Promise<string[]> {
  const make = FAULTS[fault]
  if (make === undefined) throw new Error(`there is no fault "${fault}"`)
  const rule = ruleFor(call, make(call.service))
  stage.world.faults.push(rule)
  const step = await runOnStage(stage, run, { command: 'deploy', rollout })
  const complaints = rule.times === 0 ? [] : ['the fault never came']
  if (step.outputs['ending'] !== 'promoted' || step.outcome !== 'success') complaints.push(`it ended ${step.outputs['ending']} (${step.outputs['reason']}): ${step.log.slice(-6).join(' / ')}`)
  return complaints
}

async function endEarly({ scene: { stage, run }, call, rollout }: Act, { death, way }: Extract<Trouble, { kind: 'death' }>): Promise<string[]> {
  const interrupts = createInterrupts()
  const strike = way === 'post' ? () => interrupts.crash() : () => interrupts.lose()
  const trap = trapFor(call, { kind: death === 'killed before' ? 'dropped' : 'reply-lost' }, strike)
  stage.world.faults.push(trap)
  const step = await runOnStage(stage, run, { command: 'deploy', rollout, interrupts })
  const complaints = trap.times === 0 ? [] : ['the call at which it was to end never came']
  if (way === 'post') {
    if (step.post === undefined) complaints.push('no post step ran')
    // As in the workflow, the recover job finds what post could not: an entry that main had no time to remember.
    if (openEntries(stage).length === 0) return complaints
  }
  const recovered = await runOnStage(stage, run, { command: 'recover' })
  if (recovered.ending !== 'exited') complaints.push(`the recover job ended ${recovered.ending}`)
  return complaints
}

/** What was cut off leaves a production to which the next deploy is welcome. */
async function deployAfterwards({ stage, run }: Scene): Promise<string[]> {
  stage.github.model.updateRun(run.id, { status: 'completed', conclusion: 'failure' })
  const next = await deployNext(stage)
  return next?.kind === 'promoted' ? [] : [`the next deploy ended ${JSON.stringify(next)}`]
}
