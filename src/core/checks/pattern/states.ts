import type { Tree } from './parse.ts'

/** One place in a pattern; `next` are places in the list. The first one begins, and one is `matched`. */
export type State =
  | { readonly kind: 'character'; readonly accepts: (character: string) => boolean; readonly next: number }
  | { readonly kind: 'fork'; readonly next: readonly number[] }
  | { readonly kind: 'place'; readonly holds: Holds; readonly next: number }
  | { readonly kind: 'matched' }

type Holds = (before: string | undefined, after: string | undefined) => boolean

/** Keeps a match over 64 KiB to a few seconds at worst, and to milliseconds as a rule. */
const MOST_STATES = 500

/** The states of a tree; `undefined` when there would be too many. */
export function buildStates(tree: Tree): readonly State[] | undefined {
  // The first state's place is kept for the entry, which is known only when all is built from the end.
  const states: State[] = [{ kind: 'fork', next: [] }, { kind: 'matched' }]
  const add = (state: State): number => states.push(state) - 1

  function build(part: Tree, next: number): number {
    if (states.length > MOST_STATES) return next
    switch (part.kind) {
      case 'one':
        return add({ kind: 'character', accepts: acceptorOf(part.source), next })
      case 'place':
        return add({ kind: 'place', holds: PLACES[part.at], next })
      case 'sequence':
        return part.parts.reduceRight((after, one) => build(one, after), next)
      case 'either':
        return add({ kind: 'fork', next: part.options.map((option) => build(option, next)) })
      case 'repeat':
        return repeat(part, next)
    }
  }

  function repeat({ part, least, most }: Extract<Tree, { kind: 'repeat' }>, next: number): number {
    let entry = most === Number.POSITIVE_INFINITY ? loop(part, next) : next
    for (let count = least; count < most && most !== Number.POSITIVE_INFINITY && !isFull(); count += 1) {
      entry = add({ kind: 'fork', next: [build(part, entry), next] })
    }
    for (let count = 0; count < least && !isFull(); count += 1) entry = build(part, entry)
    return entry
  }

  function loop(part: Tree, next: number): number {
    const fork = add({ kind: 'fork', next: [] })
    states[fork] = { kind: 'fork', next: [build(part, fork), next] }
    return fork
  }

  const isFull = () => states.length > MOST_STATES
  states[0] = { kind: 'fork', next: [build(tree, 1)] }
  return isFull() ? undefined : states
}

/** V8 says which characters a class, an escape or a letter means; each is asked about once. */
function acceptorOf(source: string): (character: string) => boolean {
  const one = new RegExp(`^(?:${source})$`, 'u')
  const known = new Map<string, boolean>()
  return (character) => {
    const seen = known.get(character)
    if (seen !== undefined) return seen
    const fits = one.test(character)
    known.set(character, fits)
    return fits
  }
}

const isWord = (character: string | undefined) => character !== undefined && /^\w$/.test(character)

const PLACES: Readonly<Record<Extract<Tree, { kind: 'place' }>['at'], Holds>> = {
  start: (before) => before === undefined,
  end: (_before, after) => after === undefined,
  boundary: (before, after) => isWord(before) !== isWord(after),
  'no-boundary': (before, after) => isWord(before) === isWord(after),
}
