import { array, assert, constant, constantFrom, letrec, oneof, property, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePattern } from '../../src/core/checks/pattern.ts'

const matches = (source: string, text: string) => compilePattern(source)?.test(text)

describe('a pattern', () => {
  it.each([
    ['v\\d+\\.\\d+', 'version v12.3 is live', true],
    ['^ok$', 'ok', true],
    ['^ok$', 'not ok', false],
    ['^(?:up|ok)$', 'up', true],
    ['"status":\\s*"(ok|degraded)"', '{"status":  "degraded"}', true],
    ['[^a-c]x', 'ax', false],
    ['[^a-c]x', 'dx', true],
    ['(ab){2,3}c', 'ababababc', true],
    ['^(ab){2,3}c', 'ababababc', false],
    ['a{2}', 'a', false],
    ['a{2,}', 'xaaa', true],
    ['\\bok\\b', 'is ok.', true],
    ['\\bok\\b', 'broken', false],
    ['\\Bo', 'so', true],
    ['.', '\n', false],
    ['^.$', '😀', true],
    ['\\u{1F600}|\\x41', 'A', true],
    ['\\p{Lu}', 'abcÉ', true],
    ['(?<name>a)b', 'ab', true],
    ['[\\]]', ']', true],
    ['a*?b', 'aab', true],
    ['', '', true],
  ])('%s on %j says %s', (source, text, expected) => {
    expect(matches(source, text)).toBe(expected)
  })

  it.each(['(?=a)', '(?!a)', '(?<=a)b', '(?<!a)b', '(a)\\1', '(?<x>a)\\k<x>', '(?i:a)', '[', '(', 'a{2,1}', '(a{30}){30}', 'a{100000}'])(
    '%s is not taken: it needs backtracking, too much room, or is none',
    (source) => {
      expect(compilePattern(source)).toBeUndefined()
    },
  )

  it.each(['(a+)+$', '(a|a)*b', '(.*a){20}$', 'a*a*a*a*b', 'a{0,100}a{0,140}b', '(?:a?){50}a{50}$', '([a-z]+)*!'])(
    '%s, which makes a backtracking matcher hang, answers over 64 KiB',
    (source) => {
      expect(matches(source, `${'a'.repeat(65_536)}!`)).toBe(source.endsWith('!'))
    },
    20_000,
  )

  it('says the same as V8 for whatever can be written in it', () => {
    assert(
      property(patternSource.filter((source) => source.length <= 40), array(constantFrom('a', 'b', 'c', '_', ' ', '\n', 'é'), { maxLength: 8 }), (source, letters) => {
        const text = letters.join('')
        expect(matches(source, text), `/${source}/u on ${JSON.stringify(text)}`).toBe(new RegExp(source, 'u').test(text))
      }),
      { numRuns: 2000, seed: 1 },
    )
  })

  it('says that a text is too much for it, rather than take minutes, and that is no match', () => {
    const pattern = compilePattern('x[^]{400}y')
    const text = 'x'.repeat(1_048_576)
    expect(pattern?.judge(text)).toBe('too-much')
    expect(pattern?.test(text)).toBe(false)
    expect(compilePattern('y$')?.judge(`${text}y`)).toBe('matches')
    expect(compilePattern('y$')?.judge(text)).toBe('differs')
  })
})

/** Small enough that backtracking ends. No character beyond 16 bits: V8 finds `\B` in the middle of one. */
const { source: patternSource } = letrec<{ source: string; sequence: string; piece: string; atom: string; count: string }>((tie) => ({
  source: array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((options) => options.join('|')),
  sequence: array(tie('piece'), { maxLength: 4 }).map((pieces) => pieces.join('')),
  piece: oneof(
    { weight: 6, arbitrary: tuple(tie('atom'), tie('count')).map(([atom, count]) => `${atom}${count}`) },
    { weight: 1, arbitrary: constantFrom('^', '$', '\\b', '\\B') },
  ),
  atom: oneof(
    { maxDepth: 2 },
    constantFrom('a', 'b', 'c', '.', '\\w', '\\s', '\\D', '[ab]', '[^a]', '[a-c_]', 'é'),
    tie('source').map((inner) => `(${inner})`),
    tie('source').map((inner) => `(?:${inner})`),
  ),
  count: oneof({ weight: 3, arbitrary: constant('') }, { weight: 2, arbitrary: constantFrom('*', '+', '?', '{2}', '{1,2}', '{2,}', '*?', '+?') }),
}))
