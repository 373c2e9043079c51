/** The allowed name that was probably meant, if one is near: a third of its letters may differ. */
export function closestName(seen: string, allowed: readonly string[]): string | undefined {
  const near = allowed
    .map((name) => ({ name, distance: distanceBetween(seen.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
  return near.toSorted((one, other) => one.distance - other.distance)[0]?.name
}

/** Levenshtein's distance, row by row. */
function distanceBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1]
    for (const [place, against] of [...other].entries()) {
      const changed = (row[place] ?? 0) + (letter === against ? 0 : 1)
      next.push(Math.min(changed, (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
