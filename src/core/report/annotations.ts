import type { JudgedCheck } from '../checks/judge.ts'
import { detailOf, wordOf } from './check-table.ts'
import { plainLine } from './escape.ts'
import type { Report } from './report.ts'

/** Plain text; whoever prints it escapes it for the runner. */
export interface Annotation {
  readonly level: 'error' | 'warning'
  readonly title: string
  readonly message: string
}

/** The runner drops what is beyond ten of a level in one step, and cuts a message at 4096 characters. */
const MOST_ANNOTATIONS = 10
const LONGEST_MESSAGE = 4096

/** One annotation for each check that did not go well, as its last round saw it. */
export function renderAnnotations(report: Pick<Report, 'rounds'>): readonly Annotation[] {
  const last = new Map<string, { readonly round: string; readonly check: JudgedCheck }>()
  for (const { title, checks } of report.rounds) {
    for (const check of checks) last.set(check.now.name, worse(last.get(check.now.name), { round: title, check }))
  }
  const annotations = [...last.values()].flatMap(({ round, check }) => annotate(round, check))
  const ofLevel = (level: Annotation['level']) => annotations.filter((one) => one.level === level)
  return [...capped(ofLevel('error')), ...capped(ofLevel('warning'))]
}

/** A candidate's failure is not forgotten because the restored baseline passed the same check afterwards. */
function worse<Seen extends { readonly check: JudgedCheck }>(before: Seen | undefined, now: Seen): Seen {
  return before?.check.standing === 'regressed' ? before : now
}

function annotate(round: string, { standing, now }: JudgedCheck): readonly Annotation[] {
  const detail = detailOf(now.outcome)
  if (detail === undefined) return []
  const message = plainLine(`${round}: ${now.target}: ${detail}`, LONGEST_MESSAGE)
  const level = standing === 'pre-existing' || standing === 'tolerated' ? 'warning' : 'error'
  return [{ level, title: plainLine(`${now.name}: ${wordOf(standing)}`, 200), message }]
}

function capped(annotations: readonly Annotation[]): readonly Annotation[] {
  const first = annotations[0]
  if (first === undefined || annotations.length <= MOST_ANNOTATIONS) return annotations
  const shown = annotations.slice(0, MOST_ANNOTATIONS - 1)
  const rest = annotations.slice(MOST_ANNOTATIONS - 1).map(({ title }) => title)
  const message = plainLine(rest.join('; '), LONGEST_MESSAGE)
  return [...shown, { level: first.level, title: `${rest.length} more checks`, message }]
}
