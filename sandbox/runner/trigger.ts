import { asText, type Json } from './expressions.ts'
import { isJsonRecord, resolve } from './template.ts'
import { unsupported } from './unsupported.ts'
import type { WorkflowFile } from './workflow-file.ts'

/** Throws unless the run's event starts the workflow: a caller with a wrong `on:` would never have run. */
export function requireTrigger(file: WorkflowFile, github: Readonly<Record<string, Json>>): void {
  const event = asText(github['event_name'] ?? '')
  if (!(event in file.on)) {
    throw new Error(`the event '${event}' does not start this workflow, which has on: ${Object.keys(file.on).join(', ')}`)
  }
  const filters = resolve(file.on[event] ?? {}, {})
  // `schedule:` is a list of cron lines, and what follows a dispatch or a call is an interface, not a filter.
  if (!isJsonRecord(filters) || event === 'workflow_dispatch' || event === 'workflow_call') return
  const payload = isJsonRecord(github['event']) ? github['event'] : {}
  for (const [filter, values] of Object.entries(filters)) checkFilter(event, filter, texts(values), payload, github)
}

function checkFilter(
  event: string,
  filter: string,
  wanted: readonly string[],
  payload: Readonly<Record<string, Json>>,
  github: Readonly<Record<string, Json>>,
): void {
  const seen = filterSubject(event, filter, payload, github)
  if (seen === undefined || wanted.some((each) => /[*?+[\]!]/.test(each))) {
    throw unsupported(`on.${event}.${filter}: ${wanted.join(', ')} (pass trigger: 'assumed' to run it all the same)`)
  }
  if (!wanted.includes(seen)) {
    throw new Error(`the event does not start this workflow: on.${event}.${filter} is ${wanted.join(', ')}, not ${seen}`)
  }
}

function filterSubject(
  event: string,
  filter: string,
  payload: Readonly<Record<string, Json>>,
  github: Readonly<Record<string, Json>>,
): string | undefined {
  const run = payload['workflow_run']
  const upstream = isJsonRecord(run) ? run : {}
  if (filter === 'types') return asText(payload['action'] ?? '')
  if (event === 'workflow_run' && filter === 'branches') return asText(upstream['head_branch'] ?? '')
  if (event === 'workflow_run' && filter === 'workflows') return asText(upstream['name'] ?? '')
  if (event === 'push' && filter === 'branches') return asText(github['ref_name'] ?? '')
  return undefined
}

function texts(value: Json): readonly string[] {
  if (!Array.isArray(value)) return [asText(value)]
  const list: readonly Json[] = value
  return list.map(asText)
}
