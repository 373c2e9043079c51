
/** The ways in which a step ends other than by itself. Each may be called from anywhere, also from a fake API. */
export interface Interrupts {
  /** The run is cancelled: the ladder of signals for the process that runs now; `post` still runs. */
  cancel(): void
  /** The process that runs now is killed at once (out of memory, `kill -9`); `post` still runs. */
  crash(): void
  /** The runner is gone: everything is killed at once and nothing of the job runs any more, no `post` either. */
  lose(): void
}

export type InterruptKind = 'cancel' | 'crash' | 'lose'

/** Interrupts that whoever runs the job listens to. What was asked before anyone listened is told on listening. */
export interface InterruptSource extends Interrupts {
  listen(act: (kind: InterruptKind) => void): void
}

export function createInterrupts(): InterruptSource {
  const asked: InterruptKind[] = []
  const listeners: ((kind: InterruptKind) => void)[] = []
  const ask = (kind: InterruptKind) => {
    asked.push(kind)
    for (const act of listeners) act(kind)
  }
  return {
    cancel: () => ask('cancel'),
    crash: () => ask('crash'),
    lose: () => ask('lose'),
    listen(act) {
      listeners.push(act)
      // A crash is of the process that ran at that moment; there was none.
      for (const kind of asked) if (kind !== 'crash') act(kind)
    },
  }
}

/** actions/runner, JobDispatcher.cs: a cancelled job has 5 minutes less 15 seconds for all that still runs in it. */
export const CANCELLED_JOB_MILLISECONDS = 285_000

