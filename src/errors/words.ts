/** What a message may name; everything in it has been read, never guessed. */
export interface Facts {
  readonly worker: string
  readonly environment: string
  /** Version that was last read back as live. */
  readonly liveId?: string
  /** Version that served before, or that a rollback goes to. */
  readonly baselineId?: string
  /** Version that was rolled out. */
  readonly candidateId?: string
  /** How long a rollback holds deploys, in words. */
  readonly holdUntil?: string
  /** What was seen, as whole sentences or names; they may quote the outside. */
  readonly details: readonly string[]
}

/** For the person at 3 a.m.: what happened, what is live now, what to do next. Commands stand in backticks. */
export interface Explanation {
  readonly sentence: string
  readonly live: string
  readonly next: string
}

export function versionOr(id: string | undefined, otherwise: string): string {
  return id === undefined ? otherwise : `version \`${id}\``
}

export function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}

/** The sentence with what was seen after it. */
export function withDetails(sentence: string, details: readonly string[]): string {
  const seen = details.map((detail) => detail.trim()).filter((detail) => detail !== '')
  if (seen.length === 0) return sentence
  const listed = seen.join(seen.every((detail) => /[.!?]$/.test(detail)) ? ' ' : '; ')
  return `${sentence} Seen: ${listed}${/[.!?]$/.test(listed) ? '' : '.'}`
}

/** Everything that bringing a version back by hand takes; it needs neither GitHub nor Sleepwell. */
export function byHand(worker: string, versionId: string | undefined): string {
  const choose =
    versionId === undefined ? `choose a version that you trust in \`npx wrangler deployments list --name ${worker}\`, then ` : ''
  const command = `run \`npx wrangler rollback ${versionId ?? 'VERSION_ID'} --name ${worker} --yes\``
  return `${choose}${command}, with \`CLOUDFLARE_ACCOUNT_ID\` and \`CLOUDFLARE_API_TOKEN\` (a token that may edit the Worker) set.`
}
