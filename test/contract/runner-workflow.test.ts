import { describe, expect, it } from 'vitest'
import { CALLER, lines, results, runMain, runMainWith, SHA, TOOL_SHA } from './runner-fixtures.ts'

const job = 'runs-on: ubuntu-24.04, timeout-minutes: 5'

function only(content: string) {
  return runMain({ caller: { 'main.yml': `on: push\njobs:\n  only: { runs-on: x, ${content} }` } })
}

describe('the jobs of one workflow', () => {
  it('run in the order of their needs and hand outputs on', async () => {
    const run = await runMain({
      caller: {
        'main.yml': `
on: push
jobs:
  second:
    needs: first
    ${job.replaceAll(', ', '\n    ')}
    steps:
      - run: echo "got \${{ needs.first.outputs.value }} after \${{ needs.first.result }}"
  first:
    ${job.replaceAll(', ', '\n    ')}
    outputs: { value: "\${{ steps.make.outputs.value }}" }
    steps:
      - id: make
        run: echo "value=from \${{ github.sha }}" >> "$GITHUB_OUTPUT"
`,
      },
    })
    expect(run.errors).toEqual([])
    expect(run.conclusion).toBe('success')
    expect(run.log).toEqual([`second\tgot from ${SHA} after success`])
  })

  it('skip what depends on a failure, however far, and run what asks for always() or failure()', async () => {
    const run = await runMain({
      caller: {
        'main.yml': `
on: push
jobs:
  broken: { ${job}, steps: [{ run: exit 3 }] }
  next: { ${job}, needs: broken, steps: [{ run: echo next }] }
  janitor: { ${job}, needs: broken, if: always() && needs.broken.result != 'success', steps: [{ run: 'echo janitor after \${{ needs.broken.result }}' }] }
  alarm: { ${job}, needs: [next], if: failure(), steps: [{ run: echo alarm }] }
  late: { ${job}, needs: janitor, steps: [{ run: echo late }] }
`,
      },
    })
    expect(run.conclusion).toBe('failure')
    expect(results(run)).toEqual({ broken: 'failure', next: 'skipped', janitor: 'success', alarm: 'success', late: 'skipped' })
    expect(run.log).toContain('janitor\tjanitor after failure')
    expect(run.annotations[0]?.message).toBe('Process completed with exit code 3.')
  })

  it('run steps after a failed one only when their condition says so, and forgive with continue-on-error', async () => {
    const run = await runMain({
      caller: {
        'main.yml': `
on: push
jobs:
  only:
    runs-on: ubuntu-24.04
    outputs: { seen: "\${{ steps.soft.outcome }} \${{ steps.soft.conclusion }} \${{ steps.skipped.outcome }}" }
    steps:
      - { id: soft, run: exit 1, continue-on-error: true }
      - { id: hard, run: "echo reached; exit 1" }
      - { id: skipped, run: echo never }
      - { if: failure(), run: "echo failed with \${{ job.status }}" }
      - { if: "\${{ !cancelled() && steps.hard.outcome == 'failure' }}", run: echo last }
`,
      },
    })
    expect(run.jobs['only']).toMatchObject({ result: 'failure', outputs: { seen: 'failure success skipped' } })
    expect(lines(run, 'only')).toEqual(['##[error]Process completed with exit code 1.', 'reached', '##[error]Process completed with exit code 1.', 'failed with failure', 'last'])
  })

  it('give environment, defaults, working directory and shell to scripts as GitHub does', async () => {
    const run = await runMain({
      caller: {
        'main.yml': `
on: push
env: { A: workflow, B: "\${{ github.event_name }}" }
defaults: { run: { shell: bash } }
jobs:
  only:
    runs-on: ubuntu-24.04
    env: { A: "job \${{ github.ref_name }}", C: job }
    steps:
      - run: mkdir sub; echo "D=later" >> "$GITHUB_ENV"; mkdir "$RUNNER_TEMP/bin"; echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"
      - run: echo "$A | $B | $C | $D | $E | $(basename "$PWD") | \${PATH%%:*}"
        working-directory: sub
        env: { C: step, E: "\${{ env.D }}" }
      - run: "false | true; echo not reached"
        continue-on-error: true
      - run: "false | true; echo reached without pipefail"
        shell: sh
      - run: node --version
`,
      },
    })
    const [first, failed, reached, node] = lines(run, 'only')
    expect(first).toMatch(/^job main \| push \| step \| later \| later \| sub \| .*\/bin$/)
    expect([failed, reached]).toEqual(['##[error]Process completed with exit code 1.', 'reached without pipefail'])
    expect(node).toMatch(/^v24\./)
  })

  it('drop an output that holds a secret, and hide the secret in the log', async () => {
    const run = await runMain({
      caller: {
        'main.yml': `
on: push
jobs:
  only:
    runs-on: ubuntu-24.04
    outputs: { leak: "\${{ steps.s.outputs.v }}", fine: yes, none: "" }
    steps:
      - id: s
        env: { KEY: "\${{ secrets.KEY }}" }
        run: echo "v=url?$KEY" >> "$GITHUB_OUTPUT"; echo "key is $KEY"
`,
      },
      options: { secrets: { KEY: 'tops3cret' } },
    })
    expect(run.jobs['only']?.outputs).toEqual({ fine: 'yes' })
    expect(run.annotations.map((each) => each.message)).toEqual(["Skip output 'leak' since it may contain secret."])
    expect(run.log).toEqual(['only\tkey is ***'])
  })

  it('run once for each combination of a matrix', async () => {
    const run = await runMain({
      caller: {
        'main.yml': `
on: push
jobs:
  each:
    runs-on: ubuntu-24.04
    strategy: { fail-fast: false, max-parallel: 1, matrix: { worker: [api, web], include: [{ worker: api, extra: more }, { worker: cron }] } }
    steps: [{ run: 'echo "\${{ matrix.worker }} \${{ matrix.extra }} \${{ strategy.job-index }}"; test \${{ matrix.worker }} != web' }]
  after: { runs-on: x, needs: each, if: always(), steps: [{ run: 'echo \${{ needs.each.result }}' }] }
`,
      },
    })
    expect(results(run)).toEqual({
      'each (api, more)': 'success',
      'each (web)': 'failure',
      'each (cron)': 'success',
      each: 'failure',
      after: 'success',
    })
    expect(lines(run, 'after')).toEqual(['failure'])
  })

  it('are cancelled when another one of their matrix fails, unless fail-fast is off', async () => {
    const content = `on: push
jobs:
  each:
    runs-on: ubuntu-24.04
    strategy: { matrix: { seconds: [0.3, 30] } }
    steps: [{ run: 'exec sleep \${{ matrix.seconds }}' }, { run: 'test \${{ matrix.seconds }} != 0.3' }]`
    const run = await runMain({ caller: { 'main.yml': content }, options: { pace: { graceScale: 0.02 } } })
    expect(results(run)).toEqual({ 'each (0.3)': 'failure', 'each (30)': 'cancelled', each: 'failure' })
    expect(run.conclusion).toBe('failure')
  })

  it('name what they cannot do instead of leaving it out', async () => {
    await expect(only('container: node:24, steps: [{ run: echo }]')).rejects.toThrow('container')
    await expect(only('steps: [{ uses: "docker://alpine" }]')).rejects.toThrow('docker://alpine')
    await expect(only('steps: [{ run: Get-Item, shell: pwsh }]')).rejects.toThrow('shell: pwsh')
    await expect(only(`steps: [{ uses: "unknown/action@${SHA}" }]`)).rejects.toThrow('no stand-in')
    await expect(only('environment: production, steps: [{ run: echo }]')).rejects.toThrow('deployment: false')
    await expect(only('continue-on-error: true, steps: [{ run: echo }]')).rejects.toThrow('continue-on-error')
  })

  it('end at once what else runs when something cannot be done', async () => {
    const seen: string[] = []
    const content = `on: push
jobs:
  long: { runs-on: x, steps: [{ run: 'echo ready; while sleep 0.1; do echo tick; done' }] }
  wrong: { runs-on: x, steps: [{ run: sleep 0.3 }, { uses: "docker://alpine" }] }`
    await expect(runMain({ caller: { 'main.yml': content }, options: { onLine: (line) => seen.push(line) } })).rejects.toThrow('docker')
    // What was under way may still be heard for a moment; then it is quiet, though the loop has no end of its own.
    const growth = async () => {
      const before = seen.length
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      return seen.length - before
    }
    await expect.poll(growth, { timeout: 30_000, interval: 1 }).toBe(0)
  })

  it('do not start for an event that is not theirs', async () => {
    const caller = { 'main.yml': `on: { push: { branches: [main] } }\njobs: { only: { runs-on: x, steps: [{ run: echo }] } }` }
    await expect(runMain({ caller, options: { github: { sha: SHA, ref: 'refs/heads/side' } } })).rejects.toThrow('not side')
    await expect(runMain({ caller, options: { github: { sha: SHA, eventName: 'schedule' } } })).rejects.toThrow("'schedule' does not start")
  })

  it('do not start when GitHub\'s parser refuses the file', async () => {
    const run = await runMain({ caller: { 'main.yml': `on: push\njobs:\n  b: { runs-on: x, steps: [{ run: echo }] }\n  a: { runs-on: x, needs: nobody, steps: [{ run: echo }] }` } })
    expect(run.conclusion).toBe('startup_failure')
    expect(run.errors.join('\n')).toContain("depends on unknown job 'nobody'")
  })

  it('see the form of a dispatched run as typed inputs and as the texts of the event', async () => {
    const caller = {
      'main.yml': `
on:
  workflow_dispatch:
    inputs:
      reason: { required: true, type: string }
      dry-run: { type: boolean, default: false }
      to: { type: choice, options: [baseline, version] }
jobs:
  only:
    runs-on: x
    steps: [{ run: 'echo "\${{ inputs.reason }} \${{ inputs.dry-run == true }} \${{ github.event.inputs.dry-run == true }} \${{ github.event.inputs.dry-run }}"' }]
`,
    }
    const github = { sha: SHA, eventName: 'workflow_dispatch' }
    const run = await runMain({ caller, options: { github, inputs: { reason: 'slow', 'dry-run': true } } })
    expect(lines(run, 'only')).toEqual(['slow true false true'])
    await expect(runMain({ caller, options: { github, inputs: {} } })).rejects.toThrow("Required input 'reason' not provided")
    await expect(runMain({ caller, options: { github, inputs: { reason: 'x', to: 'moon' } } })).rejects.toThrow("'moon' for input 'to'")
  })
})

