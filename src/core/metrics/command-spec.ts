import type { DeclaredMetric } from './declared-metric.ts'
import type { MetricSourceBasics } from './spec.ts'

/** A program of the caller's that prints counts as JSON: for whatever Sleepwell cannot ask itself. */
export interface CommandSourceSpec extends MetricSourceBasics {
  readonly kind: 'command'
  /** The program and its arguments; no shell reads them. */
  readonly run: readonly string[]
  /** From the repository's root, and inside it. */
  readonly workingDirectory: string
  readonly env: Readonly<Record<string, string>>
  readonly metrics: readonly DeclaredMetric[]
  readonly slowMargin: number
  /** Of one run. */
  readonly timeoutSeconds: number
}
