import { isOpen, type Entry, type PayloadOf } from './entries.ts'

type Hold = Entry<PayloadOf<'hold'>>

/** The newest hold that stands, whoever asked for it: what stops is believed sooner than what goes. */
export function holdIn(holds: readonly Hold[]): Hold | undefined {
  return holds.find(isOpen)
}

/** Description of the `inactive` status that lifts a hold; never empty, since an empty one lifts nothing. */
export function formatRelease(by: string): string {
  return `released: ${by}`
}
