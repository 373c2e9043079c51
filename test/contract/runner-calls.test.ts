import { describe, expect, it } from 'vitest'
import type { Permissions } from '../../sandbox/runner/permissions.ts'
import { lines, results, runMain, runMainWith, type World } from './runner-fixtures.ts'

/** A caller whose one job `call` calls `deploy.yml` of the tool. */
function calling(job: string, called: string, options: World['options'] = {}): World {
  return {
    caller: { 'main.yml': `on: push\njobs:\n  call:\n    uses: sleepwell/tool/.github/workflows/deploy.yml@${'c'.repeat(40)}\n    ${job}\n` },
    tool: { '.github/workflows/deploy.yml': called },
    options,
  }
}

function inner(who: string): string {
  return `on: workflow_call\njobs: { inside: { runs-on: x, steps: [{ run: echo ${who} }] } }`
}

describe('a called workflow', () => {
  const typed = `
on:
  workflow_call:
    inputs:
      worker: { type: string, required: true }
      minutes: { type: number, default: 20 }
      dry-run: { type: boolean }
    outputs:
      ending: { value: "\${{ jobs.deploy.outputs.ending }}" }
      other: { value: "\${{ jobs.deploy.outputs.other || 'none' }}" }
jobs:
  deploy:
    runs-on: x
    timeout-minutes: \${{ inputs.minutes }}
    outputs: { ending: "\${{ steps.s.outputs.ending }}" }
    steps: [{ id: s, run: 'echo "ending=promoted" >> "$GITHUB_OUTPUT"; echo "\${{ toJSON(inputs) }}" | tr -d "\\n "; echo' }]
`

  it('gets typed inputs with defaults and hands its outputs to the caller', async () => {
    const run = await runMain({
      ...calling('', typed),
      caller: {
        'main.yml': `
on: push
jobs:
  call: { uses: sleepwell/tool/.github/workflows/deploy.yml@v1, with: { Worker: "\${{ github.ref_name }}-api", minutes: "\${{ fromJSON('7') }}" } }
  after: { needs: call, runs-on: x, steps: [{ run: 'echo "\${{ needs.call.outputs.ending }} \${{ needs.call.outputs.other }} \${{ needs.call.result }}"' }] }
`,
      },
    })
    expect(run.errors).toEqual([])
    expect(lines(run, 'call/deploy')).toEqual(['{worker:main-api,minutes:7,dry-run:false}'])
    expect(lines(run, 'after')).toEqual(['promoted none success'])
    expect(run.jobs['call/deploy']?.name).toBe('call / deploy')
  })

  it.each([
    ['with: { minutes: 1 }', 'Input worker is required, but not provided while calling.'],
    ['with: { worker: a, typo: 1 }', 'Invalid input, typo is not defined in the referenced workflow.'],
    ['with: { worker: a, minutes: soon }', `Input minutes: unexpected value '"soon"', expected a number.`],
    ['with: { worker: a }\n    secrets: { TOKEN: x }', 'Invalid secret, TOKEN is not defined in the referenced workflow.'],
  ])('does not start when it is called %j', async (job, error) => {
    const run = await runMain(calling(job, typed))
    expect(run.conclusion).toBe('startup_failure')
    expect(run.errors.join('\n')).toContain(error)
  })

  it('fails when an expression gives an input a value of another type', async () => {
    const run = await runMain(calling(`with: { worker: a, dry-run: "\${{ github.event_name }}" }`, typed))
    expect(run.conclusion).toBe('failure')
    expect(run.annotations[0]?.message).toContain(`Input dry-run: unexpected value '"push"', expected a boolean`)
  })

  it('finds ./ and $/ workflows in its own repository, not in the caller', async () => {
    const run = await runMain({
      caller: { 'main.yml': `on: push\njobs: { call: { uses: sleepwell/tool/.github/workflows/deploy.yml@v1 } }`, 'inner.yml': inner('decoy') },
      tool: {
        '.github/workflows/deploy.yml': `on: workflow_call\njobs: { a: { uses: $/.github/workflows/inner.yml }, b: { uses: ./.github/workflows/inner.yml } }`,
        '.github/workflows/inner.yml': inner('own'),
      },
    })
    expect(lines(run, 'call/a/inside')).toEqual(['own'])
    expect(lines(run, 'call/b/inside')).toEqual(['own'])
  })

  it('does not start when it is not made to be called', async () => {
    const run = await runMain(calling('', 'on: push\njobs: { a: { runs-on: x, steps: [{ run: echo }] } }'))
    expect(run.errors.join()).toContain('workflow_call key is not defined in the referenced workflow')
  })

  it('recovers inside a cancelled run, after the cancelled job', async () => {
    const called = `
on: workflow_call
jobs:
  deploy: { runs-on: x, steps: [{ run: 'echo ready; exec sleep 30' }] }
  recover: { runs-on: x, needs: deploy, if: "always() && needs.deploy.result != 'success'", steps: [{ run: echo recovered }] }
`
    const run = await runMainWith(calling('', called, { pace: { graceScale: 0.02 } }), (handle, line) => line === 'ready' && handle.cancel())
    expect(results(run)).toEqual({ 'call/deploy': 'cancelled', 'call/recover': 'success', call: 'cancelled' })
  })
})

