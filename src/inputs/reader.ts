import { quote, type Problem, type ProblemCode } from './problems.ts'

/** Reads inputs strictly and collects every problem, so that a person mends them all at once. */
export interface InputReader {
  readonly problems: Problem[]
  text(name: string): string | undefined
  required(name: string, remedy: string, code?: ProblemCode): string
  choice<Value extends string>(name: string, allowed: readonly [Value, ...Value[]], fallback: Value): Value
  flag(name: string): boolean
  amount(name: string, unit: 'minutes' | 'hours', range: { readonly min: number; readonly max: number; readonly fallback: number }): number
  lines(name: string): readonly string[]
  /** A value that `accepts` takes, or `undefined`; anything else is a problem. */
  matching<Value extends string>(name: string, accepts: (text: string) => text is Value, allowed: string): Value | undefined
  url(name: string): URL | undefined
  fail(name: string, message: string, code?: ProblemCode): void
}

/** `inputs` maps each input's name to its text; an absent and an empty one are the same to the runner. */
export function readInputs(inputs: Readonly<Record<string, string | undefined>>): InputReader {
  const problems: Problem[] = []
  const text = (name: string) => {
    const seen = inputs[name]?.trim()
    return seen === undefined || seen === '' ? undefined : seen
  }
  const fail = (name: string, message: string, code: ProblemCode = 'config-invalid') => {
    problems.push({ code, place: `input "${name}"`, message })
  }
  return {
    problems,
    text,
    fail,
    required(name, remedy, code) {
      const seen = text(name)
      if (seen === undefined) fail(name, `is empty. ${remedy}`, code)
      return seen ?? ''
    },
    choice(name, allowed, fallback) {
      const seen = text(name)
      const found = allowed.find((one) => one === seen)
      if (seen !== undefined && found === undefined) fail(name, `is ${quote(seen)}; allowed: ${allowed.join(', ')}.`)
      return found ?? fallback
    },
    flag(name) {
      const seen = text(name) ?? 'false'
      // The runner's own rule (YAML 1.2 core schema): anything else is a mistake, never a silent "no".
      if (/^(true|True|TRUE)$/.test(seen)) return true
      if (!/^(false|False|FALSE)$/.test(seen)) fail(name, `is ${quote(seen)}; allowed: true, false.`)
      return false
    },
    amount(name, unit, { min, max, fallback }) {
      const seen = text(name)
      if (seen === undefined) return fallback
      const number = Number(seen)
      if (/^\d+(\.\d+)?$/.test(seen) && number >= min && number <= max) return number
      fail(name, `is ${quote(seen)}; allowed: a number of ${unit} from ${min} to ${max}.`)
      return fallback
    },
    lines: (name) => (text(name) ?? '').split('\n').map((line) => line.trim()).filter((line) => line !== ''),
    matching(name, accepts, allowed) {
      const seen = text(name)
      if (seen === undefined) return undefined
      if (accepts(seen)) return seen
      fail(name, `is ${quote(seen)}; allowed: ${allowed}.`)
      return undefined
    },
    url(name) {
      const seen = text(name)
      if (seen === undefined) return undefined
      const problem = problemOfUrl(seen)
      if (problem === undefined) return new URL(seen)
      fail(name, problem)
      return undefined
    },
  }
}

/** A path below the Worker's own address; two slashes would name another host, and blanks vanish in a URL. */
export const HEALTH_PATH = /^\/(?![/\\])\S*$/

/** Why an address cannot be used: https, or http on loopback, and no credentials in it. */
export function problemOfUrl(seen: string): string | undefined {
  // First, since the other messages show the address.
  if (/^[^/?#]*(?:\/\/)?[^/?#]*@/.test(seen)) return 'holds a user name or a password; leave them out.'
  if (!URL.canParse(seen)) return `is ${quote(seen)}; allowed: an absolute URL such as https://shop.example.com.`
  const url = new URL(seen)
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) || url.hostname.endsWith('.localhost')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    return `is ${quote(seen)}; allowed: https (http only on this machine).`
  }
  return undefined
}
