import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { INPUTS, parse } from './inputs-samples.ts'

const commands = fc.constantFrom('gate', 'build', 'deploy', 'recover', 'rollback', 'steer')
const names = Object.keys({ ...INPUTS.deploy, ...INPUTS.rollback, ...INPUTS.steer, config: '', drift: '', version: '', 'working-directory': '' })

/** Text that looks enough like a sleepwell.yml to get past YAML. */
const line = fc.constantFrom('url: ', 'checks: ', '  - name: a', '    kind: http', '    path: ', 'environments:', '  production:', '&a ', '*a', '<<: *a', '"${X}"', '${secret:X}', '[', ']', '{', '}', '? ', '- ', '!!x ', 'null', '\n')
const likeYaml = fc.array(fc.oneof(line, fc.string({ maxLength: 4 })), { maxLength: 14 }).map((parts) => parts.join(''))

it('turns whatever is written in sleepwell.yml into a config or problems, never into a crash', () => {
  fc.assert(
    fc.property(commands, fc.oneof(likeYaml, fc.string()), (command, file) => {
      const parsed = parse(command, { file, inputs: command === 'build' ? {} : { 'health-path': '' } })
      expect(parsed.kind === 'ok' || parsed.problems.length > 0).toBe(true)
    }),
    { numRuns: 400 },
  )
})

it('turns whatever is given as an input into a config or problems, never into a crash', () => {
  fc.assert(
    fc.property(commands, fc.constantFrom(...names), fc.string({ unit: 'binary' }), (command, name, text) => {
      const parsed = parse(command, { inputs: { [name]: text } })
      expect(parsed.kind === 'ok' || parsed.problems.every(({ message }) => message !== '')).toBe(true)
    }),
    { numRuns: 400 },
  )
})
