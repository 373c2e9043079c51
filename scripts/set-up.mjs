// Brings a fresh clone to where every npm script works. Plain JavaScript: it runs on whatever Node
// is installed, before the project's own Node 24 (an npm package) is there.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

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
