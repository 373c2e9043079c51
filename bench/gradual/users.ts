import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { poisson, randomFrom, seedFrom } from '../simulation/random.ts'
import { RATE } from './plan.ts'
import { DEPENDENCY_HEADER, ORDERS, TENANTS } from './worker.ts'

/** How often requests are sent off; Poisson arrivals within. */
const TICK_MS = 20

export interface Users {
  /** Waits for the last answers. Requests a second that were sent and answered until then: one that waits for its turn is not sent. */
  stop(): Promise<number>
}

/** Arrivals that wait for nobody's answer; `dependencyErrors`: share that meets a failing dependency now, whichever version answers. */
export function startUsers(url: string, seed: number, dependencyErrors: () => number): Users {
  const random = randomFrom(seedFrom(`${seed}/users`))
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const stopped = new AbortController()
  const open = new Set<Promise<void>>()
  let answered = 0
  const send = () => {
    const tenant = Math.floor(random() * TENANTS)
    const headers = random() < dependencyErrors() ? { [DEPENDENCY_HEADER]: 'down' } : {}
    const asked = ask(`${url}${ORDERS}?tenant=${tenant}`, agent, headers).then((isAnswered) => {
      answered += isAnswered ? 1 : 0
      open.delete(asked)
    })
    open.add(asked)
  }
  const began = performance.now()
  const all = (async () => {
    let last = began
    while (!stopped.signal.aborted) {
      await pause(TICK_MS)
      const now = performance.now()
      for (let due = poisson(random, (RATE * (now - last)) / 1000); due > 0; due -= 1) send()
      last = now
    }
  })()
  return {
    async stop() {
      const perSecond = (answered / (performance.now() - began)) * 1000
      stopped.abort()
      await all
      await Promise.all(open)
      agent.destroy()
      return perSecond
    },
  }
}

/** Whether there was an answer, whatever it is: the edge counts what it was. */
function ask(url: string, agent: Agent, headers: Readonly<Record<string, string>>): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(url, { agent, headers, timeout: 10_000 }, (answer) => {
      answer.resume()
      answer.on('close', () => resolve(true))
    })
    asked.on('error', () => resolve(false))
    asked.on('timeout', () => asked.destroy())
    asked.end()
  })
}
