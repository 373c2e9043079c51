// Brings a fresh clone to where every npm script works, and then runs the program that it is given, if any. Plain
// JavaScript: it runs on whatever Node is installed, before the project's own Node 24 (an npm package) is there. The
// shell of an npm script remembers where it found `node`, so that the program is started from here.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'

const lock = new URL('../package-lock.json', import.meta.url)
const installed = new URL('../node_modules/.package-lock.json', import.meta.url)
const node = new URL('../node_modules/.bin/node', import.meta.url)

/** npm writes node_modules/.package-lock.json last, so it tells what a finished install put there. */
function isUpToDate() {
  if (!existsSync(installed) || !existsSync(node)) return false
  const wanted = JSON.parse(readFileSync(lock, 'utf8')).packages
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || present[path]?.version === entry.version,
  )
}

if (!isUpToDate()) {
  console.log('Installing dependencies (npm ci): about a minute, once.')
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: new URL('..', import.meta.url),
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (result.status !== 0) {
    console.error('npm ci failed; see the lines above. Nothing else was changed.')
    process.exit(result.status ?? 1)
  }
}

const [program, ...args] = process.argv.slice(2)
if (program !== undefined) {
  const bin = fileURLToPath(new URL('../node_modules/.bin', import.meta.url))
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` }
  const { status } = spawnSync(fileURLToPath(node), [program, ...args], { cwd: fileURLToPath(new URL('..', import.meta.url)), stdio: 'inherit', env })
  process.exit(status ?? 1)
}
