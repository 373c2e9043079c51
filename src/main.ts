import { run } from './commands/run.ts'

// The runner sends SIGINT, and 7.5 s later SIGTERM: what is under way is journalled, and post finishes it.
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort())

try {
  process.exit(await run(process.env, stopping.signal))
} catch (error) {
  // Nothing of the error is shown: this early, nobody knows yet what in it is secret.
  console.log(`::error title=Sleepwell::${error instanceof Error ? error.name : 'An unknown failure'} before anything began; nothing was changed by this step.`)
  process.exit(1)
}
