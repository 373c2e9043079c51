import { registerHooks } from 'node:module'

/**
 * `@actions/workflow-parser` 0.3.61 imports its schemas as JSON without the attribute that Node demands. Call this,
 * then load that package by `import()`. (Vitest's transform reads such imports by itself.)
 */
export function allowSchemasAsModules(): void {
  registerHooks({
    load(url, context, nextLoad) {
      const schema = url.endsWith('.json') && url.includes('/@actions/')
      return nextLoad(url, schema ? { ...context, importAttributes: { type: 'json' } } : context)
    },
  })
}
