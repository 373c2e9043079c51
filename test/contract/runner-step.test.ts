import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createInterrupts } from '../../sandbox/runner/interrupts.ts'
import { createMachine } from '../../sandbox/runner/machine.ts'
import { runStep } from '../../sandbox/runner/step.ts'

const fixtures = mkdtempSync(join(tmpdir(), 'sleepwell-fixtures-'))
afterAll(() => rmSync(fixtures, { recursive: true, force: true }))
let count = 0

/** An action whose main and post are the given programs (CommonJS), with `fs` and a `put` for the command files. */
function action(main: string, post?: string, inputs: Record<string, string | null> = {}): string {
  count += 1
  const folder = join(fixtures, `action-${count}`)
  mkdirSync(folder, { recursive: true })
  const prelude = `const fs = require('node:fs'); const put = (file, text) => fs.appendFileSync(process.env['GITHUB_' + file], text + '\\n');\n`
  writeFileSync(join(folder, 'main.cjs'), prelude + main)
  if (post !== undefined) writeFileSync(join(folder, 'post.cjs'), prelude + post)
  const runs = { using: 'node24', main: 'main.cjs', ...(post === undefined ? {} : { post: 'post.cjs' }) }
  const declared = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, value === null ? {} : { default: value }]),
  )
  writeFileSync(join(folder, 'action.yml'), JSON.stringify({ name: 'Fixture', inputs: declared, runs }))
  return folder
}

const quick = { graceScale: 0.02 }

