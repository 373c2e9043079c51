import { plainLine } from './escape.ts'
import { titleOf, type Report } from './report.ts'

/** GitHub answers 422 to a longer description. */
const LONGEST_DESCRIPTION = 140

/** The commit status' one line, e.g. `not deployed: a newer commit is live already`. */
export function commitStatusDescription(report: Report): string {
  return plainLine(`${lowerFirst(titleOf(report))}: ${withoutTicks(report.sentence)}`, LONGEST_DESCRIPTION)
}

/** The context under which a Worker's deploys show on a commit. */
export function commitStatusContext(environment: string, worker: string): string {
  return plainLine(`sleepwell/${environment}/${worker}`, 255)
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`
}

/** Descriptions show no Markdown. */
function withoutTicks(text: string): string {
  return text.replaceAll('`', '')
}
