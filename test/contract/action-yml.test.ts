import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseInputs, readJobStatus } from '../../src/inputs.ts'

// The public contract: what action.yml declares is what the code reads, and what the workflows pass on.

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const manifestSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  author: z.string(),
  branding: z.strictObject({ icon: z.string(), color: z.string() }),
  inputs: z.record(z.string(), z.strictObject({ description: z.string().min(20), required: z.boolean().optional(), default: z.string().optional() })),
  outputs: z.record(z.string(), z.strictObject({ description: z.string().min(20) })),
  runs: z.strictObject({ using: z.string(), main: z.string(), post: z.string() }),
})
const manifest = manifestSchema.parse(parse(read('action.yml')))

const stepSchema = z.looseObject({ id: z.string().optional(), uses: z.string().optional(), with: z.record(z.string(), z.unknown()).optional() })
const workflowSchema = z.looseObject({ jobs: z.record(z.string(), z.looseObject({ steps: z.array(stepSchema).optional() })) })
const workflows = readdirSync(join(root, '.github/workflows')).map((name) => `.github/workflows/${name}`)
const ourSteps = workflows.flatMap((path) =>
  Object.values(workflowSchema.parse(parse(read(path))).jobs).flatMap((job) => (job.steps ?? []).filter((step) => step.uses === '$/action')),
)

/** Names that the code asks for, whatever it does with them. */
function namesRead(given: Readonly<Record<string, string>>): readonly string[] {
  const names = new Set<string>()
  const inputs = new Proxy(given, {
    get(target, name) {
      if (typeof name !== 'string') return undefined
      names.add(name)
      return target[name]
    },
  })
  parseInputs({ inputs, env: {}, readFile: () => undefined })
  readJobStatus(inputs)
  return [...names]
}

const COMMANDS = ['gate', 'build', 'deploy', 'rollback', 'recover', 'check', 'steer']

it('declares every input that the code reads, and the code reads every input that is declared', () => {
  const seen = COMMANDS.flatMap((command) => [
    ...namesRead({ command, gate: 'workflows' }),
    ...namesRead({ command, gate: 'needs', 'full-deploy': 'allow', 'build-directory': 'build' }),
  ])
  expect([...new Set(seen)].toSorted()).toEqual(Object.keys(manifest.inputs).toSorted())
})

it('names its inputs and outputs in kebab-case', () => {
  for (const name of [...Object.keys(manifest.inputs), ...Object.keys(manifest.outputs)]) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
})

it('runs on node24, and finishes in `post` whatever became of `main`', () => {
  expect(manifest.runs).toEqual({ using: 'node24', main: 'dist/main/index.js', post: 'dist/post/index.js' })
})

it('takes the job\'s own token and status unless it is told otherwise', () => {
  expect(manifest.inputs['github-token']?.default).toBe('${{ github.token }}')
  expect(manifest.inputs['job-status']?.default).toBe('${{ job.status }}')
})

it('gives no default that would stand over what sleepwell.yml says', () => {
  for (const name of ['url', 'health-path', 'test-workflows', 'drift', 'triggers']) expect(manifest.inputs[name]?.default, name).toBeUndefined()
})

describe('the workflows', () => {
  it('pass on only inputs that are declared', () => {
    expect(ourSteps.length).toBeGreaterThan(0)
    for (const step of ourSteps) {
      for (const name of Object.keys(step.with ?? {})) expect(Object.keys(manifest.inputs), `${step.id}: ${name}`).toContain(name)
    }
  })

  it('between them give every input that has a use in a workflow', () => {
    const given = new Set(ourSteps.flatMap((step) => Object.keys(step.with ?? {})))
    const left = Object.keys(manifest.inputs).filter((name) => !given.has(name))
    for (const name of left) expect(LEFT_TO_THE_ACTION, `no workflow passes ${name} on`).toContain(name)
  })

  it('read only outputs that are declared, and read every one of them', () => {
    const asked = workflows.flatMap((path) => {
      const ids = new Set(ourSteps.flatMap((step) => (step.id === undefined ? [] : [step.id])))
      return [...read(path).matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)].flatMap(([, id = '', name = '']) => (ids.has(id) ? [name] : []))
    })
    expect([...new Set(asked)].toSorted()).toEqual(Object.keys(manifest.outputs).toSorted())
  })
})

/** What a workflow of ours may leave to the action's own default. */
const LEFT_TO_THE_ACTION = ['discovery-timeout-minutes', 'github-token', 'job-status']

describe('what is generated', () => {
  it('is what its sources give', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/generate.ts', '--check'], { cwd: root, encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  it('leaves action/action.yml the same contract, but for where dist/ lies', () => {
    const { runs, ...contract } = manifest
    const generated = manifestSchema.parse(parse(read('action/action.yml')))
    expect(generated).toEqual({ ...contract, runs: { ...runs, main: `../${runs.main}`, post: `../${runs.post}` } })
  })

  it('lists every input and output in the README', () => {
    const table = /<!-- inputs:start -->([\s\S]*)<!-- outputs:end -->/.exec(read('README.md'))?.[1] ?? ''
    for (const name of [...Object.keys(manifest.inputs), ...Object.keys(manifest.outputs)]) expect(table).toContain(`| \`${name}\` |`)
  })
})
