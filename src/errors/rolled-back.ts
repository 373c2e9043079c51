import type { Cause, Ending } from '../core/ending.ts'
import { capital, versionOr, withDetails, type Explanation, type Facts } from './words.ts'

type BackCause = Extract<Ending, { kind: 'rolled-back' }>['cause']

interface Text {
  /** Why, as the beginning of a sentence. */
  readonly why: string
  readonly next: string
}

const AFTER_A_CHECK = 'Nothing now. Mend what the check names, merge again, and the next deploy starts from the version that is live.'
const RUN_AGAIN = 'Nothing now. Run the deploy again when you want it.'

const BY_CAUSE: Readonly<Record<Cause, Text>> = {
  cancelled: { why: 'The run was cancelled during the rollout', next: RUN_AGAIN },
  'run-died': { why: 'The run died in the middle of the rollout', next: 'Nothing now. Look at the run for why its runner was lost, then run the deploy again.' },
  held: { why: 'Somebody put a hold on this Worker during the rollout', next: 'Nothing now. When the reason for the hold is gone, run the rollback workflow with `release: true`, then deploy again.' },
  frozen: { why: 'A freeze began during the rollout', next: 'Nothing now. Run the deploy again when the freeze is over, or before it with time enough.' },
  'ledger-unavailable': { why: 'GitHub did not take the record of the next step, and no step goes forward without one', next: 'Look at https://www.githubstatus.com, then run the deploy again.' },
  'cloudflare-unavailable': { why: 'Cloudflare did not answer when the next step was due', next: 'Look at https://www.cloudflarestatus.com, then run the deploy again.' },
  'write-rejected': { why: 'Cloudflare refused the next split', next: 'Read in the log what Cloudflare answered, mend that, and run the deploy again.' },
  'upload-failed': { why: 'The upload of the new version failed', next: 'Read what wrangler said in the log, mend it, and run the deploy again.' },
  'check-failed': { why: 'A check failed on the new version', next: AFTER_A_CHECK },
  'check-unknown': { why: 'The checks could not tell whether the new version is healthy, and silence is not health', next: 'Nothing now. See in the summary what kept the checks from an answer (no proof of version, a challenge page, a time-out), mend that, and run the deploy again.' },
  'shared-incident': { why: 'The new version and the one from before failed the same checks for minutes, so something that both depend on was broken', next: 'It passes its checks again. Find out what broke, then run the deploy again: the new version is not known to be at fault.' },
  regressed: { why: 'The new version did worse than the one from before, on the same traffic', next: 'Nothing now. The summary has the numbers; mend what they point to and merge again.' },
  inconclusive: { why: 'The soak did not show whether the new version is healthy, and silence is not health', next: 'Nothing now. The summary says what was missing: more traffic, a source that answers, or a longer soak (`rollout` in sleepwell.yml). Then run the deploy again.' },
  deadline: { why: 'The rollout did not get through its steps in time', next: 'Nothing now. See in the log what was awaited (an approval, a pause, traffic); give it more time with `rollout.deadlineMinutes`, or run the deploy again when somebody is there.' },
  aborted: { why: 'Somebody aborted the rollout', next: RUN_AGAIN },
  'nothing-live': { why: 'Cloudflare showed no live deployment during the rollout', next: 'Find out who changed this Worker before you deploy again.' },
}

/** The baseline was read back at 100 % and is no worse than before. */
export function explainRolledBack(cause: BackCause, facts: Facts): Explanation {
  if (cause === 'by-hand') return explainByHand(facts)
  const { why, next } = BY_CAUSE[cause]
  const baseline = versionOr(facts.baselineId ?? facts.liveId, 'the version from before')
  const candidate = facts.candidateId === undefined ? '' : ` (\`${facts.candidateId}\`)`
  return {
    sentence: withDetails(`${why.replace(/(new version)$/, `$1${candidate}`)}; ${baseline} was put back.`, facts.details),
    live: `${capital(baseline)} at 100 %, read back and checked.`,
    next,
  }
}

function explainByHand({ baselineId, liveId, environment, details, holdUntil }: Facts): Explanation {
  const target = versionOr(baselineId ?? liveId, 'the version that was asked for')
  return {
    sentence: withDetails(`Production was rolled back by hand to ${target}.`, details),
    live: `${capital(target)} at 100 %, read back and checked.`,
    next: `Deploys to ${environment} are on hold${holdUntil === undefined ? '' : ` ${holdUntil}`}. When the fault is mended, run the rollback workflow with \`release: true\`.`,
  }
}
