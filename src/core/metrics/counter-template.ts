/** What stands for something else in a template; any other name in double braces is a mistake. */
const PLACEHOLDER = /\{\{\s*(\w*)\s*\}\}/g

export interface CounterOf {
  readonly version: string
  readonly script: string
}

/** The query of one version. */
export function fillTemplate(template: string, of: CounterOf): string {
  return template.replaceAll(PLACEHOLDER, (whole, name: string) => (name === 'version' || name === 'script' ? of[name] : whole))
}

/** Why a template cannot be used; `undefined` when it can. */
export function problemOfTemplate(template: string): string | undefined {
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name]) => name)
  const strange = names.find((name) => name !== 'version' && name !== 'script')
  if (strange !== undefined) return `allowed in double braces: version, script; seen: ${strange === '' ? 'nothing' : strange}`
  if (!names.includes('version')) return 'expected {{version}} somewhere, or both versions would be counted as one'
  // They extrapolate: what was counted ten times would look as sure as what was counted a hundred times.
  const derived = /\b(increase|rate|irate|delta|idelta|deriv|increase_pure|count_over_time)\s*\(/.exec(template)
  return derived === null ? undefined : `expected a counter as it stands, without ${derived[1] ?? ''}(): its value is read at both ends of each interval`
}

/** Quotes, braces and escapes would change the query. */
export function canBeFilledIn(text: string): boolean {
  return /^[\w.-]{1,255}$/.test(text)
}
