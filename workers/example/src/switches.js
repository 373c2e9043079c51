/**
 * Whether this version breaks a part on purpose: the var `BROKEN` names one or several, with commas between them.
 * Vars belong to a version, so that a candidate carries its bug and the baseline does not.
 */
export function isBroken(env, part) {
  return (env.BROKEN ?? '').split(',').some((name) => name.trim() === part)
}
