import { expect, it } from 'vitest'
import { createInterrupts } from '../../sandbox/runner/interrupts.ts'
import { callsOf, FAULTS, nameOf, ruleFor, trapFor, type Call } from './calls.ts'
import { runOnStage } from './dist-run.ts'
import { deployNext, endingInLedger, faultsIn, liveOf, openEntries, setScene, untruthsOf, type Scene } from './scenario.ts'
import { forEach, openTally } from './tally.ts'

// The same campaign through the committed dist/, the runner emulator and the real wrangler, whose own calls go wrong
// too. A case costs seconds, so by default each call meets one trouble, in turn, and wrangler's calls one of each sort;
// CAMPAIGN=full (nightly) tries everything on everything.

const IS_FULL = process.env['CAMPAIGN'] === 'full'
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
  const rehearsal = await rehearse()
  const cases = casesFor(rehearsal)
  expect(cases.length).toBeGreaterThanOrEqual(IS_FULL ? 100 : 30)
  const tally = openTally()
  await forEach({ cases, tally, nameOf: ({ call, trouble }) => `${nameOf(call)}, ${titleOf(trouble)}` }, async ({ call, trouble }) => {
    await using scene = await setScene('healthy')
    const complaints = trouble.kind === 'fault' ? await meetFault(scene, call, trouble.fault) : await endEarly(scene, call, trouble)
    const ending = endingInLedger(scene)
    tally.count(titleOf(trouble), ending ?? 'no entry')
    complaints.push(...faultsIn(scene), ...(ending === undefined ? [] : untruthsOf(scene, ending)))
    if (ending === undefined && liveOf(scene.stage) !== scene.baseline) complaints.push('no entry tells how it ended, and the baseline is not live')
    if (openEntries(scene.stage).length > 0) complaints.push('an entry was left open')
    if (trouble.kind === 'death') complaints.push(...(await deployAfterwards(scene)))
    return complaints
  })
  tally.finish('Through dist/ and wrangler')
})

function titleOf(trouble: Trouble): string {
  return trouble.kind === 'fault' ? trouble.fault : `${trouble.death}, ${trouble.way}`
}

/** The calls of a deploy that nothing befalls; wrangler tells itself by its user agent. */
async function rehearse(): Promise<Rehearsal> {
  await using scene = await setScene('healthy')
  const { requests } = scene.stage.world
  const before = requests.length
  const step = await runOnStage(scene.stage, scene.run, { command: 'deploy' })
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
    const oneDeath = allDeaths.slice(index % allDeaths.length).slice(0, 1)
    const oneFault = allFaults.slice(index % allFaults.length).slice(0, 1)
    if (ofWrangler.has(nameOf(call))) return [...oneFault, ...oneDeath]
    return index % 2 === 0 ? oneDeath : oneFault
  })
}

/** One passing fault: whatever call it befalls, the good version is promoted. */
async function meetFault({ stage, run }: Scene, call: Call, fault: string): Promise<string[]> {
  const make = FAULTS[fault]
  if (make === undefined) throw new Error(`there is no fault "${fault}"`)
  const rule = ruleFor(call, make(call.service))
  stage.world.faults.push(rule)
  const step = await runOnStage(stage, run, { command: 'deploy' })
  const complaints = rule.times === 0 ? [] : ['the fault never came']
  if (step.outputs['ending'] !== 'promoted' || step.outcome !== 'success') complaints.push(`it ended ${step.outputs['ending']} (${step.outputs['reason']}): ${step.log.slice(-6).join(' / ')}`)
  return complaints
}

async function endEarly({ stage, run }: Scene, call: Call, { death, way }: Extract<Trouble, { kind: 'death' }>): Promise<string[]> {
  const interrupts = createInterrupts()
  const strike = way === 'post' ? () => interrupts.crash() : () => interrupts.lose()
  const trap = trapFor(call, { kind: death === 'killed before' ? 'dropped' : 'reply-lost' }, strike)
  stage.world.faults.push(trap)
  const step = await runOnStage(stage, run, { command: 'deploy', interrupts })
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
