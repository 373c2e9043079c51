import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { parseFile } from '../../src/inputs/file.ts'
import { CHECK_KINDS, sleepwellSchema } from '../../src/inputs/schema.ts'

// The published JSON Schema is judged by ajv, which has never heard of zod; the examples are what people copy.

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const schema = z.record(z.string(), z.unknown()).parse(JSON.parse(read('schema/sleepwell.schema.json')))
const fits = new Ajv2020({ strict: false, allErrors: true }).compile(schema)

const pages = ['README.md', ...['docs', 'workers/example', 'workers/healthz'].flatMap((folder) => pagesIn(folder))]

function pagesIn(folder: string): readonly string[] {
  try {
    return readdirSync(join(root, folder)).filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`)
  } catch {
    return []
  }
}

const KEYS = new Set(Object.keys(sleepwellSchema.shape))

/** The fenced examples that are a sleepwell.yml, or a part of one. */
const examples = pages.flatMap((page) =>
  [...read(page).matchAll(/^ *```ya?ml\n([^]*?)^ *```/gm)].flatMap(([, text = ''], index): readonly (readonly [string, string])[] => {
    const seen: unknown = parse(text)
    const isOurs = typeof seen === 'object' && seen !== null && Object.keys(seen).length > 0 && Object.keys(seen).every((key) => KEYS.has(key))
    return isOurs ? [[`${page}, example ${index + 1}`, text]] : []
  }),
)

/** Every variable has a value that fits wherever a secret goes. */
const variables = new Proxy<Record<string, string>>({}, { get: (_, name) => valueFor(String(name)) })

function valueFor(name: string): string {
  if (!name.includes('WEBHOOK')) return 'a-value'
  return name.includes('SECRET') ? 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODk=' : 'https://hooks.example.com/x'
}

describe('the examples', () => {
  it('show every kind of check', () => {
    const shown = new Set(examples.flatMap(([, text]) => [...text.matchAll(/kind: (\w+)/g)].map(([, kind]) => kind)))
    for (const kind of CHECK_KINDS) expect(shown, kind).toContain(kind)
  })

  it.each(examples)('%s is taken', (_where, text) => {
    const parsed = parseFile('sleepwell.yml', text, { environment: 'production', keys: sleepwellSchema.omit({ environments: true }).keyof().options, variables })
    expect(parsed.problems).toEqual([])
  })
})

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
const jsonSchema: z.ZodType<Json> = z.json()

/** Whole files to begin from, with every variable put in. */
const seeds = examples.map(([, text]) => jsonSchema.parse(parse(text.replaceAll(/\$\{(?:secret:)?(\w+)\}/g, (_, name: string) => variables[name] ?? ''), { merge: true })))
/** What may stand anywhere, right or wrong. */
const anything = fc.constantFrom<Json>(null, true, false, 0, 1, -1, 0.5, 7, 200, 99_999, '', 'x', '/healthz', 'GET', 'none', 'https://a.example', [], ['x'], [200], {}, { header: 'x-id' }, { path: 'a', exists: true })
const change = fc.record({ at: fc.nat(400), how: fc.constantFrom('put', 'drop', 'add'), value: anything, key: fc.constantFrom('name', 'kind', 'path', 'extra', 'expect', 'status') })
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never

interface Place {
  readonly get: () => Json
  readonly put: (value: Json) => void
  readonly drop: () => void
}

function placesOf(value: Json): readonly Place[] {
  if (Array.isArray(value)) {
    return value.flatMap((_, index) => [{ get: () => value[index] ?? null, put: (one: Json) => void (value[index] = one), drop: () => void value.splice(index, 1) }, ...placesOf(value[index] ?? null)])
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.keys(value).flatMap((key) => [{ get: () => value[key] ?? null, put: (one: Json) => void (value[key] = one), drop: () => void Reflect.deleteProperty(value, key) }, ...placesOf(value[key] ?? null)])
}

function changed(seed: Json, changes: readonly Change[]): Json {
  const file = structuredClone(seed)
  for (const { at, how, value, key } of changes) {
    const places = placesOf(file)
    const place = places[at % Math.max(places.length, 1)]
    if (place === undefined) continue
    const found = place.get()
    if (how === 'drop') place.drop()
    else if (how === 'add' && typeof found === 'object' && found !== null && !Array.isArray(found)) found[key] = value
    else place.put(value)
  }
  return file
}

/** What JSON Schema has no words for: a path, a pattern, an address that the code has to read. */
function isBeyondJsonSchema(issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.every((issue) => issue.code === 'custom' || (issue.code === 'invalid_union' && issue.errors.some((some) => some.length > 0 && isBeyondJsonSchema(some))))
}

describe('the published schema', () => {
  it('agrees with the parser on 400 files, right and wrong', () => {
    const seen = { right: 0, wrong: 0 }
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(change, { maxLength: 2 }), (seed, changes) => {
        const file = changed(seed, changes)
        const parsed = sleepwellSchema.safeParse(file)
        const isTaken = parsed.success || isBeyondJsonSchema(parsed.error.issues)
        seen[isTaken ? 'right' : 'wrong'] += 1
        expect({ isTaken: fits(file), file }).toEqual({ isTaken, file })
      }),
      { numRuns: 400, seed: 20_261_123 },
    )
    expect(seen.right).toBeGreaterThan(100)
    expect(seen.wrong).toBeGreaterThan(100)
  })
})
