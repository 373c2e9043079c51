import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InterruptSource } from '../../sandbox/runner/interrupts.ts'
import type { StepResult } from '../../sandbox/runner/step.ts'
import { runDist } from '../dist-step.ts'
import type { Run } from './process.ts'
import { TOKEN, WORKER, type Stage } from './stage.ts'

/** The checks alone decide. */
export const AT_ONCE = 'rollout: { preset: immediate }'
/** A tenth of the users, then everybody, each compared for seconds. */
export const IN_STEPS = `rollout:
  pollSeconds: 1
  deadlineMinutes: 5
  steps: [{ percent: 10, soakSeconds: 1, leastRequests: 10 }, { percent: 100, soakSeconds: 1 }]
  metrics: [{ kind: probes, paths: [/page], perPoll: 10, slow: false, baselineRequests: 20 }]`

export interface AskedStep {
  readonly command: 'deploy' | 'recover'
  /** Its part of sleepwell.yml. */
  readonly rollout?: string
  readonly interrupts?: InterruptSource
}

/** The campaign's deploy or recovery as one step of the built action. */
export function runOnStage(stage: Stage, run: Run, { command, rollout = AT_ONCE, interrupts }: AskedStep): Promise<StepResult> {
  const prepare = (workspace: string) => {
    cpSync(stage.folder, workspace, { recursive: true })
    writeFileSync(join(workspace, 'index.js'), 'export default { fetch: () => new Response("hello") }\n')
    mkdirSync(join(workspace, '.github'))
    writeFileSync(
      join(workspace, '.github/sleepwell.yml'),
      `url: ${stage.edgeUrl.href}\n${rollout}\nproof: { header: x-version-id }\nchecks:\n  - { name: health, kind: http, path: /healthz, expect: { json: [{ path: status, equals: pass }] } }\n`,
    )
  }
  const inputs = command === 'deploy' ? { worker: WORKER } : {}
  return runDist(stage, { command, sha: run.sha, runId: run.id, token: TOKEN, prepare, inputs, ...(interrupts === undefined ? {} : { interrupts }) })
}
