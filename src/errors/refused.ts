import type { Cause } from '../core/ending.ts'
import type { SteerRefusal } from '../core/ledger/commands.ts'
import type { RefusalCode } from '../core/preflight.ts'
import type { ProblemCode } from '../inputs/problems.ts'
import { versionOr, withDetails, capital, type Explanation, type Facts } from './words.ts'

/** Refusals that come neither from the rollout, nor from preflight's rules, nor from the inputs. */
type OtherRefusal =
  | 'superseded'
  | 'frozen'
  | 'gate-absent'
  | 'gate-failed'
  | 'gate-timeout'
  | 'worker-absent'
  | 'worker-mismatch'
  | 'build-refused'
  | 'build-failed'
  | 'wrangler-config-invalid'
  | 'wrangler-not-installed'
  | 'wrangler-too-old'
  | 'wrangler-failed'
  | 'github-unavailable'
  | 'permission-missing'
  | 'baseline-unproven'
  | 'metrics-unready'
  | 'interrupted-rollout'
  | 'nothing-to-recover'
  | 'no-known-good'
  | 'unknown-target'
  | 'no-trusted-target'
  | 'already-live'
  | 'released'
  | 'dry-run'
  | SteerRefusal

export type KnownRefusal = Cause | RefusalCode | ProblemCode | OtherRefusal

interface Text {
  readonly sentence: string
  readonly next: string
}

const RUN_AGAIN = 'Run the workflow again when you want it.'
const RECHECK_GITHUB = 'Look at https://www.githubstatus.com and at the permission `deployments: write` of the calling job, then run the workflow again.'
const ONLY_MAIN = 'Call the workflow on push to the default branch, or after the test workflow (workflow_run).'

