/** Stirling's series, coefficients B(2k) / (2k·(2k-1)); from 10 on its error is below 1e-15 relative. */
const STIRLING: readonly number[] = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156]
const HALF_LOG_TWO_PI = 0.918_938_533_204_672_8

/** ln of the gamma function for a positive number; NIST Digital Library of Mathematical Functions 5.11.1 after 5.5.1. */
export function logGamma(value: number): number {
  let shifted = value
  let product = 1
  while (shifted < 10) {
    product *= shifted
    shifted += 1
  }
  const inverse = 1 / shifted
  const square = inverse * inverse
  const tail = STIRLING.reduceRight((sum, coefficient) => sum * square + coefficient, 0) * inverse
  return (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + tail - Math.log(product)
}

export function logBeta(one: number, other: number): number {
  return logGamma(one) + logGamma(other) - logGamma(one + other)
}
