import { describe, expect, it } from 'vitest'
import { CLOUDFLARE_TOKEN, GITHUB_TOKEN, givenFor, parse, problemsOf, type Case, type INPUTS } from './inputs-samples.ts'
import { parseInputs } from '../../src/inputs.ts'

type Row = readonly [what: string, command: keyof typeof INPUTS, given: Case, problems: readonly string[]]

/** What is wrong, what differs from a good call of the command, and every problem in full. */
const MALFORMED: readonly Row[] = [
  ['no command', 'deploy', { inputs: { command: '' } }, ['input "command": is empty; allowed: gate, build, deploy, rollback, recover, check, steer.']],
  ['an unknown command', 'deploy', { inputs: { command: 'destroy' } }, ['input "command": is "destroy"; allowed: gate, build, deploy, rollback, recover, check, steer.']],
  ['no environment', 'deploy', { inputs: { environment: ' ' } }, ['input "environment": is empty. Name the GitHub environment, for example production.']],
  ['an environment of two lines', 'deploy', { inputs: { environment: 'a\nb' } }, ['input "environment": is "a\\nb"; allowed: one line of at most 255 characters.']],
  ['a branch for a commit', 'deploy', { inputs: { sha: 'main' } }, ['input "sha": is "main"; allowed: a full commit id (40 lower-case hexadecimal digits), never a branch.']],
  ['a short commit', 'gate', { inputs: { sha: '0123456' } }, ['input "sha": is "0123456"; allowed: a full commit id (40 lower-case hexadecimal digits), never a branch.']],
  ['a commit in capitals', 'gate', { inputs: { sha: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' } }, ['input "sha": is "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"; allowed: a full commit id (40 lower-case hexadecimal digits), never a branch.']],
  ['no commit anywhere', 'gate', { env: { GITHUB_SHA: undefined } }, ['input "sha": is ""; allowed: a full commit id (40 lower-case hexadecimal digits), never a branch.']],
  ['a boolean in words', 'deploy', { inputs: { 'dry-run': 'yes' } }, ['input "dry-run": is "yes"; allowed: true, false.']],
  ['a number for a boolean', 'deploy', { inputs: { 'release-hold': '1' } }, ['input "release-hold": is "1"; allowed: true, false.']],
  ['an unknown gate', 'deploy', { inputs: { gate: 'none' } }, ['input "gate": is "none"; allowed: workflows, needs.']],
  ['needs without jobs', 'deploy', { inputs: { gate: 'needs' } }, ['input "required-jobs": is empty, but the gate is "needs". Name the test jobs of this workflow, one a line.']],
  ['no test workflow', 'gate', { inputs: { 'test-workflows': '' } }, ['input "test-workflows": is empty, and the file names no `gate.workflows`. Name the workflow whose success lets a commit deploy.']],
  ['a test workflow that is no path', 'gate', { inputs: { 'test-workflows': '.github/workflows/test.yml\ntest.yml' } }, ['input "test-workflows": is "test.yml"; allowed: paths such as .github/workflows/test.yml, one a line.']],
  ['minutes with a unit', 'gate', { inputs: { 'gate-timeout-minutes': '30m' } }, ['input "gate-timeout-minutes": is "30m"; allowed: a number of minutes from 0.05 to 120.']],
  ['minutes below zero', 'gate', { inputs: { 'gate-timeout-minutes': '-1' } }, ['input "gate-timeout-minutes": is "-1"; allowed: a number of minutes from 0.05 to 120.']],
  ['too many minutes', 'gate', { inputs: { 'discovery-timeout-minutes': '121' } }, ['input "discovery-timeout-minutes": is "121"; allowed: a number of minutes from 0.05 to 120.']],
  ['a folder outside the repository', 'build', { inputs: { 'working-directory': '../other' } }, ['input "working-directory": is "../other", which leads out of the repository; allowed: a folder inside it.']],
  ['an absolute folder', 'build', { inputs: { 'working-directory': '/etc' } }, ['input "working-directory": is "/etc", which leads out of the repository; allowed: a folder inside it.']],
  ['a wrangler configuration outside the repository', 'build', { inputs: { 'wrangler-config': '../../x.jsonc' } }, ['input "wrangler-config": is "../../x.jsonc", which leads out of the repository; allowed: a file inside it.']],
  ['a configuration that is not there', 'deploy', { inputs: { config: 'deploy/sleepwell.yml' } }, ['input "config": names "deploy/sleepwell.yml", which is not there; give a path from the repository\'s root.']],
  ['a configuration outside the repository', 'deploy', { inputs: { config: '../sleepwell.yml' } }, ['input "config": is "../sleepwell.yml", which leads out of the repository; allowed: a file inside it.']],
  ['an empty Cloudflare token', 'deploy', { inputs: { 'cloudflare-api-token': '' } }, ['input "cloudflare-api-token": is empty. In a called workflow an environment\'s secret arrives only when the caller maps it by name: `secrets: CLOUDFLARE_API_TOKEN: ${{ secrets.CLOUDFLARE_API_TOKEN }}`. A mistyped environment is created on the spot, without secrets.']],
  ['no account', 'deploy', { inputs: { 'cloudflare-account-id': '' } }, ['input "cloudflare-account-id": is empty. Pass it from a variable: ${{ vars.CLOUDFLARE_ACCOUNT_ID }}.']],
  ['the token pasted as the account', 'deploy', { inputs: { 'cloudflare-account-id': 'v1.0-abcdefghijklmnopqrstuvwxyz0123456789ABCD' } }, ['input "cloudflare-account-id": has 45 characters that are not shown; allowed: 32 lower-case hexadecimal digits.']],
  ['an API base without TLS', 'deploy', { inputs: { 'cloudflare-api-base-url': 'http://api.example.com' } }, ['input "cloudflare-api-base-url": is "http://api.example.com"; allowed: https (http only on this machine).']],
  ['an API base with a password', 'deploy', { inputs: { 'cloudflare-api-base-url': 'http://ada:hunter22@api.example.com' } }, ['input "cloudflare-api-base-url": holds a user name or a password; leave them out.']],
  ['no GitHub token', 'gate', { inputs: { 'github-token': '' } }, ['input "github-token": is empty. Leave it out, and it is the token of the job.']],
  ['no address', 'deploy', { inputs: { url: '' } }, ['input "url": is empty, and the file gives no `url`. Say where the Worker answers in production.']],
  ['half an address', 'deploy', { inputs: { url: 'shop.example.com' } }, ['input "url": is "shop.example.com"; allowed: an absolute URL such as https://shop.example.com.']],
  ['no check at all', 'deploy', { inputs: { 'health-path': '' } }, ['input "health-path": is empty, and the file declares no `checks`. A deploy that nothing checks is not safe: declare at least one.']],
  ['a health path without a slash', 'deploy', { inputs: { 'health-path': 'healthz' } }, ['input "health-path": is "healthz"; allowed: a path that begins with one slash and holds no blanks, such as /healthz.']],
  ['a health path that leads to another host', 'deploy', { inputs: { 'health-path': '//evil.example.com/' } }, ['input "health-path": is "//evil.example.com/"; allowed: a path that begins with one slash and holds no blanks, such as /healthz.']],
  ['a health path with a backslash', 'deploy', { inputs: { 'health-path': '/\\evil.example.com/' } }, ['input "health-path": is "/\\\\evil.example.com/"; allowed: a path that begins with one slash and holds no blanks, such as /healthz.']],
  ['a build without its digest', 'deploy', { inputs: { 'build-directory': '/temp/build' } }, ['input "build-digest": is empty, but input "build-directory" is given. Pass the digest that the build command gave.']],
  ['a digest that is none', 'deploy', { inputs: { 'build-digest': 'abc' } }, ['input "build-digest": is "abc"; allowed: 64 hexadecimal digits.']],
  ['an unknown drift policy', 'deploy', { inputs: { drift: 'ignore' } }, ['input "drift": is "ignore"; allowed: warn, refuse.']],
  ['an unknown trigger policy', 'deploy', { inputs: { triggers: 'maybe' } }, ['input "triggers": is "maybe"; allowed: apply, skip.']],
  ['a full deploy on push', 'deploy', { inputs: { 'full-deploy': 'allow', 'full-deploy-reason': 'first' } }, ['input "full-deploy": is "allow" on the event push; only a person may allow it (workflow_dispatch).']],
  ['a full deploy without a reason', 'deploy', { inputs: { 'full-deploy': 'allow' }, env: { GITHUB_EVENT_NAME: 'workflow_dispatch' } }, ['input "full-deploy-reason": is empty. A full deploy has no way back: say why it is right this time.']],
  ['an unknown full-deploy policy', 'deploy', { inputs: { 'full-deploy': 'true' } }, ['input "full-deploy": is "true"; allowed: refuse, allow.']],
  ['a freeze overridden by a workflow', 'deploy', { inputs: { 'freeze-override': 'always' } }, ['input "freeze-override": is given on the event push; only a person may override a freeze (workflow_dispatch).']],
  ['a hold of days', 'rollback', { inputs: { 'hold-hours': '3d' } }, ['input "hold-hours": is "3d"; allowed: a number of hours from 0 to 8760.']],
  ['a hold of years', 'rollback', { inputs: { 'hold-hours': '9000' } }, ['input "hold-hours": is "9000"; allowed: a number of hours from 0 to 8760.']],
  ['a rollback without a reason', 'rollback', { inputs: { reason: '' } }, ['input "reason": is empty. Say why production goes back; it goes into the hold and the record.']],
  ['a version that is none', 'rollback', { inputs: { version: 'latest' } }, ['input "version": is "latest"; allowed: a version id (a UUID).']],
  ['a short commit to go back to', 'rollback', { inputs: { commit: '0123456' } }, ['input "commit": is "0123456"; allowed: a full commit id (40 hexadecimal digits).']],
  ['a version and a commit', 'rollback', { inputs: { version: 'cccccccc-cccc-4ccc-8ccc-cccccccccccc', commit: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' } }, ['input "commit": is given beside input "version"; give one of them.']],
  ['nothing to say', 'steer', { inputs: { steer: '' } }, ['input "steer": is empty; allowed: pause, resume, promote, abort, approve.']],
  ['an unknown word', 'steer', { inputs: { steer: 'stop' } }, ['input "steer": is "stop"; allowed: pause, resume, promote, abort, approve.']],
  ['a word without a reason', 'steer', { inputs: { reason: '' } }, ['input "reason": is empty. Say why; it goes into the record.']],
  ['the token pasted as the account to steer', 'steer', { inputs: { 'cloudflare-account-id': 'v1.0-abc' } }, ['input "cloudflare-account-id": has 8 characters that are not shown; allowed: 32 lower-case hexadecimal digits.']],
  ['a laptop', 'deploy', { env: { GITHUB_ACTIONS: undefined } }, ['the environment: is not GitHub Actions. Deploys come from CI only, so that each has a gate, a lock and a record.']],
  ['a pull request', 'deploy', { env: { GITHUB_EVENT_NAME: 'pull_request' } }, ['the event: is pull_request: a pull request is not production\'s code yet. Deploy on push to the default branch or after the test workflow (workflow_run).']],
  ['a pull request with secrets', 'deploy', { env: { GITHUB_EVENT_NAME: 'pull_request_target' } }, ['the event: is pull_request_target: a pull request is not production\'s code yet. Deploy on push to the default branch or after the test workflow (workflow_run).']],
  ['a build secret without a value', 'build', { env: { BUILD_SECRETS: 'A=1\nhunter22hunter22' } }, ['BUILD_SECRETS, line 2: is not NAME=value; allowed: one such pair a line, the name of letters, digits and underscores.']],
]

describe('inputs', () => {
  it.each(MALFORMED)('with %s are refused with what was seen and what to do (%s)', (_what, command, given, problems) => {
    expect(problemsOf(parse(command, given))).toEqual(problems)
  })

  it.each(MALFORMED)('with %s never show a token, and nothing but files is read (%s)', (_what, command, given) => {
    const paths: string[] = []
    const all = givenFor(command, given)
    const text = problemsOf(parseInputs({ ...all, readFile: (path) => (paths.push(path), all.readFile(path)) })).join('\n')
    for (const secret of [CLOUDFLARE_TOKEN, GITHUB_TOKEN, 'hunter22']) expect(text).not.toContain(secret)
    expect(paths.every((path) => path === '/event.json' || path.endsWith('sleepwell.yml'))).toBe(true)
  })

  it('hide a token that somebody put into another input', () => {
    const [problem] = problemsOf(parse('deploy', { inputs: { drift: CLOUDFLARE_TOKEN } }))
    expect(problem).toBe('input "drift": is "***"; allowed: warn, refuse.')
  })

  it('report everything at once', () => {
    const problems = problemsOf(parse('deploy', { inputs: { environment: '', sha: 'main', drift: 'no', 'cloudflare-api-token': '' } }))
    expect(problems).toHaveLength(4)
  })

  it('give a missing token a code of its own', () => {
    const parsed = parse('deploy', { inputs: { 'cloudflare-api-token': ' ' } })
    expect(parsed.kind === 'bad' && parsed.problems.map(({ code }) => code)).toEqual(['token-missing'])
  })
})

const run = (over: object) => ({
  repository: { id: 7, full_name: 'acme/shop', default_branch: 'main' },
  workflow_run: { head_sha: 'f'.repeat(40), event: 'push', conclusion: 'success', head_repository: { full_name: 'acme/shop' }, ...over },
})
const codesOf = (event: unknown) => {
  const parsed = parse('deploy', { env: { GITHUB_EVENT_NAME: 'workflow_run' }, event })
  return parsed.kind === 'bad' ? parsed.problems.map(({ code }) => code) : []
}

describe('the event', () => {
  it('may be a test run of a push to this repository', () => {
    expect(codesOf(run({}))).toEqual([])
  })

  it.each([
    ['of a fork', { head_repository: { full_name: 'mallory/shop' } }],
    ['of a fork that is gone', { head_repository: null }],
    ['of a pull request', { event: 'pull_request' }],
    ['of a pull request with secrets', { event: 'pull_request_target' }],
  ])('is refused when it is a test run %s', (_what, over) => {
    expect(codesOf(run(over))).toEqual(['fork-run'])
  })

  it('says whose run it was', () => {
    const parsed = parse('deploy', { env: { GITHUB_EVENT_NAME: 'workflow_run' }, event: run({ head_repository: { full_name: 'mallory/shop' } }) })
    expect(problemsOf(parsed)).toEqual(['the event: is a workflow_run of mallory/shop on push: only a push to this repository may deploy.'])
  })
})
