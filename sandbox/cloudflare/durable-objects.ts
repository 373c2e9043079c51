import { z } from 'zod'
import * as errors from './errors.ts'
import { hexId, type DurableObjectClass, type Plane, type ScriptState } from './state.ts'
import type { Binding } from './types.ts'

type Classes = Map<string, DurableObjectClass>

const step = z.strictObject({
  new_classes: z.array(z.string()).optional(),
  new_sqlite_classes: z.array(z.string()).optional(),
  deleted_classes: z.array(z.string()).optional(),
  renamed_classes: z.array(z.strictObject({ from: z.string(), to: z.string() })).optional(),
})

/** `metadata.migrations` of a script upload (docs "Durable Objects migrations", "Multipart upload metadata"). */
export const migrationsSchema = z.strictObject({
  old_tag: z.string().optional(),
  new_tag: z.string().optional(),
  steps: z.array(step),
})

export type Migrations = z.infer<typeof migrationsSchema>

/** `metadata.exports`: declarative Durable Object classes (wrangler 4.164.0, `exports`). */
export const exportsSchema = z.record(
  z.string(),
  z.looseObject({ type: z.string(), storage: z.enum(['sqlite', 'legacy-kv']).optional(), state: z.string().optional() }),
)

/** The classes as they will be after the migrations, which apply wholly or not at all. */
export function migratedClasses(plane: Plane, script: ScriptState, migrations: Migrations | undefined): Classes {
  const classes = new Map(script.durableObjectClasses)
  if (migrations === undefined) return classes
  if (migrations.old_tag !== script.migrationTag) throw errors.migrationTagMismatch(script.migrationTag)
  for (const one of migrations.steps) {
    for (const name of one.new_classes ?? []) create(plane, classes, name, 'kv')
    for (const name of one.new_sqlite_classes ?? []) create(plane, classes, name, 'sql')
    for (const { from, to } of one.renamed_classes ?? []) rename(classes, from, to)
    for (const name of one.deleted_classes ?? []) remove(classes, name)
  }
  return classes
}

/** Creates the classes that the exports declare and that do not exist; deletes those they bury. */
export function provisionExports(plane: Plane, classes: Classes, exports: unknown): void {
  for (const [name, declared] of Object.entries(exportsSchema.parse(exports ?? {}))) {
    if (declared.type !== 'durable-object') continue
    if (declared.state === 'deleted') classes.delete(name)
    else if (!classes.has(name)) create(plane, classes, name, declared.storage === 'legacy-kv' ? 'kv' : 'sql')
  }
}

/** Docs "Durable Objects migrations": a binding needs a class that a migration or an export has created. */
export function resolveDurableObject(
  binding: Binding,
  context: { readonly script: string; readonly classes: Classes; readonly exports: unknown },
): Binding {
  const className = String(binding['class_name'])
  if (binding['script_name'] !== undefined && binding['script_name'] !== context.script) return binding
  const known = context.classes.get(className)
  if (known !== undefined) return { ...binding, namespace_id: known.namespaceId }
  if (className in exportsSchema.parse(context.exports ?? {})) throw errors.bindingNeedsExport(className)
  throw errors.classNotConfigured(className)
}

function create(plane: Plane, classes: Classes, name: string, storage: 'sql' | 'kv'): void {
  if (classes.has(name)) {
    throw errors.migrationDoesNotFit(
      `Cannot apply new-class migration to class '${name}' that is already depended on by existing Durable Objects.`,
    )
  }
  classes.set(name, { storage, namespaceId: hexId(plane.world) })
}

function rename(classes: Classes, from: string, to: string): void {
  const moved = classes.get(from)
  if (moved === undefined || classes.has(to)) {
    throw errors.migrationDoesNotFit(`Cannot apply renamed_classes migration from class '${from}' to class '${to}'.`)
  }
  classes.delete(from)
  classes.set(to, moved)
}

function remove(classes: Classes, name: string): void {
  if (classes.delete(name)) return
  throw errors.migrationDoesNotFit(`Cannot apply deleted_classes migration to non-existent class ${name}.`)
}
