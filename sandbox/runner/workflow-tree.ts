import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkCall } from './call-interface.ts'
import { permissionViolations, readPermissions, type Permissions } from './permissions.ts'
import { parseWorkflowFile } from './template.ts'
import { unsupported } from './unsupported.ts'
import { decodeWorkflow, type CallingJob, type PlainJob, type WorkflowFile } from './workflow-file.ts'

/** A repository on this disk that workflows may name. */
export interface LocalRepository {
  readonly directory: string
  /** Without it, the folder's HEAD. */
  readonly sha?: string
}

/** Where one workflow file comes from. */
export interface Source {
  readonly repository: string
  readonly directory: string
  readonly sha: string
  readonly ref: string
  /** `.github/workflows/deploy.yml` */
  readonly path: string
}

/** A workflow with all that it calls, checked as GitHub checks it before a run starts. */
export interface WorkflowNode {
  readonly source: Source
  readonly file: WorkflowFile
  readonly jobs: readonly JobNode[]
}

export type JobNode =
  | { readonly kind: 'plain'; readonly job: PlainJob; readonly permissions: Permissions }
  | { readonly kind: 'calling'; readonly job: CallingJob; readonly permissions: Permissions; readonly called: WorkflowNode }

export interface TreeOptions {
  readonly repositories: Readonly<Record<string, LocalRepository>>
  /** What a token may do where no file says it. */
  readonly defaultPermissions: Permissions
}

/** docs: Reusing workflow configurations, limits: the top-level workflow and up to nine levels of called ones. */
const LEVELS = 10

/** Reads a workflow and all it calls; `errors` are what GitHub answers with a start-up failure. */
export async function loadWorkflowTree(
  source: Source,
  options: TreeOptions,
): Promise<{ readonly root: WorkflowNode | undefined; readonly errors: readonly string[] }> {
  const errors: string[] = []
  const root = await load({ source, options, errors, granted: options.defaultPermissions, level: 1 })
  return { root, errors }
}

interface Loading {
  readonly source: Source
  readonly options: TreeOptions
  readonly errors: string[]
  /** The most that the jobs of this file may ask for. */
  readonly granted: Permissions
  readonly level: number
  readonly call?: { readonly job: CallingJob; readonly place: string }
}

async function load(loading: Loading): Promise<WorkflowNode | undefined> {
  const { source, errors, call } = loading
  const shownPath = `${source.repository}/${source.path}`
  const path = join(source.directory, source.path)
  if (!existsSync(path)) return refuse(errors, `${call?.place ?? shownPath}: workflow was not found: ${shownPath}`)
  if (loading.level > LEVELS) return refuse(errors, `Nested reusable workflow depth exceeded ${LEVELS}.`)
  const parsed = await parseWorkflowFile(path, shownPath)
  if (parsed.errors.length > 0) {
    errors.push(...parsed.errors)
    return undefined
  }
  const file = decodeWorkflow(parsed, shownPath)
  if (call !== undefined) errors.push(...checkCalled(file, call.job, loading).map((error) => `${call.place}: ${error}`))
  const jobs: JobNode[] = []
  for (const job of file.jobs) {
    const permissions = permissionsOf(file, job.permissions, loading)
    if (job.kind === 'plain') jobs.push({ kind: 'plain', job, permissions })
    else {
      const called = await load({
        ...loading,
        source: referencedSource(job.uses, source, loading.options.repositories),
        granted: permissions,
        level: loading.level + 1,
        call: { job, place: `${shownPath}: jobs.${job.id}` },
      })
      if (called !== undefined) jobs.push({ kind: 'calling', job, permissions, called })
    }
  }
  return { source, file, jobs }
}

function refuse(errors: string[], message: string): undefined {
  errors.push(message)
  return undefined
}

function permissionsOf(file: WorkflowFile, own: PlainJob['permissions'], loading: Loading): Permissions {
  const asked = own ?? file.permissions
  return asked === undefined ? loading.granted : readPermissions(asked)
}

/** actions/runner, WorkflowTemplateConverter.cs and PermissionsHelper.cs. */
function checkCalled(file: WorkflowFile, job: CallingJob, loading: Loading): readonly string[] {
  if (file.call === undefined) return ['workflow_call key is not defined in the referenced workflow.']
  const asks = [
    { who: 'The workflow', permissions: file.permissions },
    ...file.jobs.map((each) => ({ who: `The nested job '${each.id}'`, permissions: each.permissions })),
  ]
  const tooMuch = asks.flatMap(({ who, permissions }) => {
    const violation =
      permissions === undefined ? undefined : permissionViolations(readPermissions(permissions), loading.granted)
    if (violation === undefined) return []
    const words = `is requesting '${violation.asked}', but is only allowed '${violation.granted}'`
    return [`Error calling workflow '${job.uses}'. ${who} ${words}.`]
  })
  return [...tooMuch, ...checkCall(file.call, job)]
}

/** `./…` and `$/…` stay in the repository and commit of the file that says so; anything else is `owner/name/…@ref`. */
export function referencedSource(
  uses: string,
  from: Source,
  repositories: Readonly<Record<string, LocalRepository>>,
): Source {
  if (uses.startsWith('./') || uses.startsWith('$/')) return { ...from, path: uses.slice(2) }
  const match = /^([^/@]+\/[^/@]+)\/([^@]+)@(.+)$/.exec(uses)
  const [, repository = '', path = '', ref = ''] = match ?? []
  if (match === null) throw unsupported(`uses: ${uses} (expected owner/repository/path@ref)`)
  return sourceIn(repositories, repository, path, ref)
}

export function sourceIn(
  repositories: Readonly<Record<string, LocalRepository>>,
  repository: string,
  path: string,
  ref: string,
): Source {
  const local = repositories[repository]
  if (local === undefined) throw new Error(`no local folder was given for the repository ${repository}`)
  return { repository, directory: local.directory, sha: local.sha ?? headOf(local.directory), ref, path }
}

function headOf(directory: string): string {
  return execFileSync('git', ['-C', directory, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
}
