/** Whether this request is one of those that this version fails: the var `FAIL_SHARE`, from 0 to 1. A race fails so, and no check shows it. */
export function isUnlucky(env) {
  return Math.random() < Number(env.FAIL_SHARE ?? 0)
}

/**
 * Whether this version breaks a part on purpose: the var `BROKEN` names one or several, with commas between them.
 * Vars belong to a version, so that a candidate carries its bug and the baseline does not.
 */
export function isBroken(env, part) {
  return (env.BROKEN ?? '').split(',').some((name) => name.trim() === part)
}
