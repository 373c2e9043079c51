import { describe, expect, it } from 'vitest'
import { parseInputs, readJobStatus } from '../../src/inputs.ts'
import type { Config } from '../../src/inputs/config.ts'
import { CLOUDFLARE_TOKEN, ENV, FILE, GITHUB_TOKEN, givenFor, parse, problemsOf, SHA, VERSION, type Case, type INPUTS } from './inputs-samples.ts'

function configOf(command: keyof typeof INPUTS, given: Case = {}): Config {
  const parsed = parse(command, given)
  if (parsed.kind === 'bad') throw new Error(problemsOf(parsed).join('\n'))
  return parsed.config
}

const GITHUB = {
  token: GITHUB_TOKEN,
  apiUrl: 'https://api.github.com',
  serverUrl: 'https://github.com',
  owner: 'acme',
  repo: 'shop',
  repositoryId: 7,
  runId: 42,
  runAttempt: 2,
  callerWorkflow: '.github/workflows/deploy.yml',
  eventName: 'push',
  defaultBranch: 'main',
}

const SIMPLE_CHECK = {
  kind: 'http',
  name: 'health',
  method: 'GET',
  path: '/healthz',
  expect: { status: [200] },
  proof: { kind: 'header', name: 'x-version-id' },
}

const CLOUDFLARE = { apiToken: CLOUDFLARE_TOKEN, accountId: '0123456789abcdef0123456789abcdef', apiBaseUrl: 'https://api.cloudflare.com/client/v4' }

describe('each command, with the least that it wants', () => {
  it('gate: knows whose verdict to wait for, and for how long', () => {
    expect(configOf('gate')).toEqual({
      command: 'gate',
      github: GITHUB,
      place: { workspace: '/repo', workingDirectory: '/repo' },
      temporaryDirectory: '/temp',
      environment: 'production',
      sha: SHA,
      gate: { kind: 'workflows', workflows: [{ path: '.github/workflows/test.yml', events: ['push', 'merge_group'], requiredJobs: [] }] },
      timeoutMinutes: 30,
      discoveryTimeoutMinutes: 10,
    })
  })

  it('build: wants nothing, and no token', () => {
    expect(configOf('build', { inputs: { 'github-token': '' } })).toMatchObject({ command: 'build', buildSecrets: {}, place: { workingDirectory: '/repo' } })
  })

  it('deploy: chooses the safe side of each policy', () => {
    const config = configOf('deploy')
    expect(config).toMatchObject({
      command: 'deploy',
      dryRun: false,
      sha: SHA,
      cloudflare: CLOUDFLARE,
      checks: { baseUrl: new URL('https://shop.example.com'), specs: [SIMPLE_CHECK] },
      drift: 'warn',
      triggers: 'apply',
      releaseHold: false,
      freeze: [],
      actor: 'ada',
    })
    for (const absent of ['fullDeployReason', 'freezeOverride', 'build', 'expectedWorker', 'wranglerDirectory']) expect(config).not.toHaveProperty(absent)
  })

  it('recover: knows how to check what it puts back', () => {
    expect(configOf('recover')).toMatchObject({ command: 'recover', dryRun: false, cloudflare: CLOUDFLARE, checks: { specs: [SIMPLE_CHECK] } })
  })

  it('rollback: goes to the last known good version, in the name of who asked', () => {
    expect(configOf('rollback')).toMatchObject({ command: 'rollback', reason: 'checkout is broken', target: { kind: 'known-good' }, release: false, holdHours: 72, actor: 'ada' })
  })

  it('steer: knows what to say in whose name, and takes no token for Cloudflare', () => {
    const config = configOf('steer')
    expect(config).toMatchObject({ command: 'steer', steering: 'pause', dryRun: false, reason: 'a look at the graphs first', actor: 'ada', accountId: CLOUDFLARE.accountId })
    for (const absent of ['cloudflare', 'checks']) expect(config).not.toHaveProperty(absent)
  })
})

