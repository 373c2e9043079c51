// Installs the Tail Worker with its secrets, in one command, in this folder:
//
//   TAIL_TOKEN=… node install.mjs [options of wrangler deploy]
//
// TAIL_TOKEN, and ALERT_URL and ALERT_SECRET where alerts are wanted, are taken from the environment; none is printed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SHORTEST_TOKEN = 32
const names = ['TAIL_TOKEN', 'ALERT_URL', 'ALERT_SECRET']
const secrets = Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))

if ((secrets.TAIL_TOKEN ?? '').length < SHORTEST_TOKEN) {
  console.error(`TAIL_TOKEN is ${secrets.TAIL_TOKEN === undefined ? 'not set' : `shorter than ${SHORTEST_TOKEN} characters`}. Make one with "openssl rand -hex 32", keep it as a secret of your repository, and set it here.`)
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'sleepwell-tail-'))
try {
  const file = join(folder, 'secrets.json')
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 })
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.includes(name)))
  const { status, error } = spawnSync('npx', ['wrangler', 'deploy', '--secrets-file', file, ...process.argv.slice(2)], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (error !== undefined) console.error(`npx could not be started: ${error.message}`)
  process.exitCode = status ?? 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

if (process.exitCode === 0) {
  console.log(`
Installed, with ${Object.keys(secrets).join(', ')}. In the wrangler configuration of each Worker that it shall count, and then deploy it:
  "tail_consumers": [{ "service": "sleepwell-tail" }]
In .github/sleepwell.yml, with the address that wrangler has just printed:
  rollout: { metrics: [{ kind: tail, url: https://…, token: "\${secret:TAIL_TOKEN}" }] }`)
}
