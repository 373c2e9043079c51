import { request, Agent } from 'node:http'

/** Users of a Worker: a steady stream of requests until it is stopped. */
export interface Load {
  readonly sent: () => number
  /** Answers of 500 and above, and connections that broke. */
  readonly failed: () => number
  stop(): Promise<void>
}

export interface LoadOptions {
  readonly url: string
  readonly paths: readonly [string, ...string[]]
  readonly users: number
  /** Each user waits so long between an answer and the next request. */
  readonly pauseMs: number
}

export function startLoad({ url, paths, users, pauseMs }: LoadOptions): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: users })
  const ended = new AbortController()
  let [sent, failed] = [0, 0]
  const user = async (first: number) => {
    for (let turn = first; !ended.signal.aborted; turn += 1) {
      sent += 1
      const status = await ask(`${url}${paths[turn % paths.length] ?? paths[0]}`, agent)
      if (status === 0 || status >= 500) failed += 1
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  const all = Array.from({ length: users }, (_, index) => user(index))
  return {
    sent: () => sent,
    failed: () => failed,
    async stop() {
      ended.abort()
      await Promise.all(all)
      agent.destroy()
    },
  }
}

/** The status, or 0 when there was no answer. */
function ask(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve) => {
    const asked = request(url, { agent, timeout: 10_000 }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode ?? 0))
      answer.on('error', () => resolve(0))
    })
    asked.on('error', () => resolve(0))
    asked.on('timeout', () => asked.destroy())
    asked.end()
  })
}
