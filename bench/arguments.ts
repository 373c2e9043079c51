import { parseArgs } from 'node:util'

/** In the order in which they are measured and shown: the quick ones first. */
export const PARTS = ['way-back', 'simulation', 'gradual'] as const
export type Part = (typeof PARTS)[number]

/** Whole numbers; every part takes some of them. */
export interface Numbers {
  readonly seed: number
  /** Simulated rollouts for each rule and scenario. */
  readonly runs: number
  /** Rollouts for real by Sleepwell, of a bad and of a good version each, with as many seeds. */
  readonly seeds: number
  /** The same for each other way to deploy. */
  readonly 'peer-seeds': number
}

export interface Arguments {
  readonly parts: readonly Part[]
  readonly numbers: Numbers
}

const OF_PART: Readonly<Record<Part, readonly (keyof Numbers)[]>> = {
  'way-back': ['seed'],
  simulation: ['seed', 'runs'],
  gradual: ['seed', 'seeds', 'peer-seeds'],
}

const whole = { type: 'string' } as const

export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({ args: [...args], options: { seed: whole, runs: whole, seeds: whole, 'peer-seeds': whole, only: { type: 'string' } } })
  return {
    parts: partsIn(values.only),
    numbers: {
      seed: numberIn('seed', values.seed ?? '1', 0),
      runs: numberIn('runs', values.runs ?? '4000', 10),
      seeds: numberIn('seeds', values.seeds ?? '20', 1),
      'peer-seeds': numberIn('peer-seeds', values['peer-seeds'] ?? '10', 1),
    },
  }
}

function partsIn(only: string | undefined): readonly Part[] {
  if (only === undefined) return PARTS
  const asked = only.split(',')
  const unknown = asked.filter((name) => !PARTS.some((part) => part === name))
  if (unknown.length > 0) throw new Error(`--only ${only}: there is no ${unknown.join(', ')}; there are ${PARTS.join(', ')}`)
  return PARTS.filter((part) => asked.includes(part))
}

function numberIn(name: keyof Numbers, text: string, least: number): number {
  const number = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(number) || number < least) throw new Error(`--${name} ${text}: a whole number from ${least} is wanted`)
  return number
}

/** What to type to measure the same again; every number is named, also where it is the usual one. */
export function commandOf({ parts, numbers }: Arguments): string {
  const isAll = PARTS.every((part) => parts.includes(part))
  const names = new Set(parts.flatMap((part) => OF_PART[part]))
  const words = [...names].map((name) => `--${name} ${numbers[name]}`)
  return ['npm run bench --', ...(isAll ? [] : [`--only ${parts.join(',')}`]), ...words].join(' ')
}
