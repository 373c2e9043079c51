import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InterruptSource } from '../../sandbox/runner/interrupts.ts'
import type { StepResult } from '../../sandbox/runner/step.ts'
import { runDist } from '../dist-step.ts'
import type { Run } from './process.ts'
import { TOKEN, WORKER, type Stage } from './stage.ts'

export interface AskedStep {
  readonly command: 'deploy' | 'recover'
  readonly interrupts?: InterruptSource
}

/** The campaign's deploy or recovery as one step of the built action. */
export function runOnStage(stage: Stage, run: Run, { command, interrupts }: AskedStep): Promise<StepResult> {
  const prepare = (workspace: string) => {
    cpSync(stage.folder, workspace, { recursive: true })
    writeFileSync(join(workspace, 'index.js'), 'export default { fetch: () => new Response("hello") }\n')
    mkdirSync(join(workspace, '.github'))
    writeFileSync(
      join(workspace, '.github/sleepwell.yml'),
      `url: ${stage.edgeUrl.href}\nrollout: { preset: immediate }\nproof: { header: x-version-id }\nchecks:\n  - { name: health, kind: http, path: /healthz, expect: { json: [{ path: status, equals: pass }] } }\n`,
    )
  }
  const inputs = command === 'deploy' ? { worker: WORKER } : {}
  return runDist(stage, { command, sha: run.sha, runId: run.id, token: TOKEN, prepare, inputs, ...(interrupts === undefined ? {} : { interrupts }) })
}
