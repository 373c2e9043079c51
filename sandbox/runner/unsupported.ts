const NAME = 'UnsupportedConstruct'

/** What the sandbox's runner cannot do is said, never passed over: such an error ends the whole run. */
export function unsupported(construct: string): Error {
  const error = new Error(`the sandbox's runner cannot do this: ${construct}`)
  error.name = NAME
  return error
}

export function isUnsupported(error: unknown): boolean {
  return error instanceof Error && error.name === NAME
}
