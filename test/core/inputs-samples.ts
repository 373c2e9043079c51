import { describeProblem } from '../../src/inputs/problems.ts'
import { parseInputs, type Given, type Parsed } from '../../src/inputs.ts'

export const SHA = '0123456789abcdef0123456789abcdef01234567'
export const VERSION = 'cccccccc-cccc-4ccc-8ccc-cccccccccccc'
export const CLOUDFLARE_TOKEN = 'cf-token-Zx81qP'
export const GITHUB_TOKEN = 'gh-token-Yw72rO'
export const FILE = '.github/sleepwell.yml'

const common = { environment: 'production', 'github-token': GITHUB_TOKEN }
const cloudflare = { 'cloudflare-api-token': CLOUDFLARE_TOKEN, 'cloudflare-account-id': '0123456789abcdef0123456789abcdef' }
const simple = { url: 'https://shop.example.com', 'health-path': '/healthz' }
const gate = { 'test-workflows': '.github/workflows/test.yml' }

/** The least that each command wants. */
export const INPUTS = {
  gate: { command: 'gate', ...common, ...gate },
  build: { command: 'build' },
  deploy: { command: 'deploy', ...common, ...cloudflare, ...simple, ...gate },
  recover: { command: 'recover', ...common, ...cloudflare, ...simple },
  rollback: { command: 'rollback', ...common, ...cloudflare, ...simple, reason: 'checkout is broken' },
  steer: { command: 'steer', ...common, 'cloudflare-account-id': '0123456789abcdef0123456789abcdef', steer: 'pause', reason: 'a look at the graphs first' },
} as const

export const ENV = {
  GITHUB_ACTIONS: 'true',
  GITHUB_WORKSPACE: '/repo',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_EVENT_PATH: '/event.json',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_REPOSITORY_ID: '7',
  GITHUB_RUN_ID: '42',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_SHA: SHA,
  GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/deploy.yml@refs/heads/main',
  GITHUB_ACTOR: 'ada',
  RUNNER_TEMP: '/temp',
} as const

type Texts = Readonly<Record<string, string | undefined>>

export interface Case {
  readonly inputs?: Texts
  readonly env?: Texts
  readonly event?: unknown
  /** Text of sleepwell.yml. */
  readonly file?: string
}

const EVENT = { repository: { id: 7, full_name: 'acme/shop', default_branch: 'main' } }

export function givenFor(command: keyof typeof INPUTS, { inputs, env, event = EVENT, file }: Case = {}): Given {
  const files = new Map([['/event.json', JSON.stringify(event)], ...(file === undefined ? [] : [[`/repo/${FILE}`, file] as const])])
  return { inputs: { ...INPUTS[command], ...inputs }, env: { ...ENV, ...env }, readFile: (path) => files.get(path) }
}

export function parse(command: keyof typeof INPUTS, given: Case = {}): Parsed {
  return parseInputs(givenFor(command, given))
}

/** Every problem, as people see them. */
export function problemsOf(parsed: Parsed): string[] {
  return parsed.kind === 'ok' ? [] : parsed.problems.map(describeProblem)
}
