import type { HttpFacts } from '../../core/checks/answer.ts'
import { redactorFor, type Redact } from '../../core/redact.ts'
import { askWorker, MAX_BODY_BYTES, type Asking, type AskingPorts, type WorkerRequest } from './asking.ts'

/** How one check of a chat service asks: whatever comes back has lost its secrets before anybody reads it. */
export interface ChatAsk {
  worker(request: WorkerRequest): Promise<HttpFacts>
  provider(request: ProviderRequest): Promise<HttpFacts>
  readonly clean: Redact
}

export interface ProviderRequest {
  readonly method: 'GET' | 'POST'
  /** Below the service's base URL. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

interface Chat {
  readonly apiBaseUrl: string
  readonly secrets: readonly string[]
}

/** A Worker may echo what it was sent, and a service an address with a token in it. */
export function askChat({ apiBaseUrl, secrets }: Chat, asking: Asking, ports: AskingPorts): ChatAsk {
  const clean = redactorFor(secrets, (text) => Buffer.from(text).toString('base64'))
  const { limitMs, signal } = asking
  return {
    clean,
    worker: async (request) => cleaned(await askWorker(request, asking, ports), clean),
    async provider({ method, path, headers }) {
      const url = new URL(`${apiBaseUrl.replace(/\/+$/, '')}${path}`)
      return cleaned(await ports.probe.send({ url, method, headers, limitMs, maxBodyBytes: MAX_BODY_BYTES }, signal), clean)
    },
  }
}

function cleaned(facts: HttpFacts, clean: Redact): HttpFacts {
  switch (facts.kind) {
    case 'answer': {
      const headers = Object.entries(facts.headers).map(([name, value]): [string, string] => [name, clean(value)])
      return { ...facts, headers: Object.fromEntries(headers), body: clean(facts.body) }
    }
    case 'no-answer':
      return { ...facts, message: clean(facts.message) }
    case 'timed-out':
    case 'stopped':
      return facts
  }
}