export const REFUSALS: Readonly<Record<KnownRefusal, Text>> = {
  cancelled: { sentence: 'The run was cancelled before any user met the new version.', next: RUN_AGAIN },
  'run-died': { sentence: 'The run died before any user met the new version.', next: 'Look at the run for why its runner was lost, then run it again.' },
  held: { sentence: 'A hold stops deploys of this Worker.', next: 'When the reason for the hold is gone, run the rollback workflow with `release: true`, wait until it expires, or dispatch the deploy with `release-hold: true`.' },
  frozen: { sentence: 'A freeze stops deploys for now.', next: 'Run the workflow again when the freeze is over. What cannot wait is deployed by hand with `freeze-override` and a reason.' },
  superseded: { sentence: 'A newer commit is live already or on its way, so this one is not deployed.', next: 'Nothing. To go back to this commit on purpose, run the rollback workflow with `commit`.' },
  'ledger-unavailable': { sentence: 'GitHub did not take the record of this deploy, and nothing goes forward without one.', next: RECHECK_GITHUB },
  'cloudflare-unavailable': { sentence: 'Cloudflare did not answer, so nothing was changed.', next: 'Look at https://www.cloudflarestatus.com, then run the workflow again.' },
  'write-rejected': { sentence: 'Cloudflare refused the deployment, so nothing was changed.', next: 'Read in the log what Cloudflare answered, mend that, and run the workflow again.' },
  'upload-failed': { sentence: 'The new version could not be uploaded.', next: 'Read what wrangler said in the log, mend it, and run the workflow again.' },
  'check-failed': { sentence: 'A check failed before any user met the new version.', next: 'Mend what the check names and merge again.' },
  'check-unknown': { sentence: 'The checks could not tell whether the version is healthy, before any user met it.', next: 'See in the summary what kept the checks from an answer, mend that, and run the workflow again.' },
  'shared-incident': { sentence: 'The same checks failed on the new version and on the one that serves, so something that both depend on broke; no user met the new version.', next: 'See what the failing checks have in common (a database, a secret, another service), mend that, and run the workflow again.' },
  regressed: { sentence: 'The new version did worse than the one from before.', next: 'Mend what the summary names and merge again.' },
  inconclusive: { sentence: 'Nothing showed whether the version is healthy, before any user met it.', next: 'See in the summary what was missing, then run the workflow again.' },
  deadline: { sentence: 'The rollout was not begun in time, so no user met the new version.', next: 'See in the log what was awaited, then run the workflow again when somebody is there.' },
  aborted: { sentence: 'Somebody aborted the rollout before any user met the new version.', next: RUN_AGAIN },
  'nothing-live': { sentence: 'Cloudflare shows no live deployment of this Worker.', next: 'Make sure that the account id and the Worker\'s name are right. A first deploy wants `full-deploy: allow` with a reason.' },

  'gate-absent': { sentence: 'No run of the test workflow was found for this commit, and nothing found is never a pass.', next: 'Make sure that `test-workflows` names the right file and that it runs on push for this commit, then run the workflow again.' },
  'gate-failed': { sentence: 'The tests did not pass for this commit.', next: 'Mend the tests and merge again, or re-run them if they are flaky, then run the workflow again.' },
  'gate-timeout': { sentence: 'The tests did not finish in the time that the gate waits.', next: 'Run the workflow again when the tests have passed, or raise `gate-timeout-minutes`.' },

  drift: { sentence: 'Production was changed around CI since the last deploy, and the policy is `drift: refuse`.', next: 'Find out who changed it and why. To go on over it, deploy with `drift: warn`; to undo it, run the rollback workflow.' },
  'production-split': { sentence: 'Production is split between versions by somebody else, so there is no single version to come back to.', next: 'Ask whoever made the split to finish it, or put one version at 100 % by the rollback workflow, then run the workflow again.' },
  'one-way-door': { sentence: 'This deploy cannot be undone by putting the old version back.', next: 'If that is right this time, dispatch the deploy by hand with `full-deploy: allow` and a `full-deploy-reason`.' },
  'token-invalid': { sentence: 'Cloudflare does not accept the API token, or it is not active.', next: 'Make a token that may edit Workers Scripts for this account, and put it into the environment\'s secret `CLOUDFLARE_API_TOKEN`.' },
  'token-missing': { sentence: 'There is no Cloudflare API token: the secret came through empty.', next: 'Set `CLOUDFLARE_API_TOKEN` in the GitHub environment and map it by name in the caller\'s `secrets:`; mind that a mistyped environment is created empty.' },
  'secrets-missing': { sentence: 'Secrets that the Worker requires are not set.', next: 'Set each with `npx wrangler versions secret put NAME` (unlike `secret put` it deploys nothing), then run the workflow again.' },
  'worker-absent': { sentence: 'Cloudflare does not know this Worker in this account.', next: 'Make sure that the account id and the Worker\'s name are right. A first deploy wants `full-deploy: allow` with a reason.' },
  'baseline-unproven': { sentence: 'The live version does not say which version it is, so it could not be proven that it came back.', next: 'Add the lines that the README gives to the Worker, deploy them once with `proof: none`, then go on with proof.' },
  'metrics-unready': { sentence: 'The two versions could not be compared while the share rises: a source of counts is not ready.', next: 'Mend what is named, or choose another source under `rollout.metrics` in sleepwell.yml; `rollout: { preset: immediate }` goes from 0 to 100 % by the checks alone.' },
  'interrupted-rollout': { sentence: 'An earlier rollout of this Worker is unfinished and could not be recovered first.', next: 'Re-run the failed jobs of that run (its recover job finishes it), then run the workflow again.' },

  'config-invalid': { sentence: 'The configuration is wrong.', next: 'Mend each place that is named, then run the workflow again.' },
  'not-in-actions': { sentence: 'Deploys come from GitHub Actions only, so that each has a gate, a lock and a record.', next: 'Merge, and let the workflow deploy.' },
  'pull-request-event': { sentence: 'The run is of a pull request, which is not production\'s code yet.', next: ONLY_MAIN },
  'fork-run': { sentence: 'The tested run is of a fork or a pull request, whose code must not meet production\'s secrets.', next: ONLY_MAIN },
  'worker-mismatch': { sentence: 'The deploy resolved another Worker than the gate did.', next: 'Make sure that `working-directory`, `wrangler-config` and `wrangler-environment` are the same in every job.' },
  'build-refused': { sentence: 'The build that was handed over is not what the build job made.', next: 'Run the whole workflow again, so that it is built anew. If that repeats, look for what changes the artifact.' },
  'build-failed': { sentence: 'The build failed.', next: 'Read the build job\'s log, mend it, and merge again.' },
  'wrangler-config-invalid': { sentence: 'Wrangler\'s configuration cannot be used.', next: 'Mend what is named in wrangler\'s configuration file, then run the workflow again.' },
  'wrangler-not-installed': { sentence: 'Wrangler could not be found or installed.', next: 'Lock wrangler in the Worker\'s package, or look at why the pinned one could not be installed.' },
  'wrangler-too-old': { sentence: 'The wrangler that the repository locks is too old.', next: 'Raise wrangler in the Worker\'s package and its lockfile.' },
  'wrangler-failed': { sentence: 'Wrangler failed without saying why by a code.', next: 'Read the end of its output in the log.' },
  'github-unavailable': { sentence: 'GitHub did not answer, so nothing was changed.', next: 'Look at https://www.githubstatus.com, then run the workflow again.' },
  'permission-missing': { sentence: 'The job\'s token lacks a permission.', next: 'Give the calling job the permissions that the README lists.' },

  'nothing-to-recover': { sentence: 'The run left nothing unfinished in production.', next: 'See in the deploy job why it failed, then run the workflow again.' },
  'no-known-good': { sentence: 'There is no other version that ended `promoted`, was never rolled back from, and can still be deployed.', next: 'Choose one in `npx wrangler versions list` and run the rollback workflow with `version`.' },
  'unknown-target': { sentence: 'The version or commit that was asked for cannot be rolled back to: it never served here, or it is too old to be deployed again.', next: 'Choose one in `npx wrangler deployments list` and run the rollback workflow with `version`.' },
  'already-live': { sentence: 'The version that was asked for serves everybody already.', next: 'Nothing, or run the rollback workflow with another `version`.' },
  released: { sentence: 'The hold was lifted, so that deploys go on.', next: 'Run the deploy workflow when you want it; nothing was deployed by this run.' },
  'dry-run': { sentence: 'This was a dry run, which changes nothing.', next: 'Read the plan in the summary, mend what is missing, and run the workflow without `dry-run`.' },
  'nothing-to-steer': { sentence: 'No rollout of this Worker is under way that could be paused, resumed, promoted, aborted or approved.', next: 'See under Deployments what the last one ended as. To change what is live now, run the deploy or the rollback workflow.' },
  'untrusted-run': { sentence: 'No rollout believes a command from this run: it must be started by hand (workflow_dispatch) on the default branch.', next: 'Start the steer workflow from the Actions page, with the default branch chosen.' },
  'turned-down': { sentence: 'The rollout read the command and did not take it up.', next: 'Look at the deploy run for where the rollout is, and say what fits there.' },
  'came-too-late': { sentence: 'The rollout ended before it read the command.', next: 'See under Deployments what it ended as. To go back from it, run the rollback workflow.' },
  'not-taken-up': { sentence: 'The rollout is under way but did not read the command in time, so it was taken back.', next: 'Look at the deploy run for what it is busy with, and run this workflow again; to stop everything now, run the rollback workflow.' },
  withdrawn: { sentence: 'The run was cancelled before the rollout answered, so the command was taken back.', next: RUN_AGAIN },
  'no-trusted-target': { sentence: 'No version was found that our own record and Cloudflare\'s history both vouch for.', next: 'Choose one in `npx wrangler deployments list` and run the rollback workflow with `version`.' },
}

const KNOWN: ReadonlyMap<string, Text> = new Map(Object.entries(REFUSALS))

/** Nothing was exposed; a code that is not known here gets a text that claims nothing. */
export function explainRefused(reason: string, facts: Facts): Explanation {
  const text = KNOWN.get(reason) ?? {
    sentence: `The run was refused (\`${reason}\`) before any user met a new version.`,
    next: 'Read the log of the step that refused, mend what it names, and run the workflow again.',
  }
  const id = facts.liveId ?? facts.baselineId
  const live = id === undefined ? 'What was live before; this run exposed nothing.' : `${capital(versionOr(id, ''))}, as before this run.`
  return { sentence: withDetails(text.sentence, facts.details), live, next: text.next.replaceAll(/`(npx wrangler [^`]+)`/g, `\`$1 --name ${facts.worker}\``) }
}
