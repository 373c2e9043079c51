import { expect, it } from 'vitest'
import { choosePackageManager } from '../../src/core/package-manager.ts'

it.each([
  ['package-lock.json', 'npm ci'],
  ['npm-shrinkwrap.json', 'npm ci'],
  ['pnpm-lock.yaml', 'pnpm install --frozen-lockfile'],
  ['yarn.lock', 'yarn install --immutable'],
  ['bun.lock', 'bun install --frozen-lockfile'],
  ['bun.lockb', 'bun install --frozen-lockfile'],
])('%s means %s', (lockfile, command) => {
  const choice = choosePackageManager([{ path: '.', files: ['src', lockfile] }])
  expect(choice.kind === 'chosen' && choice.manager.install.join(' ')).toBe(command)
})

it('takes the nearest lockfile, so a Worker in a workspace is installed from the root', () => {
  const folders = [
    { path: 'workers/shop', files: ['wrangler.toml'] },
    { path: '.', files: ['pnpm-lock.yaml', 'workers'] },
  ]
  expect(choosePackageManager(folders)).toMatchObject({ kind: 'chosen', folder: '.', manager: { name: 'pnpm' } })
})

it('refuses to guess between two managers, and installs nothing without a lockfile', () => {
  expect(choosePackageManager([{ path: '.', files: ['yarn.lock', 'package-lock.json'] }])).toEqual({
    kind: 'ambiguous',
    folder: '.',
    lockfiles: ['package-lock.json', 'yarn.lock'],
  })
  expect(choosePackageManager([{ path: '.', files: ['package.json'] }])).toEqual({ kind: 'none' })
})
