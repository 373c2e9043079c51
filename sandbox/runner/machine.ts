import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** One hosted runner: its folders, its PATH, and the id by which it finds the processes that steps leave behind. */
export interface Machine extends AsyncDisposable {
  readonly name: string
  readonly root: string
  readonly workspace: string
  readonly temp: string
  readonly toolCache: string
  readonly home: string
  readonly searchPath: string
  readonly nodeBinary: string
  readonly trackingId: string
  /** Kills at once whatever a step of this runner started and left running; answers how many that were. */
  killProcesses(): number
}

export interface MachineOptions {
  /** Stays on disk after the machine is gone, e.g. to look at a failed test. */
  readonly keep?: boolean
  /** The name of the repository: the workspace is `<work>/<name>/<name>` as on a hosted runner. */
  readonly repositoryName?: string
}

export function createMachine(options: MachineOptions = {}): Machine {
  // The name must not hold a mark of its own of the system's temporary folder: it is part of every path in logs.
  const root = mkdtempSync(join(tmpdir(), 'sleepwell-runner-'))
  const name = options.repositoryName ?? 'repository'
  const workspace = join(root, 'work', name, name)
  const folders = { temp: join(root, 'work', '_temp'), toolCache: join(root, 'tools'), home: join(root, 'home') }
  for (const folder of [workspace, ...Object.values(folders)]) mkdirSync(folder, { recursive: true })
  const nodeBinary = requireNode24(process.execPath)
  symlinkSync(nodeBinary, join(folders.toolCache, 'node'))
  const trackingId = `github_${randomUUID()}`
  const killProcesses = () => killTracked(trackingId)
  return {
    name: 'sandbox-runner',
    root,
    workspace,
    ...folders,
    nodeBinary,
    searchPath: searchPathWith(folders.toolCache),
    trackingId,
    killProcesses,
    async [Symbol.asyncDispose]() {
      killProcesses()
      if (options.keep !== true) rmSync(root, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

function requireNode24(binary: string): string {
  if (process.versions.node.startsWith('24.')) return binary
  throw new Error(`an action with "using: node24" needs Node 24, this is ${process.version}: start it with npx or npm`)
}

/** A hosted runner has node, npm and git on its PATH: ours are this machine's own, with Node 24 first. */
function searchPathWith(toolCache: string): string {
  const standard = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
  const found = ['npm', 'git', 'bash'].flatMap((tool) => {
    try {
      return [dirname(execFileSync('which', [tool], { encoding: 'utf8' }).trim())]
    } catch {
      return []
    }
  })
  return [...new Set([toolCache, ...found, ...standard])].join(':')
}

function killTracked(trackingId: string): number {
  const found = trackedProcesses(trackingId).filter((pid) => pid !== process.pid)
  for (const pid of found) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself meanwhile.
    }
  }
  return found.length
}

/** actions/runner, JobExtension.cs: orphans are known by RUNNER_TRACKING_ID in their environment. */
function trackedProcesses(trackingId: string): readonly number[] {
  const mark = `RUNNER_TRACKING_ID=${trackingId}`
  if (process.platform !== 'linux') {
    const list = execFileSync('ps', ['axEww', '-o', 'pid=,command='], { encoding: 'utf8' })
    return list.split('\n').flatMap((line) => (line.includes(mark) ? [Number.parseInt(line, 10)] : []))
  }
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
  return pids.flatMap((pid) => (readEnvironment(pid).includes(mark) ? [Number(pid)] : []))
}

function readEnvironment(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return ''
  }
}
