// What CI runs: every step in turn, all of them even when one fails, and a list of what failed at the end.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const STEPS: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['lint', 'npx', 'oxlint', '--type-aware', '--deny-warnings'],
  ['types', 'npx', 'tsc', '--noEmit'],
  ['generated files', 'node', 'scripts/generate.ts', '--check'],
  ['dist', 'node', 'scripts/build.ts', '--check'],
  ['tests', 'npx', 'vitest', 'run'],
]

const failed: string[] = []
for (const [name, command, ...args] of STEPS) {
  console.log(`\n== ${name}: ${[command, ...args].join(' ')}`)
  const { status } = spawnSync(command, args, { cwd: fileURLToPath(new URL('..', import.meta.url)), stdio: 'inherit' })
  if (status !== 0) failed.push(name)
}
console.log(failed.length === 0 ? '\ncheck: everything passed' : `\ncheck: failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
