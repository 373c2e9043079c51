const key = '[a-z*][a-z0-9_.*-]*'
const text = String.raw`"(?:[ !#-\[\]-~]|\\["\\])*"`
const bare = String.raw`(?:${text}|[A-Za-z*][!#$%&'*+.^_|~:/0-9A-Za-z${'`'}-]*|-?\d{1,15}(?:\.\d{1,3})?|\?[01]|:[A-Za-z0-9+/=]*:)`
const parameters = `(?:; *${key}(?:=${bare})?)*`
const innerList = String.raw`\( *(?:${bare}${parameters}(?: +(?=[^ ])|(?=\)))| +(?=\)))*\)`
const member = new RegExp(`(?<key>${key})(?:=(?<value>${bare}|${innerList}))?${parameters}`, 'y')
const separator = /[ \t]*,[ \t]*/y

/**
 * The version that `Cloudflare-Workers-Version-Overrides` asks for, by script name. The header is a
 * Dictionary of Strings (RFC 8941, sections 3.2 and 4.2.2; docs "Gradual deployments, Version overrides"):
 * a member of another type asks for nothing, and a malformed header is ignored as a whole.
 */
export function versionOverrides(header: string | undefined): ReadonlyMap<string, string> {
  const overrides = new Map<string, string>()
  const input = (header ?? '').replaceAll(/^ +| +$/g, '')
  let position = 0
  while (position < input.length) {
    member.lastIndex = position
    const found = member.exec(input)
    if (found === null) return new Map()
    const { key: name = '', value = '' } = found.groups ?? {}
    overrides.delete(name)
    if (value.startsWith('"')) overrides.set(name, value.slice(1, -1).replaceAll(/\\(.)/g, '$1'))
    position = afterSeparator(input, member.lastIndex)
    if (Number.isNaN(position)) return new Map()
  }
  return overrides
}

/** Where the next member starts; the end of the input is an end, a comma before it is an error (NaN). */
function afterSeparator(input: string, position: number): number {
  if (position === input.length) return position
  separator.lastIndex = position
  if (!separator.test(input) || separator.lastIndex === input.length) return Number.NaN
  return separator.lastIndex
}
