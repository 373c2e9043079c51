import { parsePattern } from './pattern/parse.ts'
import { buildStates, type State } from './pattern/states.ts'

/** A regular expression that takes time proportional to the text's length, whatever either of them holds. */
export interface Pattern {
  /** Whether it matches anywhere in the text, as `RegExp.prototype.test` with the flag `u` would say; false where that would be too much work. */
  test(text: string): boolean
  /** The same, with too much work told apart. */
  judge(text: string): Matching
}

export type Matching = 'matches' | 'differs' | 'too-much'

/** States entered in one matching, all characters together: two seconds or so, in which nothing else runs. */
const MOST_WORK = 40_000_000

/**
 * Compiles the part of JavaScript's regular expressions that can be matched without backtracking: no
 * back-references, no look-around, no inline flags. `undefined` for anything else, and for what would grow
 * beyond 500 states (`(a{30}){30}`).
 */
export function compilePattern(source: string): Pattern | undefined {
  try {
    // V8 judges the syntax, so that the parser below only has to know what is valid.
    void new RegExp(source, 'u')
  } catch {
    return undefined
  }
  const parsed = parsePattern(source)
  const states = parsed === undefined ? undefined : buildStates(parsed)
  if (states === undefined) return undefined
  const judge = (text: string) => match(states, text)
  return { judge, test: (text) => judge(text) === 'matches' }
}

/**
 * Follows every way through the states at once, one character at a time (K. Thompson, "Regular Expression
 * Search Algorithm", 1968): a state is entered at most once a character, so nothing multiplies.
 */
function match(states: readonly State[], text: string): Matching {
  const characters = Array.from(text)
  const enteredAt = new Uint32Array(states.length)
  let current: number[] = []
  let work = 0
  for (let at = 0; at <= characters.length; at += 1) {
    const place = { before: characters[at - 1], after: characters[at] }
    // A match may begin anywhere, so the first state is entered before each character.
    current.push(0)
    const reached = follow(states, current, { place, enteredAt, stamp: at + 1 })
    if (reached === 'matched') return 'matches'
    work += reached.length + 1
    if (work > MOST_WORK) return 'too-much'
    const { after } = place
    if (after === undefined) return 'differs'
    current = []
    for (const { accepts, next } of reached) if (accepts(after)) current.push(next)
  }
  return 'differs'
}

type CharacterState = Extract<State, { kind: 'character' }>

interface Position {
  readonly place: { readonly before: string | undefined; readonly after: string | undefined }
  /** The stamp of the position at which each state was last entered. */
  readonly enteredAt: Uint32Array
  readonly stamp: number
}

/** Everything that is reached without taking a character. */
function follow(states: readonly State[], from: number[], { place, enteredAt, stamp }: Position): readonly CharacterState[] | 'matched' {
  const waiting: CharacterState[] = []
  for (let index = from.pop(); index !== undefined; index = from.pop()) {
    const state = states[index]
    if (state === undefined || enteredAt[index] === stamp) continue
    enteredAt[index] = stamp
    switch (state.kind) {
      case 'matched':
        return 'matched'
      case 'character':
        waiting.push(state)
        break
      case 'fork':
        from.push(...state.next)
        break
      case 'place':
        if (state.holds(place.before, place.after)) from.push(state.next)
    }
  }
  return waiting
}
