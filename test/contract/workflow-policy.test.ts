import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { LONGEST_MINUTES, RESERVE_MINUTES } from '../../src/inputs/rollout.ts'

// What no linter sees, over our own workflows and the callers to copy.

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const filesIn = (folder: string) => readdirSync(join(root, folder)).filter((name) => name.endsWith('.yml')).map((name) => `${folder}/${name}`)
const ours = filesIn('.github/workflows')
const callers = filesIn('workflows')

const permissionsSchema = z.record(z.string(), z.enum(['read', 'write', 'none']))
const stepSchema = z.looseObject({ uses: z.string().optional(), run: z.string().optional(), 'timeout-minutes': z.number().optional(), with: z.record(z.string(), z.unknown()).optional() })
const jobSchema = z.looseObject({
  'runs-on': z.string().optional(),
  uses: z.string().optional(),
  permissions: permissionsSchema.optional(),
  'timeout-minutes': z.number().optional(),
  concurrency: z.looseObject({ group: z.string(), queue: z.string().optional(), 'cancel-in-progress': z.boolean().optional() }).optional(),
  environment: z.looseObject({ name: z.string(), deployment: z.boolean().optional() }).optional(),
  steps: z.array(stepSchema).optional(),
})
const workflowSchema = z.looseObject({ permissions: permissionsSchema, concurrency: z.unknown().optional(), jobs: z.record(z.string(), jobSchema) })

const workflow = (path: string) => workflowSchema.parse(parse(read(path)))
const jobsOf = (path: string) => Object.entries(workflow(path).jobs).map(([name, job]) => ({ name, job, place: `${path}: ${name}` }))
const stepsOf = (path: string) => jobsOf(path).flatMap(({ job, place }) => (job.steps ?? []).map((step) => ({ step, job, place })))

/** The union of what a called workflow's jobs ask for, calls of calls included. */
function wantedBy(path: string): Map<string, string> {
  const wanted = new Map<string, string>()
  for (const { job } of jobsOf(path)) {
    const nested = localCallee(job.uses)
    const grants = [...Object.entries(job.permissions ?? {}), ...(nested === undefined ? [] : wantedBy(nested))]
    for (const [scope, level] of grants) if (wanted.get(scope) !== 'write') wanted.set(scope, level)
  }
  return wanted
}

function localCallee(uses: string | undefined): string | undefined {
  return /(?:^\$\/|^sleepwell-deploy\/sleepwell\/)(\.github\/workflows\/[\w-]+\.yml)/.exec(uses ?? '')?.[1]
}

describe.each([...ours, ...callers])('%s', (path) => {
  it('grants nothing by default and names what each job needs', () => {
    expect(workflow(path).permissions).toEqual({})
    for (const { job, place } of jobsOf(path)) expect(job.permissions, place).toBeDefined()
  })

  it('pins every third-party action to a full commit, with its release beside it', () => {
    for (const line of read(path).split('\n').filter((text) => /^\s*(- )?uses:/.test(text))) {
      expect(line).toMatch(/uses: (\$\/[\w./-]+|[\w-]+\/[\w.-]+(\/[\w./-]+)?@[0-9a-f]{40} # \S+.*)$/)
    }
  })

  it('never names the root of a repository as `$/`, which the runner refuses', () => {
    expect(read(path)).not.toMatch(/uses: \$\/\s*$/m)
  })

  it('limits the time of every job that runs, and each step of ours ends five minutes before its job', () => {
    for (const { job, place } of jobsOf(path)) {
      if (job['runs-on'] !== undefined) expect(job['timeout-minutes'], place).toBeGreaterThan(0)
    }
    for (const { step, job, place } of stepsOf(path)) {
      if (step.uses !== '$/action') continue
      expect(step['timeout-minutes'], place).toBeLessThanOrEqual((job['timeout-minutes'] ?? 0) - 5)
    }
  })

  it('has no expression inside `run:`', () => {
    for (const { step, place } of stepsOf(path)) expect(step.run ?? '', place).not.toContain('${{')
  })

  it('leaves no credentials behind after a checkout', () => {
    for (const { step, place } of stepsOf(path)) {
      if (step.uses?.startsWith('actions/checkout@') === true) expect(step.with?.['persist-credentials'], place).toBe(false)
    }
  })

  it('makes no deployment through `environment:`, since the ledger makes its own', () => {
    for (const { job, place } of jobsOf(path)) {
      if (job.environment !== undefined) expect(job.environment.deployment, place).toBe(false)
    }
  })

  it('grants to each workflow it calls at least what that one asks for', () => {
    for (const { job, place } of jobsOf(path)) {
      const callee = localCallee(job.uses)
      if (callee === undefined) continue
      for (const [scope, level] of wantedBy(callee)) {
        const granted = job.permissions?.[scope]
        expect(granted === 'write' || granted === level, `${place} grants ${scope}: ${granted ?? 'nothing'}, but ${callee} asks for ${level}`).toBe(true)
      }
    }
  })
})

it('takes the lock on the job that calls rollout.yml and nowhere else, or it would wait for itself', () => {
  const locked = ours.flatMap(jobsOf).filter(({ job }) => job.concurrency !== undefined)
  expect(locked.map(({ place }) => place)).toEqual(['.github/workflows/deploy.yml: rollout'])
  expect(locked[0]?.job.concurrency).toMatchObject({ queue: 'max', 'cancel-in-progress': false })
  for (const path of ours) expect(workflow(path).concurrency, path).toBeUndefined()
})

it('keeps the Cloudflare token away from the gate and from the build, which runs the caller\'s own code', () => {
  for (const { name, job } of jobsOf('.github/workflows/deploy.yml')) {
    if (name !== 'rollout') expect(JSON.stringify(job)).not.toContain('CLOUDFLARE_API_TOKEN')
  }
})

it('shows in the README exactly the permissions that a caller must grant', () => {
  const wanted = new Set([...wantedBy('.github/workflows/deploy.yml')].map(([scope, level]) => `${scope}: ${level}`))
  const block = /<!-- permissions:start -->([\s\S]*?)<!-- permissions:end -->/.exec(read('README.md'))?.[1] ?? ''
  const shown = [...block.matchAll(/^\s+([\w-]+: (?:read|write))/gm)].map((match) => match[1])
  expect(new Set(shown)).toEqual(wanted)
})

it('gives the deploy step the time of the longest rollout that a file may ask for, and a reserve', () => {
  const [deploy] = stepsOf('.github/workflows/rollout.yml').filter(({ step }) => step.with?.['command'] === 'deploy')
  expect(deploy?.step['timeout-minutes']).toBe(LONGEST_MINUTES + RESERVE_MINUTES)
})
