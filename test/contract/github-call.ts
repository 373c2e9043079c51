import { z } from 'zod'
import type { GitHub } from '../../sandbox/github/rest-api.ts'
import { githubActions, type Level } from '../../sandbox/github/tokens.ts'

export interface Call {
  readonly method?: string
  readonly token?: string
  readonly permissions?: Readonly<Record<string, Level>>
  readonly body?: unknown
}

/** What every operation of the sandbox asks for. */
export const everything = {
  actions: 'write',
  checks: 'write',
  contents: 'read',
  deployments: 'write',
  issues: 'write',
  pull_requests: 'write',
  statuses: 'write',
} as const

export const bot = { login: 'github-actions[bot]', app: githubActions }

/** Calls an address under the repository over plain fetch, and reads the body. */
export async function callGitHub(github: GitHub, path: string, options: Call = {}) {
  const token = options.token ?? github.createToken({ permissions: options.permissions ?? everything })
  const body = options.body === undefined ? {} : { body: JSON.stringify(options.body) }
  const method = options.method ?? (options.body === undefined ? 'GET' : 'POST')
  const headers = { authorization: `Bearer ${token}`, ...(options.body === undefined ? {} : json) }
  const response = await fetch(`${github.apiUrl}/repos/harbour/ferry${path}`, { method, headers, ...body })
  const text = await response.text()
  const parsed: unknown = text === '' ? undefined : JSON.parse(text)
  return { status: response.status, headers: response.headers, body: parsed }
}

export const json = { 'content-type': 'application/json' }
export const identified = z.looseObject({ id: z.number() })
export const ids = (list: unknown) => z.array(identified).parse(list).map(({ id }) => id)