describe('permissions', () => {
  const asking = `
on: workflow_call
jobs:
  deploy: { runs-on: x, permissions: { contents: read, deployments: write }, steps: [{ run: echo }] }
  other: { runs-on: x, steps: [{ run: echo }] }
`

  it('start-up failure when a called job asks for more than the caller grants', async () => {
    const run = await runMain(calling('permissions: { contents: write, deployments: read }', asking))
    expect(run.conclusion).toBe('startup_failure')
    expect(run.errors).toEqual([
      expect.stringContaining("The nested job 'deploy' is requesting 'deployments: write', but is only allowed 'deployments: read'."),
    ])
  })

  it('start-up failure when nobody grants what the repository does not give by default', async () => {
    const run = await runMain(calling('', asking))
    expect(run.errors).toEqual([expect.stringContaining("'deployments: write', but is only allowed 'deployments: none'")])
  })

  it('make each job its own token, with what it asked for or what its caller has', async () => {
    const asked: Record<string, Permissions> = {}
    const tokenFor = ({ job, permissions }: { job: string; permissions: Permissions }) => {
      asked[job] = permissions
      return `ghs_${job}`
    }
    const world = calling('permissions: { contents: write, deployments: write, issues: read }', asking, { tokenFor })
    const run = await runMain(world)
    expect(run.conclusion).toBe('success')
    expect(asked).toEqual({
      'call/deploy': { contents: 'read', deployments: 'write' },
      'call/other': { contents: 'write', deployments: 'write', issues: 'read' },
    })
  })

  it('give the job its token as github.token and as a secret, and hide both', async () => {
    const world = calling('', `on: workflow_call\njobs: { a: { runs-on: x, steps: [{ env: { A: "\${{ github.token }}", B: "\${{ secrets.GITHUB_TOKEN }}" }, run: 'echo "\${A#ghs_} $B"' }] } }`, { tokenFor: () => 'ghs_secret99', masking: false })
    expect(lines(await runMain(world), 'call/a')).toEqual(['secret99 ghs_secret99'])
    expect(lines(await runMain({ ...world, options: { tokenFor: () => 'ghs_secret99' } }), 'call/a')).toEqual(['secret99 ***'])
  })
})

describe('secrets and environments', () => {
  const called = `
on:
  workflow_call:
    secrets: { TOKEN: { required: false } }
jobs:
  deploy:
    runs-on: x
    environment: { name: Production, deployment: false }
    steps: [{ env: { TOKEN: "\${{ secrets.TOKEN }}", EXTRA: "\${{ secrets.EXTRA }}" }, run: 'echo "[$TOKEN] [$EXTRA] [\${{ vars.ACCOUNT }}]"' }]
`
  const environments = { production: { secrets: { TOKEN: 'from-environment', EXTRA: 'extra' }, vars: { ACCOUNT: 'acc' } } }
  const masking = false

  it('a called workflow gets nothing that is not passed: the environment alone leaves the secret empty', async () => {
    const run = await runMain(calling('', called, { environments, masking }))
    expect(lines(run, 'call/deploy')).toEqual(['[] [] [acc]'])
  })

  it('an environment overrides the names that the caller passed, though the caller has no value for them', async () => {
    const run = await runMain(calling('secrets: { TOKEN: "${{ secrets.TOKEN }}" }', called, { environments, masking }))
    expect(lines(run, 'call/deploy')).toEqual(['[from-environment] [] [acc]'])
  })

  it('secrets: inherit passes all, and the environment adds its own', async () => {
    const run = await runMain(calling('secrets: inherit', called, { environments, masking, secrets: { TOKEN: 'repo', OTHER: 'x' } }))
    expect(lines(run, 'call/deploy')).toEqual(['[from-environment] [extra] [acc]'])
  })

  it('a required secret that is not passed is a start-up failure', async () => {
    const run = await runMain(calling('', called.replace('required: false', 'required: true'), { environments }))
    expect(run.errors.join()).toContain('Secret TOKEN is required, but not provided while calling.')
  })

  it('an environment that does not exist has neither secrets nor rules', async () => {
    const run = await runMain(calling('secrets: { TOKEN: "${{ secrets.TOKEN }}" }', called, { masking, secrets: { TOKEN: 'repo' } }))
    expect(lines(run, 'call/deploy')).toEqual(['[repo] [] []'])
  })

  it('reviewers are asked first, and a rejection fails the job before it starts', async () => {
    const asked: string[] = []
    const approve = async (job: string) => asked.push(job) < 0
    const run = await runMain(calling('', called, { environments: { production: { approve } } }))
    expect(asked).toEqual(['call/deploy'])
    expect(results(run)).toMatchObject({ 'call/deploy': 'failure' })
    expect(run.annotations[0]?.message).toBe('The deployment to Production was rejected')
  })

  it('a custom protection rule and deployment: false do not go together', async () => {
    const run = await runMain(calling('', called, { environments: { production: { customProtectionRule: true } } }))
    expect(run.annotations[0]?.message).toContain('custom protection rule')
  })

  it('an environment without deployment: false makes a deployment of its own', async () => {
    const deployments: unknown[] = []
    const world = calling('', called.replace(', deployment: false', ''), { environments, onDeployment: (each) => deployments.push(each) })
    expect((await runMain(world)).conclusion).toBe('success')
    expect(deployments).toEqual([{ environment: 'Production', job: 'call/deploy' }])
  })
})
