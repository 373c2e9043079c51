import { isBroken } from './switches.js'

/** R2. Broken: the binding was renamed in the code alone, as it happens. */
export function notesOf(env) {
  return isBroken(env, 'r2') ? env.ATTACHMENTS : env.NOTES
}

/** KV. Broken likewise. */
export function signaturesOf(env) {
  return isBroken(env, 'kv') ? env.SEALS : env.SIGNATURES
}

export function counterOf(env) {
  return env.COUNTER.getByName('visits')
}
