/**
 * Only a threshold that is one of these is counted exactly. From 2 ms to 30 s each is at most 1.5 times the one before:
 * the next one above a quantile of the usual times is close to it.
 */
export const EDGES_MS = [
  1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 40, 50, 70, 100, 150, 200, 300, 400, 500, 700,
  1000, 1500, 2000, 3000, 4000, 5000, 7000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000,
]
/** Of a request whose time nobody knows. */
export const UNTIMED = -1

/** The highest edge that a request took longer than; 0 when it took longer than none. */
export function slowerThan(wallTimeMs) {
  if (!Number.isFinite(wallTimeMs) || wallTimeMs < 0) return UNTIMED
  return EDGES_MS.findLast((edge) => wallTimeMs > edge) ?? 0
}