describe('one action step', () => {
  it('gives inputs as upper-case variables that keep their hyphens, defaults evaluated as expressions', async () => {
    const folder = action(
      `put('OUTPUT', 'seen=' + JSON.stringify(Object.fromEntries(Object.entries(process.env).filter(([k]) => k.startsWith('INPUT_')))))`,
      undefined,
      { 'dry-run': 'false', 'github-token': '${{ github.token }}', note: 'run ${{ github.run_id }} of ${{ github.repository }}', empty: null },
    )
    const step = await runStep({ actionDirectory: folder, inputs: { 'Dry-Run': 'true' }, github: { token: 'ghs_abc', runId: 7 } })
    expect(JSON.parse(step.outputs['seen'] ?? '')).toEqual({
      'INPUT_DRY-RUN': 'true',
      'INPUT_GITHUB-TOKEN': 'ghs_abc',
      INPUT_NOTE: 'run 7 of acme/shop',
      INPUT_EMPTY: '',
    })
  })

  it('warns of an input that the action does not declare', async () => {
    const step = await runStep({ actionDirectory: action(''), inputs: { typo: 'x' } })
    expect(step.annotations).toMatchObject([{ level: 'warning', message: expect.stringContaining("Unexpected input(s) 'typo'") }])
    expect(step.outcome).toBe('success')
  })

  it('starts from an empty environment with the variables of a hosted runner', async () => {
    process.env['SANDBOX_LEAK'] = 'leaked'
    const folder = action(`put('OUTPUT', 'env=' + JSON.stringify(process.env)); put('OUTPUT', 'cwd=' + process.cwd())`)
    const step = await runStep({
      actionDirectory: folder,
      env: { FROM_STEP: 'yes' },
      github: { repository: 'acme/api', apiUrl: 'http://127.0.0.1:9', runAttempt: 3, eventName: 'workflow_run', event: { action: 'completed' } },
      actionRepository: 'sleepwell/sleepwell',
      actionRef: 'f'.repeat(40),
    })
    delete process.env['SANDBOX_LEAK']
    const env: unknown = JSON.parse(step.outputs['env'] ?? '')
    expect(env).not.toHaveProperty('SANDBOX_LEAK')
    expect(env).not.toHaveProperty('GITHUB_TOKEN')
    expect(env).toMatchObject({
      FROM_STEP: 'yes',
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: 'acme/api',
      GITHUB_API_URL: 'http://127.0.0.1:9',
      GITHUB_RUN_ATTEMPT: '3',
      GITHUB_EVENT_NAME: 'workflow_run',
      GITHUB_WORKFLOW_REF: 'acme/api/.github/workflows/deploy.yml@refs/heads/main',
      GITHUB_ACTION_REPOSITORY: 'sleepwell/sleepwell',
      GITHUB_WORKSPACE: step.outputs['cwd'],
      RUNNER_OS: expect.any(String),
      RUNNER_TEMP: expect.any(String),
      RUNNER_TRACKING_ID: expect.stringMatching(/^github_/),
    })
  })

  it('hands the event over as the published example with the overrides merged in', async () => {
    const folder = action(
      `const event = JSON.parse(fs.readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8'));
       put('OUTPUT', 'seen=' + [event.action, event.workflow_run.head_sha, event.repository.full_name, typeof event.sender.login].join())`,
    )
    const event = { action: 'completed', workflow_run: { head_sha: 'abc' } }
    const step = await runStep({ actionDirectory: folder, github: { eventName: 'workflow_run', event } })
    expect(step.outputs['seen']).toBe('completed,abc,acme/shop,string')
  })

  it('reads outputs, state, env and path from the command files, also as blocks', async () => {
    const folder = action(
      `put('OUTPUT', 'a=1=2'); put('OUTPUT', 'b<<END\\nline one\\n\\nline=three\\nEND'); put('STATE', 'phase=staged'); put('STATE', 'phase=checked');
       put('ENV', 'NAME=value'); put('ENV', 'NODE_OPTIONS=--inspect'); put('PATH', '/opt/one'); put('PATH', '/opt/two')`,
      `console.log('state is', process.env.STATE_phase)`,
    )
    const step = await runStep({ actionDirectory: folder })
    expect(step.outputs).toEqual({ a: '1=2', b: 'line one\n\nline=three' })
    expect(step.env).toEqual({ NAME: 'value' })
    expect(step.path).toEqual(['/opt/one', '/opt/two'])
    expect(step.annotations.map((each) => each.message)).toEqual([
      "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.",
    ])
    expect(step.post?.log).toEqual(['state is checked'])
  })

  it('fails the step for a command file that cannot be read', async () => {
    const step = await runStep({ actionDirectory: action(`put('OUTPUT', 'good=1'); put('OUTPUT', 'never<<EOF\\nends')`) })
    expect(step.outcome).toBe('failure')
    expect(step.annotations.map((each) => each.message)).toContain("Invalid value. Matching delimiter not found 'EOF'")
  })

  it('drops a summary above one mebibyte with an error, and keeps the step green', async () => {
    const step = await runStep({ actionDirectory: action(`put('STEP_SUMMARY', 'x'.repeat(1024 * 1024 + 1))`) })
    expect(step.summary).toBe('')
    expect(step.outcome).toBe('success')
    expect(step.annotations[0]?.message).toContain('supports content up to a size of 1024k')
  })

  it('fails when the process exits with another code than 0, and runs post with the final job status', async () => {
    const folder = action(`process.exitCode = 3`, `console.log('job', process.env.INPUT_STATUS)`, { status: '${{ job.status }}' })
    const step = await runStep({ actionDirectory: folder })
    expect(step).toMatchObject({ outcome: 'failure', exitCode: 3, ending: 'exited', post: { outcome: 'success', log: ['job failure'] } })
  })

  it('refuses an action that it could not run as GitHub does', async () => {
    const folder = action('')
    writeFileSync(join(folder, 'action.yml'), JSON.stringify({ name: 'x', runs: { using: 'composite', steps: [] } }))
    await expect(runStep({ actionDirectory: folder })).rejects.toThrow('using: node24')
  })
})

