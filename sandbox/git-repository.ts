import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A real git repository in a folder, with commits whose ids are the same for the same content and time. */
export interface GitRepository {
  readonly folder: string
  /** Writes files (path -> content), commits everything, and returns the full commit id. */
  commit(message: string, files: Readonly<Record<string, string>>): string
  /** Copies a folder into the repository; it is committed by the next `commit`. */
  copy(from: string, to: string): void
  parentsOf(sha: string): string[]
}

const AUTHOR = { name: 'Ada Example', email: 'ada@example.com' }

export function createGitRepository(folder: string): GitRepository {
  mkdirSync(folder, { recursive: true })
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8', env: environment() }).trim()
  git('init', '--quiet', '--initial-branch=main')
  return {
    folder,
    commit(message, files) {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), content)
      }
      git('add', '--all')
      git('commit', '--quiet', '--allow-empty', '-m', message)
      return git('rev-parse', 'HEAD')
    },
    copy(from, to) {
      cpSync(from, join(folder, to), { recursive: true, filter: (path) => !path.includes('node_modules') })
    },
    parentsOf: (sha) => git('rev-list', '--parents', '-n', '1', sha).split(' ').slice(1),
  }
}

/** Nothing of the developer's own git configuration: no signing, no hooks, no default branch. */
function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: AUTHOR.name,
    GIT_AUTHOR_EMAIL: AUTHOR.email,
    GIT_COMMITTER_NAME: AUTHOR.name,
    GIT_COMMITTER_EMAIL: AUTHOR.email,
  }
}
