// Builds dist/: TypeScript to lib/ (tsc), then one bundle per entry point (ncc). `--check` builds into a
// temporary folder and fails when the committed dist/ is not what src/ gives.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const ENTRY_POINTS = ['main', 'post']

function run(command: string, args: string[]): void {
  const result = spawnSync(join(root, 'node_modules/.bin', command), args, { cwd: root, encoding: 'utf8' })
  if (result.status === 0) return
  console.error(result.stdout, result.stderr)
  throw new Error(`${command} ${args.join(' ')} failed; its output is above`)
}

function build(target: string): void {
  rmSync(join(root, 'lib'), { recursive: true, force: true })
  rmSync(target, { recursive: true, force: true })
  run('tsc', ['-p', 'tsconfig.build.json'])
  for (const entry of ENTRY_POINTS) {
    run('ncc', ['build', `lib/${entry}.js`, '--out', join(target, entry), '--no-cache', '--license', 'licenses.txt'])
  }
}

/** A build that fails leaves the dist/ that was there. */
function replaceDist(): void {
  const fresh = mkdtempSync(join(root, '.dist-'))
  try {
    build(fresh)
    rmSync(join(root, 'dist'), { recursive: true, force: true })
    renameSync(fresh, join(root, 'dist'))
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

function filesIn(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  return all.filter((path) => statSync(path).isFile()).map((path) => relative(folder, path)).toSorted()
}

function check(): void {
  const fresh = mkdtempSync(join(tmpdir(), 'sleepwell-dist-'))
  try {
    build(fresh)
    const dist = join(root, 'dist')
    const names = new Set([...filesIn(fresh), ...filesIn(dist)])
    const stale = [...names].filter((name) => readOr(join(fresh, name)) !== readOr(join(dist, name)))
    if (stale.length > 0) throw new Error(`dist/ is stale: ${stale.join(', ')}. Run "npm run build" and commit dist/.`)
    console.log(`dist/ is what src/ gives: ${names.size} files compared.`)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

function readOr(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? '(absent)' : readFileSync(path, 'latin1')
}

if (process.argv.includes('--check')) check()
else replaceDist()