describe('the end of a run', () => {
  const deployAndRecover = `
on: push
jobs:
  deploy: { runs-on: x, steps: [{ run: 'echo ready; sleep 30' }, { if: always(), run: echo cleaned }] }
  next: { runs-on: x, needs: deploy, steps: [{ run: echo next }] }
  recover: { runs-on: x, needs: deploy, if: always() && needs.deploy.result != 'success', steps: [{ run: 'echo recovering after \${{ needs.deploy.result }}, now \${{ job.status }}' }] }
`

  it('cancel: what runs is cancelled, always() steps and jobs still run', async () => {
    const run = await runMainWith({ caller: { 'main.yml': deployAndRecover }, options: { pace: { graceScale: 0.02 } } }, (handle, line) => {
      if (line === 'ready') handle.cancel()
    })
    expect(run.conclusion).toBe('cancelled')
    expect(results(run)).toEqual({ deploy: 'cancelled', next: 'skipped', recover: 'success' })
    expect(lines(run, 'deploy')).toEqual(['ready', '##[error]The operation was canceled.', 'cleaned'])
  })

  it('loss of a runner: nothing of the job runs any more, its result is failure, dependents see it', async () => {
    const run = await runMainWith({ caller: { 'main.yml': deployAndRecover } }, (handle, line) => {
      if (line === 'ready') handle.loseRunner('deploy')
    })
    expect(run.conclusion).toBe('failure')
    expect(results(run)).toEqual({ deploy: 'failure', next: 'skipped', recover: 'success' })
    expect(lines(run, 'deploy')).toEqual(['ready'])
    expect(lines(run, 'recover')).toEqual(['recovering after failure, now success'])
    expect(run.annotations.map((each) => each.message)).toContain('The hosted runner lost communication with the server.')
  })

  it('crash: the step fails and the job goes on as after any failure', async () => {
    const run = await runMainWith({ caller: { 'main.yml': deployAndRecover }, options: { pace: { graceScale: 0.02 } } }, (handle, line) => {
      if (line === 'ready') handle.crash('deploy')
    })
    expect(lines(run, 'deploy')).toEqual(['ready', '##[error]Process completed with exit code 137.', 'cleaned'])
    expect(results(run)).toMatchObject({ deploy: 'failure', recover: 'success' })
  })

  it('time-out of a job: cancelled for those that need it', async () => {
    const caller = { 'main.yml': deployAndRecover.replace('deploy: { runs-on: x,', 'deploy: { runs-on: x, timeout-minutes: 10,') }
    const run = await runMain({ caller, options: { pace: { timeoutScale: 1 / 2000, graceScale: 0.02 } } })
    expect(results(run)).toEqual({ deploy: 'cancelled', next: 'skipped', recover: 'success' })
    expect(lines(run, 'recover')).toEqual(['recovering after cancelled, now success'])
  })

  it('time-out of a step: the step has failed', async () => {
    const caller = { 'main.yml': deployAndRecover.replace("run: 'echo ready", "timeout-minutes: 1, run: 'echo ready") }
    const run = await runMain({ caller, options: { pace: { timeoutScale: 1 / 200, graceScale: 0.02 } } })
    expect(results(run)).toMatchObject({ deploy: 'failure', recover: 'success' })
    expect(run.annotations[0]?.message).toContain('has timed out after 1 minutes')
  })
})

