import { reasonOf, type Ending } from '../ending.ts'
import { isVersionId, type VersionId } from '../ids.ts'
import { isOpen, type Entry } from './entries.ts'

// What a rollout has come to is kept in the descriptions of its entry's statuses, at most 140 characters each.

/** A forward write that is about to be made. */
export interface Progress {
  readonly candidate: VersionId
  /** 0 is the stage. */
  readonly percent: number
}

export function formatProgress({ candidate, percent }: Progress): string {
  return percent === 0 ? `stage ${candidate}` : `raise ${candidate} to ${percent} %`
}

const PROGRESS = /^(?:stage ([0-9a-f-]{36})|raise ([0-9a-f-]{36}) to (\d{1,3}(?:\.\d+)?) %)/

/** Reads what formatProgress wrote; `undefined` for every other description. */
export function readProgress(description: string): Progress | undefined {
  const [, staged, raised, percent = '0'] = PROGRESS.exec(description) ?? []
  const candidate = staged ?? raised ?? ''
  return isVersionId(candidate) ? { candidate, percent: Number(percent) } : undefined
}

/** The candidate that an entry's rollout announced last, once its stage was. */
export function announcedCandidate(entry: Entry): VersionId | undefined {
  return entry.statuses.flatMap(({ description }) => readProgress(description)?.candidate ?? [])[0]
}

/** GitHub's state for how an entry ended; `error` calls for a person. */
export function stateOf(ending: Ending): 'success' | 'failure' | 'error' | 'inactive' {
  switch (ending.kind) {
    case 'promoted':
      return 'success'
    case 'rolled-back':
      return ending.cause === 'by-hand' ? 'success' : 'failure'
    case 'refused':
    case 'yielded':
      return 'inactive'
    case 'stranded':
      return 'error'
  }
}

/** First words of the description of an entry's last status, and never empty; what follows may be cut. */
export function formatEnd(ending: Ending, versionId: VersionId | undefined): string {
  const reason = reasonOf(ending)
  return `${ending.kind}${reason === '' ? '' : ` (${reason})`}${versionId === undefined ? '' : ` ${versionId}`}`
}

/** Reads an ending's name and code back; `undefined` while there is none. */
export function readEnd(entry: Entry): { readonly ending: string; readonly reason: string } | undefined {
  const [, ending, reason = ''] = /^(promoted|refused|rolled-back|yielded|stranded)(?: \(([\w-]+)\))?/.exec(entry.statuses[0]?.description ?? '') ?? []
  return ending === undefined ? undefined : { ending, reason }
}

/**
 * Whether its rollout still has to be finished: nobody has closed it, or whoever did could only say that Cloudflare
 * no longer answered, and may have left the split as it was.
 */
export function isUnfinished(entry: Entry): boolean {
  const end = readEnd(entry)
  return isOpen(entry) || (end?.ending === 'stranded' && end.reason === 'cloudflare-unavailable')
}

/** The version that this entry ended with at 100 %, if it ended so. */
export function promotedVersion(entry: Entry): VersionId | undefined {
  return entry.statuses.flatMap(({ state, description }) => {
    const found = state === 'success' ? (/^promoted ([0-9a-f-]{36})(?![0-9a-f-])/.exec(description)?.[1] ?? '') : ''
    return isVersionId(found) ? [found] : []
  })[0]
}