describe('each command, with more', () => {
  it('deploy: takes everything that the workflow passes on', () => {
    const inputs = {
      'dry-run': 'true',
      worker: 'shop',
      'build-directory': '/temp/sleepwell-build',
      'build-digest': 'ab'.repeat(32),
      'working-directory': 'workers/shop',
      'wrangler-config': 'wrangler.production.jsonc',
      'wrangler-environment': 'eu',
      gate: 'needs',
      'required-jobs': ' unit \n\nend to end\n',
      drift: 'refuse',
      triggers: 'skip',
      'full-deploy': 'allow',
      'full-deploy-reason': 'the first one',
      'release-hold': 'TRUE',
      'freeze-override': 'a security fix',
      'cloudflare-api-base-url': 'http://127.0.0.1:8787/client/v4/',
    }
    expect(configOf('deploy', { inputs, env: { GITHUB_EVENT_NAME: 'workflow_dispatch' } })).toMatchObject({
      dryRun: true,
      expectedWorker: 'shop',
      build: { directory: '/temp/sleepwell-build', digest: 'ab'.repeat(32) },
      place: { workingDirectory: '/repo/workers/shop', wranglerConfig: 'wrangler.production.jsonc', wranglerEnvironment: 'eu' },
      gate: { kind: 'needs', jobs: ['unit', 'end to end'] },
      drift: 'refuse',
      triggers: 'skip',
      fullDeployReason: 'the first one',
      releaseHold: true,
      freezeOverride: 'a security fix',
      cloudflare: { apiBaseUrl: 'http://127.0.0.1:8787/client/v4' },
    })
  })

  it('build: hands secrets to the caller\'s own commands, whatever they hold, and has them masked', () => {
    const given: Case = { inputs: { 'build-command': 'npm run build' }, env: { BUILD_SECRETS: 'NPM_TOKEN=abc=def==\n\nEMPTY=\n' } }
    expect(configOf('build', given)).toMatchObject({ buildCommand: 'npm run build', buildSecrets: { NPM_TOKEN: 'abc=def==', EMPTY: '' } })
    expect(parse('build', given).secrets).toContain('abc=def==')
  })

  it('rollback: goes to a version or a commit that a person names', () => {
    expect(configOf('rollback', { inputs: { version: VERSION } })).toMatchObject({ target: { kind: 'version', versionId: VERSION } })
    expect(configOf('rollback', { inputs: { commit: SHA } })).toMatchObject({ target: { kind: 'commit', sha: SHA } })
  })

  it('rollback: holds for so many hours, or until somebody releases it', () => {
    expect(configOf('rollback', { inputs: { 'hold-hours': '1.5' } })).toMatchObject({ holdHours: 1.5 })
    expect(configOf('rollback', { inputs: { 'hold-hours': '0' } })).not.toHaveProperty('holdHours')
  })

  it('deploy: reads freezes of both kinds, the environment\'s own over the common ones', () => {
    const weekly = 'freeze: [{ reason: weekend, timeZone: Europe/Berlin, days: [fri], from: "16:00", to: "08:00" }]'
    const once = 'environments: { production: { freeze: [{ reason: the sale, timeZone: UTC, from: 2026-11-27T00:00, to: 2026-12-01T00:00 }] } }'
    expect(configOf('deploy', { file: weekly })).toMatchObject({ freeze: [{ kind: 'weekly', reason: 'weekend', timeZone: 'Europe/Berlin', days: ['fri'], from: '16:00', to: '08:00' }] })
    expect(configOf('deploy', { file: `${weekly}\n${once}` })).toMatchObject({ freeze: [{ kind: 'range', reason: 'the sale', timeZone: 'UTC', from: '2026-11-27T00:00', to: '2026-12-01T00:00' }] })
  })

  it('rollback: names who pressed the button, not who made the run first', () => {
    expect(configOf('rollback', { env: { GITHUB_TRIGGERING_ACTOR: 'grace' } })).toMatchObject({ actor: 'grace' })
  })

  it('takes the tested commit of a workflow_run before the one that the run itself is on', () => {
    const tested = 'f'.repeat(40)
    const repository = { id: 7, full_name: 'acme/shop', default_branch: 'main' }
    const event = { repository, workflow_run: { head_sha: tested, event: 'push', conclusion: 'success', head_repository: { full_name: 'acme/shop' } } }
    expect(configOf('deploy', { env: { GITHUB_EVENT_NAME: 'workflow_run' }, event })).toMatchObject({ sha: tested })
    expect(configOf('deploy', { env: { GITHUB_EVENT_NAME: 'workflow_run' }, event, inputs: { sha: SHA } })).toMatchObject({ sha: SHA })
  })

  it('takes an event that is no JSON for one that says nothing', () => {
    const { inputs, env } = givenFor('deploy')
    const parsed = parseInputs({ inputs, env, readFile: (path) => (path === ENV.GITHUB_EVENT_PATH ? 'not json' : undefined) })
    expect(parsed.kind).toBe('ok')
  })

  it('hands back every token to be masked, even when something else is wrong', () => {
    expect(parse('deploy').secrets).toEqual([CLOUDFLARE_TOKEN, GITHUB_TOKEN])
    expect(parse('deploy', { inputs: { drift: 'no' } }).secrets).toEqual([CLOUDFLARE_TOKEN, GITHUB_TOKEN])
  })
})

