import { appendFileSync } from 'node:fs'
import * as core from '@actions/core'
import type { Annotation } from '../core/report/annotations.ts'
import type { Redact } from '../core/redact.ts'

/** The runner that this process is a step of: its log, its files, its masks. All that people see passes `redact`. */
export interface Runner {
  log(line: string): void
  warn(line: string): void
  annotate(annotation: Annotation): void
  /** Kept as it is, for `post` to decode: what comes from outside is redacted where it enters the record. */
  saveState(name: string, value: string): void
  readState(name: string): string
  setOutputs(outputs: Readonly<Record<string, string>>): void
  /** A failure to write the summary is reported in the log and nowhere else. */
  writeSummary(markdown: string): void
}

/** The runner shows at most 1 MiB of a step's summary, and drops a larger one whole. */
const MAX_SUMMARY_BYTES = 1_000_000

export function connectRunner(redact: Redact): Runner {
  return {
    log: (line) => core.info(withoutCommands(redact(line))),
    warn: (line) => core.warning(redact(line)),
    annotate({ level, title, message }) {
      const properties = { title: redact(title) }
      if (level === 'error') core.error(redact(message), properties)
      else core.warning(redact(message), properties)
    },
    saveState: (name, value) => core.saveState(name, value),
    readState: (name) => core.getState(name),
    setOutputs(outputs) {
      for (const [name, value] of Object.entries(outputs)) core.setOutput(name, redact(value))
    },
    writeSummary(markdown) {
      const path = process.env['GITHUB_STEP_SUMMARY']
      if (path === undefined || path === '') return
      const text = Buffer.from(redact(markdown)).subarray(0, MAX_SUMMARY_BYTES)
      try {
        appendFileSync(path, text)
      } catch (error) {
        core.warning(`The summary could not be written: ${error instanceof Error ? error.message : String(error)}`)
      }
    },
  }
}

/**
 * What others say must not steer the runner: it takes `::name::` at the start of any line, and `##[name]`
 * anywhere in it, for a command (docs "Workflow commands for GitHub Actions").
 */
function withoutCommands(text: string): string {
  return text.replaceAll(/^(\s*):(?=:)/gm, '$1: ').replaceAll('##[', '## [')
}

/** Tells the runner to hide a value from here on. */
export function maskInLog(secret: string): void {
  for (const line of secret.split('\n')) if (line.trim() !== '') core.setSecret(line)
}
