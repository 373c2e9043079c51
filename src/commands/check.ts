import { judgeChecks } from '../core/checks/judge.ts'
import { renderAnnotations } from '../core/report/annotations.ts'
import { describeAlone, renderAlone, type AloneReport } from '../core/report/alone.ts'
import type { CheckConfig } from '../inputs/config.ts'
import { connectCloudflare } from '../shell/cloudflare.ts'
import { openProbe } from '../shell/checks/probe.ts'
import { checkOnce } from './check-production.ts'
import { USER_AGENT, type Surroundings } from './session.ts'

/** The checks on their own: for schedules, and for a laptop before anything is merged. Changes nothing. */
export async function check(config: CheckConfig, { runner, clock, stop, redact, variables }: Surroundings): Promise<0 | 1> {
  const { checks, version, cloudflare } = config
  await using probe = openProbe(USER_AGENT)
  const count = checks.ready.length + checks.specs.length
  runner.log(`Running ${count} ${count === 1 ? 'check' : 'checks'} on ${checks.baseUrl.href}`)
  const startedAt = new Date(clock.now()).toISOString()
  const via = version === undefined ? ({ kind: 'plain' } as const) : ({ kind: 'override', scriptName: version.worker } as const)
  const subject = version === undefined ? { via } : { versionId: version.id, via }
  const storage = cloudflare === undefined ? {} : { storage: connectCloudflare({ ...cloudflare, token: cloudflare.apiToken, clock }) }
  const commands = { workspace: config.place.workspace, variables, redact }
  const results = await checkOnce({ checks, redact }, subject, { probe, clock, signal: stop, commands, ...storage })
  const judgement = judgeChecks(results, [], { judged: 'alone', preExisting: 'warn' })
  const report: AloneReport = { url: checks.baseUrl.href, startedAt, endedAt: new Date(clock.now()).toISOString(), ...judgement }
  for (const annotation of renderAnnotations({ rounds: [{ title: 'Check', checks: report.checks }] })) runner.annotate(annotation)
  runner.writeSummary(renderAlone(report))
  runner.log(describeAlone(report))
  const listed = report.checks.map(({ standing, now: { name, attempts, observed } }) => ({ name, standing, attempts, ...(observed === undefined ? {} : { observed }) }))
  runner.setOutputs({ verdict: report.verdict, result: JSON.stringify({ schemaVersion: 1, verdict: report.verdict, url: report.url, startedAt, endedAt: report.endedAt, checks: listed }) })
  return report.verdict === 'healthy' ? 0 : 1
}
