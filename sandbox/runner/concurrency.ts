/** One wish to hold a concurrency group. */
export interface GroupRequest {
  readonly group: string
  readonly queue: 'single' | 'max'
  readonly cancelInProgress: boolean
  /** Who asks, for messages. */
  readonly holder: string
  /** Called when a newer request with `cancel-in-progress` wants the group from its holder. */
  readonly onPreempted: () => void
}

export interface GroupTicket {
  /** Resolves when the group is ours, or with `cancelled` when a newer request took our place in the queue. */
  readonly granted: Promise<'granted' | 'cancelled'>
  /** Gives the group back, or leaves the queue. */
  release(): void
}

/** The concurrency groups of one repository, shared by all its runs. */
export interface ConcurrencyQueue {
  request(request: GroupRequest): GroupTicket
  /** Who holds a group and who waits for it, in order. */
  read(group: string): { readonly running: string | undefined; readonly pending: readonly string[] }
}

/** docs: Control workflow concurrency (`queue: max`): at most this many wait, further ones are cancelled. */
const MOST_PENDING = 100

interface Waiting {
  readonly request: GroupRequest
  readonly settle: (answer: 'granted' | 'cancelled') => void
}

interface Group {
  running: Waiting | undefined
  pending: Waiting[]
}

export function createConcurrencyQueue(): ConcurrencyQueue {
  const groups = new Map<string, Group>()
  // Group names are compared without case (docs: Workflow syntax, `concurrency`).
  const groupOf = (name: string): Group => {
    const key = name.toLowerCase()
    const group = groups.get(key) ?? { running: undefined, pending: [] }
    groups.set(key, group)
    return group
  }
  return {
    request(request) {
      const group = groupOf(request.group)
      const answer = Promise.withResolvers<'granted' | 'cancelled'>()
      const waiting: Waiting = { request, settle: answer.resolve }
      enter(group, waiting)
      return { granted: answer.promise, release: () => leave(group, waiting) }
    },
    read(name) {
      const group = groupOf(name)
      return {
        running: group.running?.request.holder,
        pending: group.pending.map((each) => each.request.holder),
      }
    },
  }
}

function enter(group: Group, waiting: Waiting): void {
  if (group.running === undefined) {
    group.running = waiting
    waiting.settle('granted')
    return
  }
  const { queue, cancelInProgress } = waiting.request
  if (queue === 'max' && group.pending.length >= MOST_PENDING) {
    waiting.settle('cancelled')
    return
  }
  // Without a queue there is one place to wait, and the newest takes it.
  if (queue === 'single') {
    for (const replaced of group.pending) replaced.settle('cancelled')
    group.pending = []
  }
  group.pending.push(waiting)
  if (cancelInProgress) group.running.request.onPreempted()
}

function leave(group: Group, waiting: Waiting): void {
  if (group.running === waiting) {
    group.running = group.pending.shift()
    group.running?.settle('granted')
    return
  }
  const left = group.pending.length
  group.pending = group.pending.filter((each) => each !== waiting)
  if (group.pending.length < left) waiting.settle('cancelled')
}
