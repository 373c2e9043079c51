import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { runWorkflow, startWorkflow, type RunResult, type WorkflowOptions, type WorkflowRun } from '../../sandbox/runner/workflow.ts'

export const CALLER = 'acme/shop'
export const TOOL = 'sleepwell/tool'
export const SHA = 'a'.repeat(40)
export const TOOL_SHA = 'b'.repeat(40)

/** A folder with the given files, path to content; removed by whoever made it. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sleepwell-fixtures-'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

/** Makes a folder a repository with one commit, and answers its SHA. */
export function commitAll(folder: string): string {
  const git = (...parameters: string[]) => execFileSync('git', ['-C', folder, ...parameters], { encoding: 'utf8', stdio: 'pipe' })
  git('init', '--quiet', '--initial-branch=main')
  git('add', '.')
  git('-c', 'user.name=Test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '-m', 'Fixture')
  return git('rev-parse', 'HEAD').trim()
}

export interface World {
  /** Content of `.github/workflows/<name>` of the caller's repository; `main.yml` is the one that runs. */
  readonly caller: Readonly<Record<string, string>>
  /** Any file of the tool's repository, by its path. */
  readonly tool?: Readonly<Record<string, string>>
  readonly options?: Partial<WorkflowOptions>
}

/** Builds both repositories, runs `main.yml`, and clears up. */
export async function runMain(world: World): Promise<RunResult> {
  const { options, remove } = prepare(world)
  try {
    return await runWorkflow(options)
  } finally {
    remove()
  }
}

/** The same, with the run in the hands of `act` from the first line on. */
export async function runMainWith(world: World, act: (run: WorkflowRun, line: string, job: string) => unknown): Promise<RunResult> {
  const { options, remove } = prepare(world)
  try {
    const run: WorkflowRun = startWorkflow({ ...options, onLine: (line, job) => act(run, line, job) })
    return await run.finished
  } finally {
    remove()
  }
}

function prepare(world: World): { options: WorkflowOptions; remove: () => void } {
  const workflows = Object.entries(world.caller).map(([name, content]) => [`.github/workflows/${name}`, content])
  const caller = folderOf(Object.fromEntries(workflows))
  const tool = folderOf(world.tool ?? {})
  const repositories = { [CALLER]: { directory: caller, sha: SHA }, [TOOL]: { directory: tool, sha: TOOL_SHA } }
  const options = { repositories, workflow: '.github/workflows/main.yml', github: { sha: SHA }, ...world.options }
  return {
    options,
    remove: () => {
      rmSync(caller, { recursive: true, force: true })
      rmSync(tool, { recursive: true, force: true })
    },
  }
}

/** Job id to result. */
export function results(run: RunResult): Record<string, string> {
  return Object.fromEntries(Object.values(run.jobs).map((each) => [each.id, each.result]))
}

/** What one job wrote to its log. */
export function lines(run: RunResult, id: string): string[] {
  return run.log.filter((line) => line.startsWith(`${id}\t`)).map((line) => line.slice(id.length + 1))
}
