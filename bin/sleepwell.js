#!/usr/bin/env node
// The checks from a laptop: hands the options over as the runner would hand over inputs, and runs the built action.
// Everything else that the action does belongs to CI, so nothing else can be asked for here.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const USAGE = `Usage: sleepwell check [options], in the folder of your repository

  --config <path>        sleepwell.yml (default: .github/sleepwell.yml)
  --environment <name>   whose part of the file counts, for example production
  --url <url>            where the Worker answers, instead of the file's url
  --health-path <path>   checks one path, without a file
  --version <uuid>       asks for this version of a split, with --worker
  --worker <name>        the Worker's name
  --summary <path>       writes the report as Markdown there, instead of to the terminal

\${NAME} and \${secret:NAME} in the file are taken from your environment.
Exit code: 0 healthy, 1 not healthy or not known, 2 a mistake in the command line.`

const OPTIONS = ['config', 'environment', 'url', 'health-path', 'version', 'worker']

function readCommandLine() {
  const options = Object.fromEntries([...OPTIONS, 'summary'].map((name) => [name, { type: 'string' }]))
  try {
    const { values, positionals } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } }, allowPositionals: true })
    if (values.help) return { kind: 'help' }
    if (positionals.join(' ') === 'check') return { kind: 'check', values }
    const asked = positionals.join(' ') || 'nothing'
    return { kind: 'wrong', message: `"${asked}" is not done here; allowed: check. Deploys and rollbacks run in GitHub Actions, so that each has a gate, a lock and a record.` }
  } catch (error) {
    return { kind: 'wrong', message: error.message }
  }
}

/** The action is built for Node 24, which a checkout of this project brings along. */
function findNode() {
  const own = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))
  if (existsSync(own)) return own
  return Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : undefined
}

async function check(values, node) {
  const folder = mkdtempSync(join(tmpdir(), 'sleepwell-'))
  const file = (name) => {
    const path = join(folder, name)
    writeFileSync(path, '')
    return path
  }
  const summary = file('summary')
  const inputs = OPTIONS.filter((name) => values[name] !== undefined).map((name) => [`INPUT_${name.toUpperCase()}`, values[name]])
  const env = {
    ...process.env,
    GITHUB_WORKSPACE: process.env.GITHUB_WORKSPACE ?? process.cwd(),
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_OUTPUT: file('output'),
    GITHUB_STATE: file('state'),
    RUNNER_TEMP: folder,
    INPUT_COMMAND: 'check',
    ...Object.fromEntries(inputs),
  }
  try {
    const action = fileURLToPath(new URL('../dist/main/index.js', import.meta.url))
    const child = spawn(node, [action], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    for await (const line of createInterface({ input: child.stdout })) {
      // Workflow commands (masks, annotations) are for a runner; here the report says the same.
      if (line !== '' && !line.startsWith('::')) console.log(line)
    }
    const [status] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode]
    const report = readFileSync(summary, 'utf8')
    if (values.summary === undefined) console.log(`\n${report.trim()}`)
    else writeFileSync(values.summary, report)
    return status ?? 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function main() {
  const asked = readCommandLine()
  const node = findNode()
  if (asked.kind === 'help') {
    console.log(USAGE)
    return 0
  }
  if (asked.kind === 'wrong' || node === undefined) {
    console.error(asked.kind === 'wrong' ? `${asked.message}\n\n${USAGE}` : `Node ${process.versions.node} is too old for the checks; they need Node 24 or newer.`)
    return 2
  }
  return check(asked.values, node)
}

process.exitCode = await main()
