import { run } from './commands/run.ts'

// The runner sends SIGINT, and 7.5 s later SIGTERM: what is under way is journalled, and post finishes it.
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort())

try {
  process.exit(await run(process.env, stopping.signal))
} catch (error) {
  console.log(`::error title=Sleepwell::${error instanceof Error ? error.message.replaceAll('\n', ' ') : 'an unknown failure'}`)
  process.exit(1)
}
