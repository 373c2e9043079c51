import { expect, test } from 'vitest'
import { commandOf, PARTS, readArguments } from '../../bench/arguments.ts'
import { renewed } from '../../bench/results.ts'
import { textOf } from '../../bench/section.ts'

test('hands one seed to every part, and names it in the command that measures the part again', () => {
  const asked = readArguments(['--seed', '2'])
  expect(asked.parts).toEqual(PARTS)
  for (const part of PARTS) expect(commandOf({ ...asked, parts: [part] })).toContain(`--only ${part} --seed 2`)
})

test('names every number of a whole run, also those that nobody asked for', () => {
  expect(commandOf(readArguments([]))).toBe('npm run bench -- --seed 1 --runs 4000 --seeds 20 --peer-seeds 10')
})

test.each([['--runs', '9'], ['--runs', 'many'], ['--seeds', '0'], ['--peer-seeds', '1.5'], ['--seed', ''], ['--only', 'simulation,nothing'], ['--only', '']])('refuses %s %s', (name, value) => {
  expect(() => readArguments([`${name}=${value}`])).toThrow(name)
})

test('renews one section and keeps the others to the letter', () => {
  const before = renewed('', 'first run', new Map(PARTS.map((part) => [part, `## ${part}\n\nold`])))
  const after = renewed(before, 'second run', new Map([['simulation', '## simulation\n\nnew']]))
  expect(after).toBe(before.replace('first run', 'second run').replace('## simulation\n\nold', '## simulation\n\nnew'))
  expect(renewed(after, 'second run', new Map())).toBe(after)
})

test('leaves out what was never measured, and puts it in its place once it is', () => {
  const one = renewed('', 'run', new Map([['gradual', 'real']]))
  expect(one).not.toContain('way-back:start')
  const both = renewed(one, 'run', new Map([['way-back', 'back']]))
  expect(both.indexOf('back\n<!-- way-back:end')).toBeLessThan(both.indexOf('<!-- gradual:start -->\nreal'))
})

test('says of each criterion whether it holds', () => {
  const criteria = [{ demand: 'fast', figure: '3 s', holds: true }, { demand: 'right', figure: '2 of 3', holds: false }]
  const text = textOf({ title: 'A part', criteria, body: 'Body.' }, 'Measured.')
  expect(text).toContain('| fast | 3 s | holds |\n| right | 2 of 3 | **DOES NOT HOLD** |')
})
