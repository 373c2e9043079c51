/** Who wrote a Cloudflare deployment: one rollout or rollback of one attempt of one workflow run. */
export interface Marker {
  readonly command: 'deploy' | 'rollback'
  readonly runId: number
  readonly runAttempt: number
}

const SHAPE = /^sleepwell\/(deploy|rollback)\/(\d{1,18})\.(\d{1,6})(?: |$)/

/** The start of the `workers/message` of each deployment and version that Sleepwell makes. */
export function formatMarker(marker: Marker): string {
  return `sleepwell/${marker.command}/${marker.runId}.${marker.runAttempt}`
}

/** Reads a marker back from a message; `undefined` for everybody else's. */
export function readMarker(message: string | undefined): Marker | undefined {
  const found = message === undefined ? null : SHAPE.exec(message)
  if (found === null) return undefined
  return {
    command: found[1] === 'rollback' ? 'rollback' : 'deploy',
    runId: Number(found[2]),
    runAttempt: Number(found[3]),
  }
}

export function isSameMarker(one: Marker | undefined, other: Marker): boolean {
  return one !== undefined && formatMarker(one) === formatMarker(other)
}
