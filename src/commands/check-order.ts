import type { VersionId } from '../core/ids.ts'
import { isSha } from '../core/ids.ts'
import { gatedCommit, isSuperseded, rivalRuns, type Relation } from '../core/order.ts'
import type { DeployConfig } from '../inputs/config.ts'
import type { Session } from './session.ts'

/** Whether a newer commit is live already or on its way; what cannot be read does not refuse. */
export async function findSuperseding(session: Session<DeployConfig>, live: VersionId | undefined): Promise<boolean> {
  const { config, github, script } = session
  const ofLive = live === undefined ? 'unknown' : await relationOfLive(session, live)
  const runs = await github.newestRuns(config.github.callerWorkflow)
  const rivals = runs.kind === 'ok' ? rivalRuns(runs.value, config.github) : []
  const ofRivals: Relation[] = []
  for (const rival of rivals) {
    const jobs = await github.jobs(rival.id, rival.attempt)
    const sha = jobs.kind === 'ok' ? gatedCommit(jobs.value, script, config.environment) : undefined
    if (sha !== undefined) ofRivals.push(await relationTo(session, sha))
  }
  return isSuperseded(ofLive, ofRivals)
}

/** Versions carry their commit as a tag; one that does not says nothing about order. */
async function relationOfLive(session: Session<DeployConfig>, live: VersionId): Promise<Relation> {
  const version = await session.cloudflare.version(session.script, live)
  const tag = version.kind === 'ok' ? (version.value.tag ?? '') : ''
  return isSha(tag) ? relationTo(session, tag) : 'unknown'
}

async function relationTo({ github, config }: Session<DeployConfig>, sha: string): Promise<Relation> {
  const relation = await github.compare(config.sha, sha)
  return relation.kind === 'ok' ? relation.value : 'unknown'
}
