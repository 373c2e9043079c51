import type { MissOfSchema } from '../../core/checks/expectations.ts'
import { compilePattern } from '../../core/checks/pattern.ts'

/**
 * Compiles a JSON Schema (2020-12). Its regular expressions are matched in linear time, like all others of a check;
 * formats are annotations and judge nothing. Throws for a schema that is none, with what is wrong.
 */
export async function compileSchema(schema: object): Promise<MissOfSchema> {
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false, logger: false, code: { regExp: Object.assign(linearPattern, { code: 'linearPattern' }) } })
  const fits = ajv.compile(schema)
  return (document) => (fits(document) ? undefined : ajv.errorsText(fits.errors, { dataVar: 'body' }))
}

/** Ajv keeps one for each name that `toString` gives. */
function linearPattern(source: string): { test(text: string): boolean; toString(): string } {
  const pattern = compilePattern(source)
  if (pattern === undefined) throw new Error(`the pattern ${source} is beyond what can be matched in linear time`)
  return { test: (text) => pattern.test(text), toString: () => source }
}
