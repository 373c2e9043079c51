import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { wranglerEnvironment } from '../../sandbox/by-hand.ts'
import { startPlatform, type Platform } from '../../sandbox/platform.ts'
import { runProgram } from '../../sandbox/run-program.ts'

// A person's one command, by the real wrangler, and what answers afterwards.

const root = fileURLToPath(new URL('../..', import.meta.url))
const TAIL_TOKEN = 'tail-token-of-the-test-0123456789abcdef'

let platform: Platform
let folder: string
beforeEach(async () => {
  platform = await startPlatform({ token: 'cf-token-of-the-installer' })
  folder = mkdtempSync(join(tmpdir(), 'sleepwell-tail-install-'))
  cpSync(join(root, 'workers/tail'), folder, { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
})
afterEach(async () => {
  await platform[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

function install(env: Readonly<Record<string, string>>) {
  const path = [dirname(process.execPath), process.env['PATH']].join(':')
  return runProgram(process.execPath, [join(folder, 'install.mjs')], { cwd: folder, env: { PATH: path, HOME: folder, CI: 'true', ...wranglerEnvironment(platform), ...env } })
}

describe('the Tail Worker', () => {
  it('is installed by one command, and answers only to its token', async () => {
    const installed = await install({ TAIL_TOKEN })
    expect(installed.code, installed.output).toBe(0)
    expect(installed.output).toContain('Installed, with TAIL_TOKEN.')
    expect(installed.output).not.toContain(TAIL_TOKEN)
    expect(platform.world.violations).toEqual([])
    const url = `${await platform.edge.urlFor('sleepwell-tail')}/counts?script=shop&from=1&to=2`
    const statusWith = async (token: string) => (await fetch(url, { headers: token === '' ? {} : { authorization: `Bearer ${token}` } })).status
    expect(await Promise.all(['', 'guess', TAIL_TOKEN].map(statusWith))).toEqual([401, 401, 200])
  })

  it.each([
    ['no token', {}, 'TAIL_TOKEN is not set.'],
    ['a token that can be guessed', { TAIL_TOKEN: 'swordfish' }, 'TAIL_TOKEN is shorter than 32 characters.'],
  ])('is not installed with %s', async (_what, env, message) => {
    const refused = await install(env)
    expect(refused.code).toBe(2)
    expect(refused.output).toContain(message)
    expect(refused.output).not.toContain('swordfish')
    expect(platform.world.requests).toEqual([])
  })
})
