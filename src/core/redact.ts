/** Hides what must never be shown, in the forms in which it may turn up. */
export type Redact = (text: string) => string

const HIDDEN = '***'
/** Shorter ones would hide half of every text; GitHub's runner masks them all the same. */
const LEAST_LENGTH = 4

/**
 * The runner masks logs, but not summaries' sources, journals, comments or the ledger. Secrets are hidden as
 * they are, in JSON, URL and HTML encoding, and in base64 at each of its three alignments.
 */
export function redactorFor(secrets: readonly string[], base64: (text: string) => string): Redact {
  const forms = secrets
    .filter((secret) => secret.length >= LEAST_LENGTH)
    .flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
      // A neighbour before it shifts the alignment; what depends on neighbours is cut off both ends.
      ...['', 'x', 'xx'].map((before) => base64(before + secret).replace(/=+$/, '').slice(before === '' ? 0 : before.length + 1, -1)),
    ])
    .filter((form) => form.length >= LEAST_LENGTH)
    .toSorted((one, other) => other.length - one.length)
  const unique = [...new Set(forms)]
  return (text) => unique.reduce((clean, form) => clean.replaceAll(form, HIDDEN), text)
}
