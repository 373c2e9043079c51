// Writes what is derived: action/action.yml and README's tables from action.yml, and the JSON Schema of
// sleepwell.yml from the zod schema. `--check` writes nothing and fails when a committed file differs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'
import { sleepwellSchema } from '../src/inputs/schema.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const actionSchema = z.object({
  inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string().optional(), required: z.boolean().optional() })),
  outputs: z.record(z.string(), z.object({ description: z.string() })),
})
type ActionContract = z.infer<typeof actionSchema>

function generatedAction(text: string): string {
  const moved = text.replaceAll(/^(  (?:main|post): )dist\//gm, '$1../dist/')
  return `# Generated from the action.yml at the root (npm run generate), so that workflows here can say \`uses: $/action\`.\n${moved}`
}

function generatedSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(sleepwellSchema, { io: 'input' })
  return `${JSON.stringify({ $schema, title: 'sleepwell.yml', ...rest }, null, 2)}\n`
}

function inputsTable({ inputs }: ActionContract): string {
  const rows = Object.entries(inputs).map(([name, input]) => {
    const fallback = input.default === undefined ? '' : `\`${input.default}\``
    return `| \`${name}\` | ${cell(input.description)} | ${input.required === true ? '**required**' : fallback} |`
  })
  return ['| Input | What it is | Default |', '| --- | --- | --- |', ...rows].join('\n')
}

function outputsTable({ outputs }: ActionContract): string {
  const rows = Object.entries(outputs).map(([name, { description }]) => `| \`${name}\` | ${cell(description)} |`)
  return ['| Output | What it is |', '| --- | --- |', ...rows].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function between(text: string, name: string, content: string): string {
  const start = `<!-- ${name}:start -->`
  const end = `<!-- ${name}:end -->`
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`README.md has no ${start} ... ${end}`)
  return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`
}

function generate(): Map<string, string> {
  const action = readFileSync(join(root, 'action.yml'), 'utf8')
  const contract = actionSchema.parse(parse(action))
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const withInputs = between(readme, 'inputs', inputsTable(contract))
  return new Map([
    ['action/action.yml', generatedAction(action)],
    ['schema/sleepwell.schema.json', generatedSchema()],
    ['README.md', between(withInputs, 'outputs', outputsTable(contract))],
  ])
}

function readOr(path: string): string {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return '(absent)'
  }
}

const stale = [...generate()].filter(([path, text]) => readOr(path) !== text)
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is stale. Run "npm run generate" and commit it.`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    console.log(`wrote ${path}`)
  }
}
