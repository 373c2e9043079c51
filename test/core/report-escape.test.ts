import * as fc from 'fast-check'
import MarkdownIt from 'markdown-it'
import { describe, expect, it } from 'vitest'
import { placeSection, renderSection } from '../../src/core/report/comment.ts'
import { code, codeBlock, codeInCell, link, marker, plainLine, prose, truncate } from '../../src/core/report/escape.ts'
import type { Report } from '../../src/core/report/report.ts'
import { renderSummary } from '../../src/core/report/summary.ts'
import { result } from './check-samples.ts'
import { rolledBack } from './report-samples.ts'

const markdown = new MarkdownIt({ html: true, linkify: true })
// GitHub links addresses with a scheme or www., not every word with a dot.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: true })

type Token = ReturnType<typeof markdown.parse>[number]

const flatten = (tokens: readonly Token[]): Token[] => tokens.flatMap((token) => [token, ...flatten(token.children ?? [])])
/** Everything but words and code: what text from the outside must never be able to change. */
const PLAIN = new Set(['text', 'text_special', 'code_inline', 'inline', 'softbreak'])
const structureOf = (source: string) =>
  flatten(markdown.parse(source, {})).filter((token) => !PLAIN.has(token.type)).map((token) => `${token.type} ${token.attrGet('href') ?? ''}`)
/** What a reader sees outside of code, a line for each block. */
const wordsOf = (source: string) =>
  flatten(markdown.parse(source, {}))
    .map((token) => (token.type.startsWith('text') ? token.content : token.type === 'inline' ? '\n' : ''))
    .join('')
const codeOf = (source: string) =>
  flatten(markdown.parse(source, {})).filter((token) => token.type === 'code_inline' || token.type === 'fence').map((token) => token.content)

const nasty = fc.array(
  fc.oneof(
    fc.constantFrom(
      '`', '``', '```\n', '|', '\\', '\\|', '\n', '\r\n', '\n\n', '<b>', '</code>', '<script>', '<!--', '-->', '<img src=x>', '@octocat', '#1',
      '[a](https://evil.example)', '![a](https://evil.example/x.png)', 'https://evil.example', 'www.evil.example', 'a@evil.example',
      '*', '_', '~~', '# ', '- ', '1. ', '> ', '---', '&lt;', '&#64;', '[^1]', '$x$', ':tada:', '\u0000', '\u001b[31m', '\u202e', '\u2028', '\ud800',
      '::error::x', '<details>', '| --- |', '    ',
    ),
    fc.string({ unit: 'binary', maxLength: 6 }),
  ),
  { maxLength: 12 },
).map((parts) => parts.join(''))

function reportWith(text: string): Report {
  const failed = result({ kind: 'failed', expectation: text, seen: text, isProven: true }, { name: text, target: `GET ${text}` })
  return {
    ...rolledBack,
    sentence: `It failed: ${text}`,
    live: text,
    next: `run \`${text}\``,
    commitTitle: text,
    givenReason: text,
    worker: text,
    environment: text,
    warnings: [text],
    undelivered: [text],
    timeline: [{ at: rolledBack.startedAt, text }],
    rounds: [{ title: text, checks: [{ standing: 'regressed', now: failed, before: failed }] }],
    plan: { steps: [text], missing: [{ what: text, remedy: text }] },
  }
}

describe('text from the outside', () => {
  it('never changes a report’s structure: no link, HTML, image, heading, list or cell of its own', () => {
    const summary = structureOf(renderSummary(reportWith('benign')))
    const comment = structureOf(placeSection(undefined, 'key', renderSection(reportWith('benign'))))
    expect(summary.filter((part) => part.startsWith('html'))).toEqual([])
    fc.assert(
      fc.property(nasty, (text) => {
        expect(structureOf(renderSummary(reportWith(text)))).toEqual(summary)
        expect(structureOf(placeSection(undefined, 'key', renderSection(reportWith(text))))).toEqual(comment)
      }),
      { numRuns: 400 },
    )
  })

  it('never mentions anybody, refers to an issue or draws a picture', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const words = wordsOf(renderSummary(reportWith(text)))
        expect(words).not.toMatch(/@[\w-]|#\d|:\/\/|www\.|:[a-z+]+:/i)
      }),
      { numRuns: 400 },
    )
  })

  it('holds no control, bidirectional or invisible characters afterwards', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        for (const shown of [code(text), codeInCell(text), codeBlock(text), plainLine(text)]) {
          expect(shown.replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
        }
      }),
    )
  })

  it('is shown as it is: what stands in a code span or block is what was given', () => {
    const given = fc.stringMatching(/^[!-;=-~]([ -;=-~]{0,40}[!-;=-~])?$/)
    fc.assert(
      fc.property(given, (text) => {
        const line = text.replaceAll(/ +/g, ' ')
        expect(codeOf(code(text))).toEqual([line])
        expect(codeOf(codeBlock(text))).toEqual([`${text}\n`])
        expect(codeOf(`| a |\n| --- |\n| ${codeInCell(text)} |`)).toEqual([line.replaceAll('|', '¦')])
      }),
    )
  })
})

describe('sentences of ours', () => {
  it('keep commands in backticks as code, and words as words', () => {
    expect(structureOf(prose('Run `npx wrangler rollback` & wait (2 min) for *it*.'))).toEqual(['paragraph_open ', 'paragraph_close '])
    expect(codeOf(prose('Run `a_b | c` now, then `d`.'))).toEqual(['a_b | c', 'd'])
    expect(wordsOf(prose('1. 5 < 6 & a_b_c [x](y) <b>'))).toBe('\n\u20601. 5 < 6 & a_b_c [x](y) <b>')
    expect(codeOf(prose('one ` alone'))).toEqual([])
    expect(codeOf(prose('`a``b` and `c`@d'))).toEqual(['a', 'b', 'c', '@d'])
    expect(codeOf(prose('It was jane@example.com (see https://example.com/a, #12).'))).toEqual([
      'jane@example.com',
      'https://example.com/a',
      '#12',
    ])
  })
})

describe('cutting', () => {
  it('never exceeds the limit and never splits a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.nat(40), (text, max) => {
        const cut = truncate(text, max)
        expect(cut.length).toBeLessThanOrEqual(max)
        expect(cut.isWellFormed()).toBe(true)
        if (text.length <= max) expect(cut).toBe(text)
        else if (max > 0) expect(text.startsWith(cut.slice(0, -1)) && cut.endsWith('…')).toBe(true)
      }),
    )
  })
})

describe('links and markers', () => {
  it('link only plain web addresses', () => {
    expect(link('Run', 'https://github.com/a/b/actions/runs/1?pr=2#x')).toBe('[Run](<https://github.com/a/b/actions/runs/1?pr=2#x>)')
    for (const address of ['javascript:alert(1)', 'https://a.example/)[x](y', 'https://a.example/>', 'https://u@evil.example', 'data:,']) {
      expect(structureOf(link('Run', address)).filter((part) => part.startsWith('link'))).toEqual([])
    }
  })

  it('hide any key, and only the key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        const hidden = marker(one)
        expect(hidden).toMatch(/^<!-- sleepwell:(?:(?!--|[<>\s]).)* -->$/)
        if (one.isWellFormed() && other.isWellFormed() && one !== other) expect(marker(other)).not.toBe(hidden)
      }),
    )
  })
})
