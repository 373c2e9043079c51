/** An estimate with its standard error. */
export interface Estimate {
  readonly value: number
  readonly error: number
}

/** The mean, with its standard error. */
export function estimateOf(values: readonly number[]): Estimate {
  const value = values.reduce((sum, one) => sum + one, 0) / values.length
  const squares = values.reduce((sum, one) => sum + (one - value) ** 2, 0)
  return { value, error: Math.sqrt(squares / Math.max(1, values.length - 1) / values.length) }
}

/** Its error is that of independent estimates: for two that met the same traffic it is larger than it need be. */
export function ratioOf(one: Estimate, other: Estimate): Estimate {
  const value = one.value / other.value
  return { value, error: Math.hypot(one.error, value * other.error) / Math.abs(other.value) }
}

/** In standard errors of both together. */
export function distanceBetween(one: Estimate, other: Estimate): number {
  const difference = Math.abs(one.value - other.value)
  return difference === 0 ? 0 : difference / Math.hypot(one.error, other.error)
}
