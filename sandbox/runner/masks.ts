/** The runner's memory of secret values: what it hides from logs, annotations and summaries. */
export interface Masks {
  /** The values as they were given, without their encoded forms. */
  readonly values: readonly string[]
  add(value: string): void
  /** The text with each secret replaced by `***`; unchanged when masking is off. */
  hide(text: string): string
  /** Whether a secret is in the text, whatever the switch says. */
  finds(text: string): boolean
}

/** `masking: false` leaves the log as it was written, to prove that no secret depends on masking. */
export function createMasks(masking = true): Masks {
  const values: string[] = []
  const hidden = new Set<string>()
  const add = (value: string) => {
    if (value === '' || values.includes(value)) return
    values.push(value)
    for (const form of [value, ...encodedForms(value)]) if (form !== '') hidden.add(form)
  }
  return {
    values,
    // A secret of several lines is also hidden line by line: the log is read line by line.
    add(value) {
      add(value)
      for (const line of value.split(/[\r\n]+/)) add(line.trim())
    },
    hide: (text) => (masking ? replaceAll(text, hidden) : text),
    finds: (text) => [...hidden].some((form) => text.includes(form)),
  }
}

/** actions/runner, HostContext.cs and ValueEncoders.cs: the encodings that the runner hides as well. */
function encodedForms(value: string): readonly string[] {
  const bytes = Buffer.from(value, 'utf8')
  const shifted = [1, 2].map((shift) => (bytes.length > shift ? bytes.subarray(shift) : bytes).toString('base64'))
  return [
    bytes.toString('base64'),
    ...shifted,
    value.replaceAll('"', '\\"'),
    value.replaceAll("'", "''"),
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    escapeXml(value),
    value.length > 8 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : '',
  ]
}

function escapeXml(value: string): string {
  const names: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '&': '&amp;' }
  return value.replaceAll(/[<>"'&]/g, (character) => names[character] ?? character)
}

function replaceAll(text: string, secrets: ReadonlySet<string>): string {
  const found: { start: number; end: number }[] = []
  for (const secret of secrets) {
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
      found.push({ start: at, end: at + secret.length })
    }
  }
  found.sort((left, right) => left.start - right.start)
  let result = ''
  let end = 0
  for (const each of found) {
    // Overlapping and touching finds become one `***`, as in SecretMasker.cs.
    if (each.start > end || result === '') result += `${text.slice(end, Math.max(each.start, end))}***`
    end = Math.max(end, each.end)
  }
  return result + text.slice(end)
}
