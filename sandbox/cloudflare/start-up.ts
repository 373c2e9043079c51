import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { classNoLongerExported, invalidScript } from './errors.ts'
import { configOf, embeddedFiles, type Candidate, type Embedded } from './start-up-config.ts'

/** Errors by content: the same code starts once, however often a campaign uploads it. */
const outcomes = new Map<string, Promise<string>>()

const limitMilliseconds = 10_000

/**
 * Cloudflare starts each upload once before it accepts it (10021: what does not parse, link or run its
 * global scope). Here the real workerd does, with no socket to serve: it ends at once. Of the bindings
 * it gets the variables and secrets; code whose global scope reads another one is refused wrongly.
 */
export async function checkStartUp(candidate: Candidate): Promise<void> {
  const files = embeddedFiles(candidate)
  // Python is not V8's to parse; nothing here can start it.
  if (files === undefined) return
  const config = configOf(candidate)
  const hash = createHash('sha256').update(config)
  for (const { content } of files) hash.update('\0').update(content)
  const key = hash.digest('hex')
  const pending = outcomes.get(key) ?? start(config, files)
  outcomes.set(key, pending)
  const stderr = await pending
  const className = /referenced the class "(.+?)", but no such/.exec(stderr)?.[1]
  // What the runtime says about its own configuration is not for the uploader.
  const said = stderr.replaceAll(/^workerd\/.*$/gm, '')
  const failure = /^service main: (.*)$/ms.exec(said)?.[1]
  if (failure !== undefined) throw invalidScript(failure.trim())
  if (className !== undefined) throw classNoLongerExported(className)
}

/** What workerd wrote to standard error. */
async function start(config: string, files: readonly Embedded[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-start-up-'))
  try {
    const all = [...files, { file: 'workerd.capnp', content: config }]
    await Promise.all(all.map(({ file, content }) => writeFile(join(folder, file), content)))
    return await run(join(folder, 'workerd.capnp'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

function run(config: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(workerdBinary(), ['serve', config], { timeout: limitMilliseconds }, (error, _stdout, stderr) => {
      if (error === null || stderr.includes('service main: ')) resolve(stderr)
      // Docs "Limits, Worker startup time": one second of CPU time there, so many seconds in all here.
      else if (error.killed === true) resolve('service main: Script startup exceeded CPU time limit.')
      else resolve(`service main: ${stderr}`)
    })
  })
}

/** The binary that wrangler and miniflare run; both depend on the same version of it. */
function workerdBinary(): string {
  const require = createRequire(import.meta.url)
  const path: unknown = createRequire(require.resolve('miniflare'))('workerd')
  return z.object({ default: z.string() }).parse(path).default
}
