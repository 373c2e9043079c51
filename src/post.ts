import { finish } from './commands/finish.ts'

// A cancelled job gives all its post steps 285 s together; what is not done by then is the recover job's.
const POST_SECONDS = 240

try {
  process.exit(await finish(process.env, AbortSignal.timeout(POST_SECONDS * 1000)))
} catch (error) {
  console.log(`::error title=Sleepwell::${error instanceof Error ? error.message.replaceAll('\n', ' ') : 'an unknown failure'}`)
  process.exit(1)
}