const WHOLE_FILE = `
url: https://shop.example.com
proof: { json: version.id }
drift: refuse
triggers: skip
gate:
  workflows:
    - path: .github/workflows/ci.yml
      jobs: [unit]
checks:
  - name: health
    kind: http
    path: /healthz
  - name: cart
    kind: http
    path: /cart?probe=1
    method: POST
    headers: { content-type: application/json }
    body: '{}'
    proof: none
    timeoutSeconds: 5
    deadlineSeconds: 30
    expect:
      status: [200, 201]
      headers: { content-type: application/json }
      text: total
      matches: total":\\d{1,3}
      json:
        - { path: 'items[0].name', equals: tea }
        - { path: total, type: number, min: 0 }
`

const fromFile = { url: '', 'health-path': '', 'test-workflows': '' }

describe('sleepwell.yml', () => {
  it('says everything that the inputs leave open', () => {
    expect(configOf('deploy', { inputs: fromFile, file: WHOLE_FILE })).toMatchObject({
      checks: {
        baseUrl: new URL('https://shop.example.com'),
        specs: [
          { name: 'health', method: 'GET', proof: { kind: 'json', path: 'version.id' }, expect: { status: [200] }, timeoutSeconds: 10, deadlineSeconds: 60 },
          {
            name: 'cart',
            method: 'POST',
            body: '{}',
            proof: { kind: 'none' },
            timeoutSeconds: 5,
            deadlineSeconds: 30,
            expect: { status: [200, 201], text: 'total', matches: 'total":\\d{1,3}', json: [{ path: 'items[0].name', equals: 'tea' }, { path: 'total', type: 'number', min: 0 }] },
          },
        ],
      },
      gate: { kind: 'workflows', workflows: [{ path: '.github/workflows/ci.yml', events: ['push'], requiredJobs: ['unit'] }] },
      drift: 'refuse',
      triggers: 'skip',
    })
  })

  it('gives way to an input', () => {
    const inputs = { ...fromFile, url: 'https://other.example.com', 'health-path': '/up', drift: 'warn', triggers: 'apply', 'test-workflows': '.github/workflows/all.yml' }
    expect(configOf('deploy', { inputs, file: WHOLE_FILE })).toMatchObject({
      checks: { baseUrl: new URL('https://other.example.com'), specs: [{ path: '/up' }] },
      gate: { workflows: [{ path: '.github/workflows/all.yml' }] },
      drift: 'warn',
      triggers: 'apply',
    })
  })

  it('puts an environment\'s keys over the common ones, each as a whole', () => {
    const file = `
url: https://shop.example.com
drift: warn
checks: [{ name: a, kind: http, path: /a }, { name: b, kind: http, path: /b }]
environments:
  staging: { url: https://staging.example.com, checks: [{ name: c, kind: http, path: /c }] }
`
    const inputs = { url: '', 'health-path': '' }
    expect(configOf('deploy', { inputs: { ...inputs, environment: 'staging' }, file })).toMatchObject({
      checks: { baseUrl: new URL('https://staging.example.com'), specs: [{ name: 'c' }] },
      drift: 'warn',
    })
    expect(configOf('deploy', { inputs, file })).toMatchObject({ checks: { baseUrl: new URL('https://shop.example.com'), specs: [{ name: 'a' }, { name: 'b' }] } })
  })

  it('may use anchors and aliases', () => {
    const file = `
url: &shop https://shop.example.com
checks: &checks [{ name: a, kind: http, path: /a }]
environments:
  staging: { url: *shop, checks: *checks }
`
    expect(configOf('deploy', { inputs: { ...fromFile, environment: 'staging', 'test-workflows': '.github/workflows/t.yml' }, file })).toMatchObject({ checks: { specs: [{ name: 'a' }] } })
  })

  it('says where a mistake behind an alias is used', () => {
    const file = 'url: https://a.example.com\nchecks: [{ name: &n 3, kind: http, path: *n }]'
    expect(problemsOf(parse('deploy', { inputs: { 'health-path': '' }, file }))).toEqual([
      `${FILE}:2:21: \`checks.0.name\` is 3; expected text.`,
      `${FILE}:2:42: \`checks.0.path\` is *n, which is 3; expected text.`,
    ])
  })

  it('may be empty, and may be absent where it is looked for by default', () => {
    expect(configOf('deploy', { file: '' })).toMatchObject({ drift: 'warn' })
    expect(configOf('deploy', { file: '# nothing yet\n' })).toMatchObject({ drift: 'warn' })
    expect(configOf('deploy')).toMatchObject({ drift: 'warn' })
  })
})