describe('workflow commands and masks', () => {
  it('turns error, warning and notice into annotations, ten of each kind at most', async () => {
    const folder = action(
      `console.log('::error file=src/a.ts,line=3,title=Bad%2C very::first%0Asecond');
       for (let n = 0; n < 12; n += 1) console.log('::warning::w' + n);
       console.log('::notice::n'); console.log('::group::Checks'); console.log('inside'); console.log('::endgroup::'); console.log('::unknown::x')`,
    )
    const step = await runStep({ actionDirectory: folder })
    expect(step.annotations[0]).toEqual({
      level: 'error',
      message: 'first\nsecond',
      properties: { file: 'src/a.ts', line: '3', title: 'Bad, very' },
    })
    expect(step.annotations.filter((each) => each.level === 'warning')).toHaveLength(10)
    expect(step.log.slice(0, 2)).toEqual(['##[error]first', 'second'])
    expect(step.log.slice(-4)).toEqual(['##[group]Checks', 'inside', '##[endgroup]', '::unknown::x'])
  })

  it('obeys no command between stop-commands and its token', async () => {
    const folder = action(
      `console.log('::stop-commands::tok123'); console.log('::error::not one'); console.log('::tok123::'); console.log('::error::one')`,
    )
    const step = await runStep({ actionDirectory: folder })
    expect(step.annotations.map((each) => each.message)).toEqual(['one'])
  })

  it('hides secrets and masked values in log, annotations and summary, also encoded', async () => {
    const folder = action(
      `console.log('token s3cr3t-token'); console.log(Buffer.from('s3cr3t-token').toString('base64'));
       console.log('before hunter22'); console.log('::add-mask::hunter22'); console.log('after hunter22');
       console.log('::error::with hunter22'); put('STEP_SUMMARY', 'has hunter22')`,
    )
    const step = await runStep({ actionDirectory: folder, secrets: ['s3cr3t-token'] })
    expect(step.log).toEqual(['token ***', '***', 'before hunter22', 'after ***', '##[error]with ***'])
    expect(step.annotations[0]?.message).toBe('with ***')
    expect(step.summary.trim()).toBe('has ***')
    expect(step.masks).toEqual(['s3cr3t-token', 'hunter22'])
  })

  it('shows everything with masking off', async () => {
    const step = await runStep({ actionDirectory: action(`console.log('token s3cr3t')`), secrets: ['s3cr3t'], masking: false })
    expect(step.log).toEqual(['token s3cr3t'])
    expect(step.masks).toEqual(['s3cr3t'])
  })
})

/** Starts a child that outlives its parent, tells its pid, then ignores (or obeys) signals. */
const stubborn = `
  const child = require('node:child_process').spawn('sleep', ['300'], { stdio: 'ignore' });
  put('STATE', 'child=' + child.pid); console.log('child ' + child.pid); console.log('ready');
  setInterval(() => {}, 1000);`
const childAlive = `
  let alive = true; try { process.kill(Number(process.env.STATE_child), 0) } catch { alive = false }
  console.log('child alive: ' + alive);`

