import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readAction, type Action } from './action-manifest.ts'
import type { StandIn } from './stand-ins.ts'
import { unsupported } from './unsupported.ts'
import { sourceIn, type LocalRepository, type Source } from './workflow-tree.ts'

export type UsedAction =
  | {
      readonly kind: 'action'
      readonly action: Action
      /** Undefined for `./…`: such an action has no repository of its own. */
      readonly repository: string | undefined
      readonly ref: string | undefined
    }
  | { readonly kind: 'stand-in'; readonly name: string; readonly run: StandIn }

export interface UsesOptions {
  readonly source: Source
  readonly workspace: string
  readonly repositories: Readonly<Record<string, LocalRepository>>
  readonly standIns: Readonly<Record<string, StandIn>>
}

/** Finds what a step's `uses:` names. */
export function findAction(uses: string, options: UsesOptions): UsedAction {
  const { source } = options
  if (uses.startsWith('$/')) {
    const path = uses.slice(2).replace(/^\/+/, '')
    // actions/runner, PipelineConstants.cs `TryParseSelfRepository`: an empty path is no path.
    if (path === '' || path.includes('@')) throw new Error(`Expected format {org}/{repo}[/path]@ref. Actual '${uses}'`)
    const action = readAction(join(source.directory, path))
    return { kind: 'action', action, repository: source.repository, ref: source.sha }
  }
  if (uses.startsWith('./')) {
    const action = readAction(join(options.workspace, uses))
    return { kind: 'action', action, repository: undefined, ref: undefined }
  }
  return findRemoteAction(uses, options)
}

function findRemoteAction(uses: string, options: UsesOptions): UsedAction {
  const match = /^([^/@]+\/[^/@]+)(?:\/([^@]+))?@(.+)$/.exec(uses)
  if (match === null) throw unsupported(`uses: ${uses}`)
  const [, repository = '', path = '', ref = ''] = match
  const name = path === '' ? repository : `${repository}/${path}`
  const run = options.standIns[name]
  if (run !== undefined) {
    if (!/^[0-9a-f]{40}$/.test(ref)) throw new Error(`uses: ${uses}: not pinned to a full commit SHA`)
    return { kind: 'stand-in', name, run }
  }
  if (options.repositories[repository] === undefined) throw unsupported(`uses: ${uses} (no stand-in and no local folder)`)
  const source = sourceIn(options.repositories, repository, path, ref)
  if (!existsSync(join(source.directory, path))) throw new Error(`${uses}: no such folder in ${source.directory}`)
  return { kind: 'action', action: readAction(join(source.directory, path)), repository, ref }
}
