import type { JudgedCheck } from '../../src/core/checks/judge.ts'
import type { CheckResult } from '../../src/core/checks/result.ts'
import type { Report } from '../../src/core/report/report.ts'
import { ANOTHER, result, WANTED } from './check-samples.ts'

const at = (time: string) => `2026-11-23T14:${time}.000Z`

const before = (over: Partial<CheckResult> = {}) =>
  result({ kind: 'passed', answeredBy: ANOTHER }, { startedAt: at('00:03'), ...over })
const after = (startedAt: string, over: Partial<CheckResult> = {}) =>
  result({ kind: 'passed', answeredBy: WANTED }, { startedAt, ...over })

export const regressed: JudgedCheck = {
  standing: 'regressed',
  now: result(
    { kind: 'failed', expectation: 'status 200', seen: 'status 500, body: {"error":"KV is not bound"}', isProven: true },
    { startedAt: at('00:31'), attempts: 2, failedAttempts: 2, answerMs: 41 },
  ),
  before: before(),
}

const preExisting: JudgedCheck = {
  standing: 'pre-existing',
  now: result({ kind: 'failed', expectation: 'status 200', seen: 'status 404, no body', isProven: true }, { name: 'old page' }),
  before: result({ kind: 'failed', expectation: 'status 200', seen: 'status 404, no body', isProven: true }, { name: 'old page' }),
}

const common: Report = {
  command: 'deploy',
  ending: { kind: 'promoted' },
  sentence: 'Version `cccccccc` serves all requests and passed every check.',
  live: 'version `cccccccc` at 100 %.',
  next: 'nothing.',
  worker: 'shop',
  environment: 'production',
  key: 'account/shop/production',
  sha: '0123456789abcdef0123456789abcdef01234567',
  commitTitle: 'cart: keep items for a day (#7)',
  candidateId: WANTED,
  baselineId: ANOTHER,
  startedAt: at('00:00'),
  endedAt: at('01:12'),
  timeline: [
    { at: at('00:02'), text: 'The gate passed: `ci.yml` is green for this commit.' },
    { at: at('00:20'), text: 'Uploaded version `cccccccc`.' },
  ],
  splits: [],
  rounds: [],
  past: [],
  urls: {
    run: 'https://github.com/acme/shop/actions/runs/1',
    ledger: 'https://github.com/acme/shop/deployments/production',
    worker: 'https://shop.example.com/',
  },
  undelivered: [],
  warnings: [],
}

export const promoted: Report = {
  ...common,
  splits: [
    { at: at('00:25'), candidatePercent: 0 },
    { at: at('00:40'), candidatePercent: 10 },
    { at: at('00:58'), candidatePercent: 100 },
  ],
  rounds: [
    {
      title: 'Candidate at 0 %',
      checks: [{ standing: 'passed', now: after(at('00:31'), { attempts: 3, failedAttempts: 1 }), before: before() }, preExisting],
    },
    { title: 'Candidate at 100 %', checks: [{ standing: 'passed', now: after(at('01:05')), before: before() }] },
  ],
}

export const rolledBack: Report = {
  ...common,
  ending: { kind: 'rolled-back', cause: 'check-failed' },
  sentence: 'A check failed on version `cccccccc` before any user met it, and version `bbbbbbbb` was put back.',
  live: 'version `bbbbbbbb` at 100 %, read back and checked.',
  next: 'mend what the failed check names and merge again.',
  splits: [
    { at: at('00:25'), candidatePercent: 0 },
    { at: at('00:50'), candidatePercent: 0 },
  ],
  rounds: [
    { title: 'Candidate at 0 %', checks: [regressed] },
    {
      title: 'Baseline, put back',
      checks: [{ standing: 'passed', now: before({ startedAt: at('00:55') }), before: before() }],
    },
  ],
  undelivered: ['Pull request comment: the token may not write it; grant `pull-requests: write`.'],
}

export const refused: Report = {
  ...common,
  ending: { kind: 'refused', reason: 'superseded' },
  sentence: 'A newer commit of `main` is live already.',
  live: 'what was live before; nothing was changed.',
  next: 'nothing.',
  timeline: [{ at: at('00:02'), text: 'The live version was built from a descendant of this commit.' }],
}

export const yielded: Report = {
  ...common,
  ending: { kind: 'yielded', to: 'foreign' },
  sentence: 'Somebody else deployed while this rollout was under way (made through dash by jane@example.com).',
  live: 'what they deployed: version `dddddddd` at 100 %.',
  next: 'ask them; then merge again or run the deploy workflow again.',
  splits: [{ at: at('00:25'), candidatePercent: 0 }],
  warnings: ['Production was changed by hand: drift.'],
}

export const stranded: Report = {
  ...common,
  ending: { kind: 'stranded', reason: 'cloudflare-unavailable' },
  sentence: 'Cloudflare’s API did not answer, so the baseline could not be put back.',
  live: 'probably version `cccccccc` at 10 %.',
  next: 'run `npx wrangler versions deploy bbbbbbbb-0000-4000-8000-000000000001@100% --name shop` and check the site.',
  splits: [
    { at: at('00:25'), candidatePercent: 0 },
    { at: at('00:40'), candidatePercent: 10 },
  ],
  rounds: [{ title: 'Candidate at 10 %', checks: [regressed] }],
}

export const dryRun: Report = {
  ...common,
  command: 'dry-run',
  ending: { kind: 'refused', reason: 'dry-run' },
  sentence: 'Nothing was changed.',
  plan: {
    steps: ['Upload with wrangler 4.164.0.', 'Stage at 0 %, check, promote to 100 %.'],
    missing: [{ what: 'No ledger.', remedy: 'Grant `deployments: write` to the caller’s job.' }],
  },
}
