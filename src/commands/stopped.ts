/** The process was told to stop: `post` goes on from the journal, and reports. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError'
}