describe('variables in sleepwell.yml', () => {
  const file = `
url: https://\${HOST}
checks:
  - { name: a, kind: http, path: '/\${HOST}', headers: { authorization: 'Bearer \${secret:HEALTH_TOKEN}' } }
environments:
  staging: { url: 'https://\${STAGING_HOST}' }
`
  const env = { HOST: 'shop.example.com', HEALTH_TOKEN: 'planted-3f9a' }
  const inputs = { url: '', 'health-path': '' }

  it('are put in, and a secret is handed back to be masked', () => {
    const parsed = parse('deploy', { inputs, env, file })
    expect(parsed.kind === 'ok' && parsed.config).toMatchObject({
      checks: { baseUrl: new URL('https://shop.example.com'), specs: [{ path: '/shop.example.com', headers: { authorization: 'Bearer planted-3f9a' } }] },
    })
    expect(parsed.secrets).toEqual([CLOUDFLARE_TOKEN, GITHUB_TOKEN, 'planted-3f9a'])
  })

  it('need not be set for another environment', () => {
    expect(problemsOf(parse('deploy', { inputs, env, file }))).toEqual([])
    expect(problemsOf(parse('deploy', { inputs: { ...inputs, environment: 'staging' }, env, file }))).toEqual([
      `${FILE}:6:19: the variable STAGING_HOST is empty or not set; set it in the step's \`env:\`.`,
    ])
  })

  it('need not be set for the gate, which runs no check', () => {
    expect(problemsOf(parse('gate', { file }))).toEqual([])
  })

  it('never become structure: what they hold stays text', () => {
    const parsed = parse('deploy', { inputs, env: { ...env, HOST: 'a.example.com/x?y: [1, 2]#z' }, file })
    expect(problemsOf(parsed)).toEqual([`${FILE}:4:34: \`checks.0.path\` is "/\${HOST}" with its variables put in; expected a path that begins with one slash and holds no blanks, such as /healthz.`])
  })
})

describe('the status of the job', () => {
  it.each(['success', 'failure', 'cancelled'])('is read as the runner gives it: %s', (status) => {
    expect(readJobStatus({ 'job-status': status })).toBe(status)
  })

  it.each([undefined, '', 'Cancelled', 'skipped'])('is unknown when it is %j', (status) => {
    expect(readJobStatus({ 'job-status': status })).toBeUndefined()
  })
})
