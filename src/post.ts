import { finish } from './commands/finish.ts'

// A cancelled job gives all its post steps 285 s together; what is not done by then is the recover job's.
const POST_SECONDS = 240

try {
  process.exit(await finish(process.env, AbortSignal.timeout(POST_SECONDS * 1000)))
} catch (error) {
  // Nothing of the error is shown: nobody here knows what in it is secret.
  console.log(`::error title=Sleepwell::${error instanceof Error ? error.name : 'An unknown failure'} in the post step; the recover job goes on from the ledger.`)
  process.exit(1)
}
