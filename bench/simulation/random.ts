import { logGamma } from '../../src/core/analysis/log-gamma.ts'

/** A number in (0, 1). */
export type Random = () => number

/** A 32-bit seed out of a name, so that each stream of numbers has its own (FNV-1a). */
export function seedFrom(name: string): number {
  let hash = 0x811c9dc5
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}

/** sfc32 of the PractRand suite (public domain): 128 bits of state, so streams of different seeds do not meet. */
export function randomFrom(seed: number): Random {
  let [a, b, c, counter] = [0, seed | 0, 0, 1]
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return ((sum >>> 0) + 0.5) / 4_294_967_296
  }
  for (let warm = 0; warm < 16; warm += 1) next()
  return next
}

/** Below this mean counting is cheap; from it on the transformed rejection is valid. */
const MANY = 10

function poissonByCounting(random: Random, mean: number): number {
  const limit = Math.exp(-mean)
  let [count, product] = [0, random()]
  while (product > limit) {
    count += 1
    product *= random()
  }
  return count
}

/** PTRS: W. Hörmann, "The transformed rejection method for generating Poisson random variables" (1993). */
function poissonByRejection(random: Random, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean)
  const a = -0.059 + 0.02483 * b
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
  const quick = 0.9277 - 3.6224 / (b - 2)
  for (;;) {
    const [u, v] = [random() - 0.5, random()]
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43)
    if (us >= 0.07 && v <= quick) return k
    const isOut = k < 0 || (us < 0.013 && v > us)
    if (!isOut && Math.log((v * inverseAlpha) / (a / (us * us) + b)) <= k * Math.log(mean) - mean - logGamma(k + 1)) return k
  }
}

export function poisson(random: Random, mean: number): number {
  if (mean <= 0) return 0
  return mean < MANY ? poissonByCounting(random, mean) : poissonByRejection(random, mean)
}
