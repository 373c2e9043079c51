import type { MetricSourceBasics, SlowLevel } from './spec.ts'

/** The Tail Worker of workers/tail: exceptions, answers of 500 and above, and slow requests, in real time. */
export interface TailSourceSpec extends MetricSourceBasics {
  readonly kind: 'tail'
  /** Where the Tail Worker answers; below it is `/counts`. */
  readonly url: string
  /** A secret: its `TAIL_TOKEN`. */
  readonly token: string
  /** What one count is. A user, told by an affinity key, is bad once a step at most; slow requests are then not counted. */
  readonly unit: 'request' | 'user'
  readonly slow: readonly SlowLevel[]
  /** Instead of `margin` for slow requests: a new version's isolates start cold. */
  readonly slowMargin: number
}
