import type { Template } from './template.ts'

export type PermissionLevel = 'none' | 'read' | 'write'
/** What a job's token may do; a name that is missing is `none`. */
export type Permissions = Readonly<Record<string, PermissionLevel>>

/** docs: Workflow syntax, `permissions`; as in actions/runner, WorkflowParser/Permissions.cs. */
const NAMES = `actions artifact-metadata attestations checks contents deployments discussions id-token issues models
  packages pages pull-requests repository-projects security-events statuses vulnerability-alerts`.split(/\s+/)
const READ_AT_MOST: ReadonlySet<string> = new Set(['models', 'vulnerability-alerts'])
const RANK: Readonly<Record<PermissionLevel, number>> = { none: 0, read: 1, write: 2 }

/** A repository's setting "read repository contents and packages": what a token may do where no file says it. */
export const RESTRICTED: Permissions = { contents: 'read', packages: 'read' }

/** Reads `permissions:`; a name that is not listed there is `none`. */
export function readPermissions(template: Template): Permissions {
  if (template === 'read-all') return everything('read')
  if (template === 'write-all') return everything('write')
  const permissions: Record<string, PermissionLevel> = {}
  if (typeof template !== 'object' || template === null) {
    throw new Error(`permissions: expected a mapping, read-all or write-all, got ${JSON.stringify(template)}`)
  }
  for (const [name, level] of Object.entries(template)) permissions[name] = readLevel(name, level)
  return permissions
}

/** Each permission that is asked for and not granted, as GitHub words it: `deployments: write`. */
export function permissionViolations(asked: Permissions, granted: Permissions): { asked: string; granted: string } | undefined {
  const names = NAMES.filter((name) => RANK[asked[name] ?? 'none'] > RANK[granted[name] ?? 'none'])
  if (names.length === 0) return undefined
  const words = (permissions: Permissions) => names.map((name) => `${name}: ${permissions[name] ?? 'none'}`).join(', ')
  return { asked: words(asked), granted: words(granted) }
}

function everything(level: 'read' | 'write'): Permissions {
  return Object.fromEntries(NAMES.map((name) => [name, READ_AT_MOST.has(name) ? 'read' : level]))
}

function readLevel(name: string, level: unknown): PermissionLevel {
  if (!NAMES.includes(name)) throw new Error(`permissions: '${name}' is not a permission`)
  if (level === 'none' || level === 'read' || level === 'write') return level
  throw new Error(`permissions: ${name}: expected none, read or write, got ${JSON.stringify(level)}`)
}
