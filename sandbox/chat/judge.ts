import { z } from 'zod'
import type { Answer, IncomingRequest, World } from '../world.ts'

/** The service's own answer other than success, in its own words. */
export class Refusal extends Error {
  readonly answer: Answer

  constructor(answer: Answer) {
    super(`${answer.status} ${JSON.stringify(answer.body)}`)
    this.answer = answer
  }
}

/** The request breaks what the service publishes, or asks what the sandbox does not play: 500, and a violation. */
export class ChatGap extends Error {}

/** A success, and the published shape that it must have. */
export interface Given {
  readonly answer: Answer
  readonly shape: z.ZodType
}

export interface Judge {
  readonly world: World
  /** As people call the service. */
  readonly name: string
  /** The published shape of the body of every answer other than success. */
  readonly refusal: z.ZodType
  /** The body of a 500 in the service's envelope. */
  readonly brokenBody: (sentence: string) => unknown
}

/** Answers one request, and judges both sides: what breaks a published shape is a sentence in `world.violations`. */
export async function judged(judge: Judge, request: IncomingRequest, act: () => Given | Promise<Given>): Promise<Answer> {
  const asked = `${judge.name} sandbox, ${request.method} ${request.path}`
  try {
    const { answer, shape } = await act()
    judgeAnswer(judge, asked, { answer, shape })
    return answer
  } catch (error) {
    if (error instanceof Refusal) {
      judgeAnswer(judge, asked, { answer: error.answer, shape: judge.refusal })
      return error.answer
    }
    const sentence = `${asked}: ${error instanceof Error ? error.message : String(error)}`
    judge.world.violations.push(sentence)
    if (!(error instanceof ChatGap)) console.error(sentence, error)
    return { status: 500, body: judge.brokenBody(sentence) }
  }
}

function judgeAnswer(judge: Judge, asked: string, { answer, shape }: Given): void {
  const result = shape.safeParse(answer.body)
  if (result.success) return
  judge.world.violations.push(`${asked} answered ${answer.status}: ${z.prettifyError(result.error)}`)
}

/** What the request says, by a strict schema; anything else is a gap that names the place. */
export function decoded<T>(what: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new ChatGap(`${what} is not what the docs allow: ${z.prettifyError(result.error)}`)
}

export function refuseUnknownQuery(request: IncomingRequest, known: readonly string[]): void {
  const unknown = [...request.query.keys()].find((name) => !known.includes(name))
  if (unknown !== undefined) throw new ChatGap(`no query parameter "${unknown}" is known here`)
}

/** The body as JSON; an empty one is an empty object, as all three services take it. */
export function jsonBody(request: IncomingRequest): unknown {
  if (request.body.length === 0) return {}
  try {
    return JSON.parse(request.body.toString('utf8'))
  } catch {
    throw new ChatGap('the body is not JSON')
  }
}

export function contentType(request: IncomingRequest): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}
