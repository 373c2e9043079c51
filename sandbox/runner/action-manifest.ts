import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { asText, interpolate, type Contexts } from './expressions.ts'

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String)

const manifestSchema = z.object({
  name: z.string(),
  inputs: z
    .record(
      z.string(),
      z.object({ default: scalar.optional(), deprecationMessage: z.string().optional() }).loose().nullable(),
    )
    .default({}),
  runs: z.strictObject({
    using: z.literal('node24', { error: 'this runner runs actions "using: node24" only' }),
    main: z.string(),
    post: z.string().optional(),
    'post-if': z.string().optional(),
  }),
})

/** A JavaScript action as its action.yml describes it. */
export interface Action {
  readonly directory: string
  readonly manifest: z.infer<typeof manifestSchema>
}

/** Reads the folder's action.yml; what the runner cannot do (`pre`, another `using`) is an error that names it. */
export function readAction(directory: string): Action {
  const path = ['action.yml', 'action.yaml'].map((name) => join(directory, name)).find((each) => existsSync(each))
  if (path === undefined) throw new Error(`can't find 'action.yml' or 'action.yaml' under '${directory}'`)
  const manifest = manifestSchema.safeParse(parse(readFileSync(path, 'utf8')))
  if (!manifest.success) throw new Error(`${path}: ${z.prettifyError(manifest.error)}`)
  return { directory, manifest: manifest.data }
}

/** Given inputs over defaults; names are compared without case, and a default may be an expression. */
export function actionInputs(
  action: Action,
  given: Readonly<Record<string, string>>,
  contexts: Contexts,
): { readonly variables: Readonly<Record<string, string>>; readonly warnings: readonly string[] } {
  const known = new Map(Object.entries(action.manifest.inputs).map(([name, input]) => [name.toLowerCase(), input]))
  const variables: Record<string, string> = {}
  const warnings: string[] = []
  for (const [name, value] of Object.entries(given)) {
    variables[inputVariable(name)] = value
    const message = known.get(name.toLowerCase())?.deprecationMessage
    if (message !== undefined) warnings.push(`Input '${name}' has been deprecated with message: ${message}`)
  }
  const unexpected = Object.keys(given).filter((name) => !known.has(name.toLowerCase()))
  if (unexpected.length > 0) {
    const valid = Object.keys(action.manifest.inputs).join("', '")
    warnings.push(`Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${valid}']`)
  }
  for (const [name, input] of Object.entries(action.manifest.inputs)) {
    variables[inputVariable(name)] ??= asText(interpolate(input?.default ?? '', contexts))
  }
  return { variables, warnings }
}

/** Blanks become underscores, hyphens stay (actions/runner, Handler.cs). */
function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`
}
