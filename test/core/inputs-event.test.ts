import { describe, expect, it } from 'vitest'
import { parse, problemsOf } from './inputs-samples.ts'

const UNREADABLE = ['the event: is a workflow_run whose payload (GITHUB_EVENT_PATH) cannot be read, so it is not known whose run it was.']
const onWorkflowRun = (event: unknown) => problemsOf(parse('deploy', { env: { GITHUB_EVENT_NAME: 'workflow_run' }, event }))
const repository = { id: 7, full_name: 'acme/shop', default_branch: 'main' }
const run = { head_sha: 'f'.repeat(40), event: 'push', conclusion: 'success', head_repository: { full_name: 'acme/shop' } }

describe('a deploy after a test run', () => {
  it.each([
    ['holds no run', { repository }],
    ['does not say which repository it is of', { workflow_run: { ...run, head_repository: null } }],
    ['is not of the expected shape', { repository, workflow_run: { ...run, head_sha: 7 } }],
    ['is no map', 'mallory'],
  ])('is refused when the payload %s: not knowing whose run it was is no licence', (_what, event) => {
    expect(onWorkflowRun(event)).toEqual(UNREADABLE)
  })

  it('is refused when there is no payload at all', () => {
    expect(problemsOf(parse('deploy', { env: { GITHUB_EVENT_NAME: 'workflow_run', GITHUB_EVENT_PATH: '' } }))).toEqual(UNREADABLE)
  })

  it('takes the tested commit, not the tip of the default branch that GITHUB_SHA names', () => {
    const parsed = parse('deploy', { env: { GITHUB_EVENT_NAME: 'workflow_run' }, event: { repository, workflow_run: run } })
    expect(parsed.kind === 'ok' && parsed.config.command === 'deploy' && parsed.config.sha).toBe('f'.repeat(40))
  })
})
