import { outcomeOf } from '../core/ending.ts'
import type { Journal } from '../core/journal.ts'
import { messageOfBegun, messageOfReport, type ChatMessage } from '../core/report/chat.ts'
import type { Report } from '../core/report/report.ts'
import type { SinkSpec } from '../core/report/sink.ts'
import type { Session } from './session.ts'

/** A sink that is down is told of, and holds nobody up. */
const LIMITS = { timeoutMs: 5000, tries: 2 }

type Messages = NonNullable<Journal['messages']>

/** Tells the sinks that want every deploy that one begins; where each message is goes into the journal. */
export async function tellBegun(session: Session, sha: string): Promise<Messages> {
  const { script, config, runUrl } = session
  const message = messageOfBegun({ worker: script, environment: config.environment, sha, url: runUrl })
  const { messages } = await tellAll(session, message, { event: 'begun', isWanted: ({ when }) => when === 'always', messages: {} })
  return messages
}

/** How it ended, in the message that said that it began where the service can; returns what could not be delivered. */
export async function tellEnded(session: Session, report: Report, journal: Journal | undefined): Promise<readonly string[]> {
  const isBad = outcomeOf(report.ending).exitCode !== 0
  // A deploy that was overtaken before it began is no news.
  if (journal === undefined && !isBad) return []
  const messages = journal?.messages ?? {}
  const told = await tellAll(session, messageOfReport(report), { event: 'ended', isWanted: ({ when }) => isBad || when === 'always', messages })
  return told.undelivered
}

interface Telling {
  readonly event: 'begun' | 'ended'
  readonly isWanted: (sink: SinkSpec) => boolean
  readonly messages: Messages
}

async function tellAll({ config, clock, runner, redact }: Session, message: ChatMessage, { event, isWanted, messages }: Telling): Promise<{ readonly messages: Messages; readonly undelivered: readonly string[] }> {
  const sinks = [...config.sinks.entries()].filter(([, sink]) => isWanted(sink))
  if (sinks.length === 0) return { messages: {}, undelivered: [] }
  const { tell } = await import('../shell/notify.ts')
  const { runId, runAttempt } = config.github
  const clean = { ...message, title: redact(message.title), lines: message.lines.map(redact) }
  const transport = { fetch, clock, ...LIMITS }
  const told = await Promise.all(
    sinks.map(async ([index, sink]) => {
      const key = `${index}-${sink.kind}`
      const id = `sleepwell-${runId}-${runAttempt}-${config.command}-${event}-${key}`
      return { key, sink, sent: await tell(sink, { message: clean, id, ref: messages[key] }, transport) }
    }),
  )
  const undelivered = told.flatMap(({ sink, sent }) => (sent.kind === 'failed' ? [`The message to ${sink.name} could not be delivered: ${redact(sent.why)}.`] : []))
  if (event === 'begun') for (const line of undelivered) runner.warn(line)
  return { messages: Object.fromEntries(told.flatMap(({ key, sent }) => (sent.kind === 'ok' && sent.ref !== undefined ? [[key, sent.ref]] : []))), undelivered }
}