describe('the ends of a step', () => {
  it('cancel: SIGINT, then SIGTERM, then SIGKILL to the node process only; post runs beside the surviving child', async () => {
    const folder = action(
      `process.on('SIGINT', () => console.log('got SIGINT')); process.on('SIGTERM', () => console.log('got SIGTERM'));${stubborn}`,
      `${childAlive} console.log('job ' + process.env.INPUT_STATUS)`,
      { status: '${{ job.status }}' },
    )
    const interrupts = createInterrupts()
    const onLine = (line: string) => line === 'ready' && interrupts.cancel()
    const step = await runStep({ actionDirectory: folder, interrupts, onLine, pace: quick })
    expect(step).toMatchObject({ outcome: 'cancelled', ending: 'cancelled', exitCode: 137, orphansKilled: 1 })
    expect(step.log.slice(1)).toEqual(['ready', 'got SIGINT', 'got SIGTERM', '##[error]The operation was canceled.'])
    expect(step.post?.log).toEqual(['child alive: true', 'job cancelled'])
  })

  it('cancel counts as cancelled though the process ends itself with 0', async () => {
    const folder = action(`process.on('SIGINT', () => process.exit(0)); console.log('ready'); setInterval(() => {}, 1000)`, `console.log('post')`)
    const interrupts = createInterrupts()
    const step = await runStep({ actionDirectory: folder, interrupts, onLine: (line) => line === 'ready' && interrupts.cancel(), pace: quick })
    expect(step).toMatchObject({ outcome: 'cancelled', exitCode: 0, post: { log: ['post'] } })
  })

  it('crash: the process dies at once, state written before counts, post runs', async () => {
    const folder = action(`process.on('SIGTERM', () => {});${stubborn}`, `${childAlive} console.log(process.env.INPUT_STATUS)`, { status: '${{ job.status }}' })
    const interrupts = createInterrupts()
    const step = await runStep({ actionDirectory: folder, interrupts, onLine: (line) => line === 'ready' && interrupts.crash() })
    expect(step).toMatchObject({ outcome: 'failure', ending: 'crashed', exitCode: 137 })
    expect(step.post?.log).toEqual(['child alive: true', 'failure'])
  })

  it('loss of the runner: everything dies, no post runs', async () => {
    const folder = action(stubborn, `console.log('post')`)
    const interrupts = createInterrupts()
    const step = await runStep({ actionDirectory: folder, interrupts, onLine: (line) => line === 'ready' && interrupts.lose() })
    // How many were still dying at the end depends on the machine; that they do die is seen below.
    expect(step).toMatchObject({ outcome: 'failure', ending: 'lost', post: undefined })
    expect(step.state).toEqual({})
    const pid = step.log[0]?.replace('child ', '') ?? ''
    // A killed process may wait as a zombie (Z) for its new parent.
    const stateOf = () => spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).stdout.trim()
    await expect.poll(stateOf, { timeout: 10_000 }).toMatch(/^(Z.*)?$/)
  })

  it('time-out: the same signals, the step has failed and says so, post runs in full', async () => {
    const folder = action(`console.log('ready'); setInterval(() => {}, 1000)`, `console.log('post')`)
    const step = await runStep({ actionDirectory: folder, timeoutMinutes: 15, pace: { timeoutScale: 1 / 3000, graceScale: 0.02 } })
    expect(step).toMatchObject({ outcome: 'failure', ending: 'timed-out', post: { outcome: 'success', log: ['post'] } })
    expect(step.annotations[0]?.message).toBe("The action 'Fixture' has timed out after 15 minutes.")
  })

  it('a cancelled job that does not come to an end is killed when its 285 seconds are spent', async () => {
    const folder = action(`console.log('ready'); setInterval(() => {}, 1000)`, `console.log('post begins'); setInterval(() => {}, 1000)`)
    const interrupts = createInterrupts()
    const step = await runStep({ actionDirectory: folder, interrupts, onLine: (line) => line === 'ready' && interrupts.cancel(), pace: { graceScale: 0.003 } })
    expect(step.outcome).toBe('cancelled')
    expect(step.post).toMatchObject({ ending: 'out-of-time', log: ['post begins'] })
  })

  it('a second cancel changes nothing, and one while post runs does not interrupt post', async () => {
    const interrupts = createInterrupts()
    const folder = action(`console.log('main')`, `console.log('post begins'); setTimeout(() => console.log('post ends'), 300)`)
    const step = await runStep({
      actionDirectory: folder,
      interrupts,
      onLine: (line) => {
        if (line === 'post begins') interrupts.cancel()
        if (line === 'post begins') interrupts.cancel()
      },
    })
    expect(step.post).toMatchObject({ outcome: 'success', log: ['post begins', 'post ends'] })
  })

  it('leaves the workspace to its owner when the machine was given', async () => {
    await using machine = createMachine()
    await runStep({ actionDirectory: action(`fs.writeFileSync('left.txt', 'x')`), machine })
    const step = await runStep({ actionDirectory: action(`console.log(fs.readFileSync('left.txt', 'utf8'))`), machine })
    expect(step.log).toEqual(['x'])
  })
})
