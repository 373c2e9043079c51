import type { StrandedReason } from '../core/ending.ts'
import { byHand, capital, versionOr, withDetails, type Explanation, type Facts } from './words.ts'

type Write = (facts: Facts) => Explanation

const newVersion = ({ candidateId }: Facts) => versionOr(candidateId, 'the new version')
/** A rollback has no baseline; its target stands there. */
const target = ({ baselineId, candidateId }: Facts) => versionOr(baselineId ?? candidateId, 'its target')
const before = ({ baselineId }: Facts) => versionOr(baselineId, 'the version from before')
const lastSeen = ({ liveId }: Facts) => (liveId === undefined ? 'Not known for certain' : `Not known for certain; last read: version \`${liveId}\``)
const look = ({ worker }: Facts) => `Look with \`npx wrangler deployments status --name ${worker}\``

/** Why a person must act; each text holds the command with which to do so. */
export const STRANDED: Readonly<Record<StrandedReason, Write>> = {
  'cloudflare-unavailable': (facts) => ({
    sentence: 'Cloudflare stopped answering, so it was not seen which version serves.',
    live: `${lastSeen(facts)}.`,
    next: `${look(facts)}; unless ${before(facts)} is at 100 %, ${byHand(facts.worker, facts.baselineId)}`,
  }),
  'write-rejected': (facts) => ({
    sentence: `Cloudflare refused, again and again, to put ${before(facts)} back.`,
    live: `${lastSeen(facts)}; the new version may serve users.`,
    next: `Read what Cloudflare answered in the log, then ${byHand(facts.worker, facts.baselineId)} If that is refused too, choose another version there.`,
  }),
  'baseline-unhealthy': (facts) => ({
    sentence: `${capital(before(facts))} was put back, but fails checks that it passed before the rollout: something other than the version broke.`,
    live: `${capital(before(facts))} at 100 %, failing.`,
    next: `See which check fails, and look at what the Worker depends on (a database, a secret, another service). If an older version would do better, ${byHand(facts.worker, undefined)}`,
  }),
  'baseline-unknown': (facts) => ({
    sentence: `${capital(before(facts))} was put back, but the checks could not tell whether it is healthy.`,
    live: `${capital(before(facts))} at 100 %, unproven.`,
    next: `Open the Worker yourself. If it is not well, ${byHand(facts.worker, undefined)}`,
  }),
  'shared-incident': (facts) => ({
    sentence: `The same checks fail on the new version and on ${before(facts)}, which passed them before the rollout: something that both depend on is broken.`,
    live: `${capital(before(facts))} at 100 %, failing; rolling back further would probably not help.`,
    next: `See what the failing checks have in common (a database, a secret, another service) and mend that; then run the deploy again. If an older version would do better, ${byHand(facts.worker, undefined)}`,
  }),
  'target-unhealthy': (facts) => ({
    sentence: `The rollback reached ${target(facts)}, but that version fails its checks.`,
    live: `${capital(target(facts))} at 100 %, failing.`,
    next: `Go further back: run the rollback workflow with another \`version\`, or ${byHand(facts.worker, undefined)}`,
  }),
  'target-unknown': (facts) => ({
    sentence: `The rollback reached ${target(facts)}, but the checks could not tell whether it is healthy.`,
    live: `${capital(target(facts))} at 100 %, unproven.`,
    next: `Open the Worker yourself. If it is not well, run the rollback workflow with another \`version\`, or ${byHand(facts.worker, undefined)}`,
  }),
  'full-deploy-failed': (facts) => ({
    sentence: 'The full deploy failed half-way, and production is not what it was before.',
    live: `${lastSeen(facts)}.`,
    next: `Read what wrangler said in the log. A full deploy may have no way back (a migration, a container): mend and deploy again, or try it and ${byHand(facts.worker, facts.baselineId)}`,
  }),
  'full-deploy-unhealthy': (facts) => ({
    sentence: `The full deploy put ${newVersion(facts)} live, and it fails its checks.`,
    live: `${capital(newVersion(facts))} at 100 %, failing.`,
    next: `A full deploy may have no way back (a migration, a container): mend and deploy again, or try it and ${byHand(facts.worker, facts.baselineId)}`,
  }),
  'full-deploy-unknown': (facts) => ({
    sentence: `The full deploy put ${newVersion(facts)} live, but the checks could not tell whether it is healthy.`,
    live: `${capital(newVersion(facts))} at 100 %, unproven.`,
    next: `Open the Worker yourself. If it is not well, mend and deploy again, or try the way back, which a migration may have closed: ${byHand(facts.worker, facts.baselineId)}`,
  }),
  'triggers-failed': (facts) => ({
    sentence: `${capital(newVersion(facts))} was promoted, but its routes, crons or queue consumers could not be applied.`,
    live: `${capital(newVersion(facts))} at 100 %, with the triggers from before, or with some of the new ones.`,
    next: `Check out the deployed commit and run \`npx wrangler triggers deploy\` in the Worker's folder. If the version cannot live with the old triggers, ${byHand(facts.worker, facts.baselineId)}`,
  }),
  'triggers-unknown': (facts) => ({
    sentence: `${capital(newVersion(facts))} was promoted, but the run ended before it was known whether its routes, crons and queue consumers were applied.`,
    live: `${capital(newVersion(facts))} at 100 %; its triggers are not known.`,
    next: `Check out the deployed commit and run \`npx wrangler triggers deploy\` in the Worker's folder; repeating it does no harm. To go back instead, ${byHand(facts.worker, facts.baselineId)}`,
  }),
  outpaced: (facts) => ({
    sentence: 'The rollback was written over again and again by deploys that were under way.',
    live: `${lastSeen(facts)}; probably not the rollback's target.`,
    next: `Cancel the deploys that are running (the hold refuses new ones), then ${byHand(facts.worker, facts.baselineId ?? facts.candidateId)}`,
  }),
  'nothing-live': (facts) => ({
    sentence: 'Cloudflare shows no live deployment of this Worker: it was deleted, or another account was read.',
    live: 'Nothing, as far as Cloudflare says.',
    next: `Make sure that the account id is right. If the Worker is still there, ${byHand(facts.worker, facts.baselineId)} If it was deleted, deploy it anew with \`full-deploy: allow\`.`,
  }),
  'no-trusted-target': (facts) => ({
    sentence: 'An interrupted rollout was found, but no version that our own record and Cloudflare\'s history both vouch for.',
    live: `${lastSeen(facts)}; it may still be split.`,
    next: `Nothing unproven is ever restored: ${byHand(facts.worker, undefined)}`,
  }),
}

export function explainStranded(reason: StrandedReason, facts: Facts): Explanation {
  const { sentence, live, next } = STRANDED[reason](facts)
  return { sentence: withDetails(sentence, facts.details), live, next: capital(next) }
}
