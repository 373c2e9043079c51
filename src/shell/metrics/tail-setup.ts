import { z } from 'zod'
import type { MetricSetting } from '../../core/analysis/settings.ts'
import { settingOf } from '../../core/metrics/declared-metric.ts'
import { SHARE_ABOVE, tellableLevels } from '../../core/metrics/slow-levels.ts'
import type { SlowLevel } from '../../core/metrics/spec.ts'
import type { TailSourceSpec } from '../../core/metrics/tail-spec.ts'
import { newestComplete } from './complete-interval.ts'
import { readScriptSettings } from './script-settings.ts'
import type { MetricSource, Prepared } from './source.ts'
import { askTail, badOf, type Asked, type TailAnswer, type TailPorts, type VersionCounts } from './tail-answer.ts'

type Question = Parameters<MetricSource['prepare']>[0]
type Refused = Extract<Prepared, { readonly kind: 'refused' }>

const settingsSchema = z.object({ tail_consumers: z.array(z.unknown()).nullish() })

/** Sees that the Tail Worker answers and is told of this Worker's requests, and freezes what is slow by the baseline's last hour. */
export async function prepareTail(spec: TailSourceSpec, { script, baseline, nowMs }: Question, { api, ...options }: TailPorts): Promise<Prepared> {
  const interval = newestComplete(nowMs, spec.lagSeconds)
  const asked = await askTail(spec, { script, interval, usersSinceMs: spec.unit === 'user' ? interval.fromMs : undefined }, options)
  if (asked.kind !== 'ok') return refusedToCount(asked)
  const answer = asked.value
  const attributed = Object.values(answer.versions).reduce((sum, { requests }) => sum + requests, 0)
  if (attributed === 0 && answer.unattributed > 0) return refused(`the requests of ${script} carry no version`, 'Count with another source.')
  const silence = attributed > 0 ? undefined : await refusalOfSilence(api, script, answer)
  if (silence !== undefined) return silence
  if (spec.unit === 'user') return preparedByUser(spec, script, answer)
  const counts = answer.versions[baseline]
  const thresholds = counts === undefined ? {} : thresholdsOf(spec.slow, counts, answer.edgesMs)
  return { kind: 'ok', metrics: settingsOf(spec, answer, counts, thresholds), thresholds }
}

/** Nothing is called usual: users who fail in an hour are another share than those who fail in a poll. */
function preparedByUser(spec: TailSourceSpec, script: string, { users, versions }: TailAnswer): Prepared {
  if (users === undefined || users === null) return refused('it does not count users', 'Set the variable COUNT_USERS of the Tail Worker to "true" and deploy it, or remove `unit: user`.')
  if (Object.keys(users).length === 0 && Object.keys(versions).length > 0) {
    return refused(`no request of ${script} names its user`, 'Let the clients or a Transform Rule send the header Cloudflare-Workers-Version-Key, or remove `unit: user`.')
  }
  return { kind: 'ok', metrics: ['exceptions', 'server-errors'].map((name) => settingOf(spec, { name, kind: 'errors', unit: 'user' }, undefined)), thresholds: {} }
}

/** An hour without a request may be a quiet one, or one of which nobody told the Tail Worker. */
async function refusalOfSilence(api: TailPorts['api'], script: string, { countedSinceMs }: TailAnswer): Promise<Refused | undefined> {
  const settings = await readScriptSettings(api, script, settingsSchema)
  if (settings.kind !== 'ok') return refused(settings.problem, settings.remedy)
  if ((settings.value.tail_consumers ?? []).length === 0) {
    return refused(`it is not told of the requests of ${script}, which has no tail consumer`, `Add "tail_consumers": [{ "service": "sleepwell-tail" }] to the wrangler configuration of ${script}, and deploy it once without steps.`)
  }
  if (countedSinceMs !== null) return undefined
  return refused(`it has never counted a request of ${script}`, `Send ${script} a request; where it is not counted then, see that "tail_consumers" in its wrangler configuration names this Tail Worker.`)
}

/** By metric, in milliseconds: the lowest edge that no larger share than the level's is slower than. */
function thresholdsOf(slow: readonly SlowLevel[], { requests, slower, untimed }: VersionCounts, edgesMs: readonly number[]): Readonly<Record<string, number>> {
  if (untimed > 0) return {}
  const thresholds = new Map<number, string>()
  for (const level of tellableLevels(slow, requests)) {
    const edge = edgesMs.find((_, index) => (slower[index] ?? requests) <= requests * SHARE_ABOVE[level])
    // The same requests would otherwise be judged twice.
    if (edge !== undefined && !thresholds.has(edge)) thresholds.set(edge, `slow-${level}`)
  }
  return Object.fromEntries([...thresholds].map(([edge, metric]) => [metric, edge]))
}

function settingsOf(spec: TailSourceSpec, { edgesMs }: TailAnswer, counts: VersionCounts | undefined, thresholds: Readonly<Record<string, number>>): readonly MetricSetting[] {
  const usual = counts === undefined ? undefined : badOf(counts, edgesMs, thresholds)
  const names = ['exceptions', 'server-errors', ...Object.keys(thresholds)]
  return names.map((name) => settingOf(spec, { name, kind: Object.hasOwn(thresholds, name) ? 'latency' : 'errors', unit: 'request' }, usual?.get(name)))
}

function refusedToCount({ kind, message }: Exclude<Asked, { readonly kind: 'ok' }>): Refused {
  switch (kind) {
    case 'denied':
      return refused(message, 'Run `npx wrangler secret put TAIL_TOKEN` in the folder of the Tail Worker, and give the same token to the source.')
    case 'elsewhere':
      return refused(message, 'Install workers/tail with `node install.mjs`, and give the address that it prints as `url`.')
    case 'unavailable':
      return refused(message, 'See that the Tail Worker answers at this address, and run the deploy again.')
  }
}

const refused = (problem: string, remedy: string): Refused => ({ kind: 'refused', problem: `Tail Worker: ${problem}`, remedy })
