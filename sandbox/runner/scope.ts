/** What can be cancelled as one: a run, a called workflow, the jobs of a matrix. A part knows when its whole is. */
export interface Scope {
  cancelled(): boolean
  cancel(): void
  /** Called once, at the cancellation of this scope or of one that holds it; at once if that has been. */
  onCancel(listener: () => void): void
}

export function createScope(parent?: Scope): Scope {
  const listeners: (() => void)[] = []
  let cancelled = false
  const cancel = () => {
    if (cancelled) return
    cancelled = true
    for (const listener of listeners) listener()
  }
  parent?.onCancel(cancel)
  return {
    cancelled: () => cancelled,
    cancel,
    onCancel(listener) {
      if (cancelled) listener()
      else listeners.push(listener)
    },
  }
}