function action(main: string, post = '') {
  const inputs = { command: {}, token: { default: '${{ github.token }}' }, status: { default: '${{ job.status }}' } }
  const runs = { using: 'node24', main: '../dist/main.cjs', ...(post === '' ? {} : { post: '../dist/post.cjs' }) }
  return { 'action/action.yml': JSON.stringify({ name: 'Tool', inputs, runs }), 'dist/main.cjs': main, 'dist/post.cjs': post }
}

describe('actions in a workflow', () => {

  it('resolve $/ to the repository and commit of the file that says it, and run post last', async () => {
    const run = await runMain({
      caller: { 'main.yml': `on: push\njobs: { call: { uses: sleepwell/tool/.github/workflows/deploy.yml@v1 } }` },
      tool: {
        '.github/workflows/deploy.yml': `
on: workflow_call
jobs:
  deploy:
    runs-on: x
    steps:
      - { id: tool, uses: $/action, with: { command: deploy } }
      - { run: 'echo "output \${{ steps.tool.outputs.who }}"; exit 1' }
      - { if: always(), run: 'echo "\${{ job.workflow_repository }} \${{ job.workflow_sha }} \${{ job.workflow_file_path }} \${{ job.check_run_id }} \${{ github.repository }}"' }
`,
        ...action(
          `require('node:fs').appendFileSync(process.env.GITHUB_OUTPUT, 'who=' + [process.env.INPUT_COMMAND, process.env.INPUT_TOKEN, process.env.INPUT_STATUS].join(' ') + '\\n')
           console.log(process.env.GITHUB_ACTION_REPOSITORY, process.env.GITHUB_ACTION_REF)`,
          `console.log('post sees', process.env.INPUT_STATUS)`,
        ),
      },
    })
    expect(run.errors).toEqual([])
    expect(lines(run, 'call/deploy')).toEqual([
      `sleepwell/tool ${TOOL_SHA}`,
      'output deploy *** success',
      '##[error]Process completed with exit code 1.',
      `sleepwell/tool ${TOOL_SHA} .github/workflows/deploy.yml 5001 ${CALLER}`,
      'post sees failure',
    ])
  })

  it('fail the job when their post fails', async () => {
    const run = await runMain({
      caller: { 'main.yml': `on: push\njobs: { only: { runs-on: x, steps: [{ uses: sleepwell/tool/action@v1 }] } }` },
      tool: action('', 'process.exitCode = 1'),
    })
    expect(results(run)).toEqual({ only: 'failure' })
  })

  it('are refused as bare $/ and when a third-party action is not pinned', async () => {
    const run = await runMain({ caller: { 'main.yml': `on: push\njobs:\n  a: { runs-on: x, steps: [{ uses: $/ }] }\n  b: { runs-on: x, steps: [{ uses: actions/checkout@v5 }] }` } })
    expect(run.annotations.map((each) => each.message)).toEqual([
      expect.stringContaining("Actual '$/'"),
      expect.stringContaining('not pinned to a full commit SHA'),
    ])
  })
})
