import * as fc from 'fast-check'
import MarkdownIt from 'markdown-it'
import { describe, expect, it } from 'vitest'
import { judgeAnalysis } from '../../../src/core/analysis/verdict.ts'
import type { Judgement } from '../../../src/core/analysis/judgement.ts'
import { renderEvidence } from '../../../src/core/report/evidence.ts'
import { renderEvidenceChart } from '../../../src/core/report/evidence-chart.ts'
import { byPercent, renderEvidenceTable } from '../../../src/core/report/evidence-table.ts'
import { describeFinding, describeWatch } from '../../../src/core/report/finding.ts'
import { eValue } from '../../../src/core/report/numerals.ts'
import { pollsOf, repeated, settingsWith } from '../analysis/samples.ts'
import { readChart } from './chart-reader.ts'
import { harmful, healthy, judgements, nasty, nothing } from './evidence-samples.ts'

const markdown = new MarkdownIt({ html: true })
const tagsOf = (source: string) => markdown.parse(source, {}).map(({ type, info }) => `${type} ${info}`)
/** Tables whose rows do not all have as many cells as their head. */
const raggedOf = (source: string) => {
  const tables = source.split('\n\n').filter((block) => block.startsWith('|')).map((block) => block.split('\n').map((line) => line.split('|').length))
  return tables.filter((widths) => widths.some((width) => width !== widths[0]))
}
const shown = (judgement: Judgement) => renderEvidence({ judgement, percents: [1, 10, 50, 100] }).join('\n\n')
const named = (judgement: Judgement, name: string): Judgement => ({ ...judgement, metrics: judgement.metrics.map((metric) => ({ ...metric, name })) })
const found = (finding: Judgement['finding']) => describeFinding({ ...harmful, finding })
const last = (values: readonly number[] | undefined) => values?.at(-1)

describe('the evidence in the summary', () => {
  it('shows a regression with every number behind it', async () => {
    const blocks = renderEvidence({ judgement: harmful, percents: [1, 10, 50, 100] })
    await expect(`${blocks.join('\n\n')}\n`).toMatchFileSnapshot('__snapshots__/evidence-harmful.md')
  })

  it('shows what the watch after the promotion found beside it', async () => {
    const watch = { judgement: judgeAnalysis(settingsWith(), pollsOf([[90, 1, 900, 11]], { step: 1, from: 14 })), promotedAtSeconds: 840 }
    const blocks = renderEvidence({ judgement: healthy, percents: [50, 100], watch })
    await expect(`${blocks.join('\n\n')}\n`).toMatchFileSnapshot('__snapshots__/evidence-watched.md')
  })

  it('says that nothing was counted where nothing was, and draws no chart of it', () => {
    expect(shown(nothing)).toContain('Nothing was counted.')
    expect(shown(nothing)).not.toContain('mermaid')
  })

  it('marks a dry-run metric as never acting, and only that', () => {
    const [acting = '', dry = ''] = renderEvidence({ judgement: harmful, percents: [1, 10] }).filter((block) => block.startsWith('####'))
    expect(acting).not.toContain('never acting')
    expect(dry).toContain('#### `slower-than-p95` (dry run)')
    expect(dry).toContain('**Dry run: shown, never acting.**')
  })

  it('tells in words what a step could have seen, also when that is nothing', () => {
    expect(shown(harmful)).toMatch(/\| ×[\d.]+ \([\d.]+ % → [\d.]+ %\); proof of ×2 takes [\d,]+ requests, of health [\d,]+ \|/)
    expect(shown(judgeAnalysis(settingsWith(), pollsOf([[3, 0, 5, 0]])))).toMatch(/\| none: too little traffic; proof of ×2 takes [\d,]+ requests, of health [\d,]+ \|/)
  })

  it('counts the polls that could not tell, and gives no rate to who served nothing', () => {
    const polls = [...pollsOf([[0, 0, 40, 1]]), { step: 0, atSeconds: 120, metrics: {} }]
    expect(shown(judgeAnalysis(settingsWith(), polls))).toMatch(/\| 1 % \| 0 of 0 \| – \| 1 of 40 \| 2\.5 % \(.*\) \| .* \| 1 \|/)
  })

  it('keeps its form whatever metrics are called', () => {
    fc.assert(
      fc.property(judgements(fc.constant('errors')), nasty, (judgement, name) => {
        expect(tagsOf(shown(named(judgement, name)))).toEqual(tagsOf(shown(judgement)))
      }),
      { numRuns: 150 },
    )
  })

  it('keeps whole tables, a readable chart and plain numbers whatever was saved', () => {
    fc.assert(
      fc.property(judgements(nasty), (judgement) => {
        expect(raggedOf(shown(judgement))).toEqual([])
        expect(shown(named(judgement, 'errors'))).not.toMatch(/NaN|Infinity|undefined/)
        if (judgement.overTime.length > 0) readChart(renderEvidenceChart(judgement))
      }),
      { numRuns: 150 },
    )
  })
})

describe('the finding', () => {
  it.each([
    [{ verdict: 'regressed', because: 'harm-proven' }, /^Regressed: the evidence for harm reached 4,221, where 20 is proof\. A harmless version gets to 20 in at most 5 % of rollouts\.$/],
    [{ verdict: 'regressed', because: 'gross-breakage' }, /^Regressed: .* \(`errors` in this step: candidate 19 of 361, baseline 32 of 3,208\)/],
    [{ verdict: 'exonerated', because: 'health-proven' }, /^Exonerated: .*: its bad rate is below 2 times the baseline's\.$/],
    [{ verdict: 'shared-incident', because: 'both-bad' }, /^Shared incident: .*the candidate is not blamed/],
    [{ verdict: 'inconclusive', because: 'nothing-compared' }, /^Inconclusive: .*nothing could be compared/],
    [{ verdict: 'inconclusive', because: 'signs-of-harm' }, /^Inconclusive: .* above the 5 .* below the 20 that are proof\.$/],
    [{ verdict: 'inconclusive', because: 'no-proof-yet' }, /^Inconclusive: nothing is proven yet/],
  ] as const)('is one plain sentence with its numbers (%#)', (finding, words) => {
    expect(found(finding)).toMatch(words)
  })

  it.each([
    [{ verdict: 'regressed', because: 'harm-proven' }, /^Regressed after the promotion: .*4,221, where 20 is proof\. Only a bad rate above the baseline's counts, .* as long as traffic stays what it was\.$/],
    [{ verdict: 'regressed', because: 'gross-breakage' }, /^Regressed after the promotion: most .* baseline's did before \(`errors` in this step: candidate 19 of 361/],
    [{ verdict: 'inconclusive', because: 'nothing-compared' }, /^The watch saw nothing: /],
    [{ verdict: 'exonerated', because: 'health-proven' }, /^The watch has proven no harm: /],
    [{ verdict: 'shared-incident', because: 'both-bad' }, /^The watch has proven no harm: /],
  ] as const)('has words of its own for the watch, which promises less (%#)', (finding, words) => {
    expect(describeWatch({ ...harmful, finding })).toMatch(words)
  })

  it('names the metric that speaks most for harm where several act', () => {
    const two = harmful.metrics.map((metric) => ({ ...metric, acts: true }))
    expect(describeFinding({ ...harmful, metrics: two })).toContain('most of it from `errors`')
  })
})

describe('the chart of the evidence', () => {
  it('begins at 1, at the first step, so that even one poll makes a line', () => {
    const one = judgeAnalysis(settingsWith(), pollsOf([[100, 9, 100, 1]]))
    const chart = readChart(renderEvidenceChart(one))
    expect(chart.x).toEqual({ title: 'seconds since the first step', labels: ['0', '60'] })
    expect(chart.lines.map((line) => line.length)).toEqual([2, 2, 2])
    expect(chart.lines[0]).toEqual([0, Math.round(Math.log10(one.harm.now) * 100) / 100])
  })

  it('draws each poll at its minute, and the needed line through all of them', () => {
    const { x, lines } = readChart(renderEvidenceChart(harmful))
    expect(x.title).toBe('minutes since the first step')
    expect(x.labels).toEqual(Array.from({ length: 15 }, (_, minute) => `${minute}`))
    expect(lines[2]).toEqual(lines[0]?.map(() => 1.3))
  })

  it('keeps a time without polls as long as it was', () => {
    const { lines } = readChart(renderEvidenceChart({ ...healthy, overTime: [[60, 2], [120, 4], [600, 8]].map(([atSeconds = 0, harm = 0]) => ({ step: 0, atSeconds, harm, health: 1 })) }))
    expect(lines[0]).toEqual([0, 0.3, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.9])
  })

  it('is not put off by polls that come a little early or late', () => {
    const times = [60.3, 120.9, 180.2, 242, 301.4, 363.1]
    const { x, lines } = readChart(renderEvidenceChart({ ...healthy, overTime: times.map((atSeconds, index) => ({ step: 0, atSeconds, harm: 10 ** (index / 10), health: 1 })) }))
    expect(x.labels).toEqual(['0', '1', '2', '3', '4', '5', '6'])
    expect(lines[0]).toEqual([0, 0, 0.1, 0.2, 0.3, 0.4, 0.5])
  })

  it('has a line each where harm and health need different proof', () => {
    expect(readChart(renderEvidenceChart({ ...healthy, health: { now: 1, needed: 100 } })).lines.map(last).slice(2)).toEqual([1.3, 2])
  })

  it('says so when something is drawn at the edge', () => {
    const much = { ...healthy, overTime: [{ step: 0, atSeconds: 60, harm: 1e-9, health: 1e300 }] }
    expect(renderEvidenceChart(much)).toContain('What is below 0.01 is drawn at the lower edge. What is above 1e6 is drawn at the upper edge.')
    expect(readChart(renderEvidenceChart(much)).lines.map(last)).toEqual([-2, 6, 1.3])
    expect(renderEvidenceChart({ ...harmful, overTime: harmful.overTime.slice(0, 10) })).not.toContain('edge')
  })

  it('stays small and hides no peak, however many polls there were', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), fc.nat(), fc.integer({ min: 1, max: 11 }), (length, at, power) => {
        const peak = at % length
        const overTime = Array.from({ length }, (_, index) => ({ step: 0, atSeconds: 60 * (index + 1), harm: index === peak ? 10 ** power : 0.5, health: 1 }))
        const judgement = { ...healthy, overTime }
        const { lines, y } = readChart(renderEvidenceChart(judgement))
        expect(lines[0]?.length).toBeLessThanOrEqual(21)
        expect(Math.max(...(lines[0] ?? []))).toBe(power)
        expect(y.to).toBeGreaterThanOrEqual(power)
        const table = renderEvidenceTable(judgement, byPercent([1]))
        expect(table).toContain(`| ${eValue(10 ** power)} (most) |`)
        expect(table.split('\n').filter((line) => line.startsWith('|')).length).toBeLessThanOrEqual(18)
      }),
      { numRuns: 60 },
    )
  })

  it('stays within its axes, all lines of one length, whatever was saved', () => {
    fc.assert(
      fc.property(judgements(fc.constant('errors')), (judgement) => {
        if (judgement.overTime.length === 0) return
        const { x, y, lines } = readChart(renderEvidenceChart(judgement))
        expect(lines.map((line) => line.length)).toEqual(lines.map(() => x.labels.length))
        expect(new Set(x.labels).size).toBe(x.labels.length)
        expect(x.labels.length).toBeGreaterThanOrEqual(2)
        expect(lines.flat().every((value) => value >= y.from && value <= y.to)).toBe(true)
        expect(y.to).toBeGreaterThan(y.from)
      }),
      { numRuns: 150 },
    )
  })
})

describe('the table beside the chart', () => {
  it('has every poll of a short rollout', () => {
    const judgement = judgeAnalysis(settingsWith(), pollsOf(repeated([50, 1, 50, 1], 16)))
    expect(renderEvidenceTable(judgement, byPercent([50])).match(/^\| \d+/gm)).toHaveLength(16)
  })

  it('has the first, the last and the turning points of a long one, and says how many are left out', () => {
    const table = renderEvidenceTable({ ...harmful, overTime: Array.from({ length: 200 }, (_, index) => ({ step: 0, atSeconds: index + 1, harm: index < 137 ? 1 : 40 + (index === 150 ? 1 : 0), health: 1 })) }, byPercent([1]))
    for (const cells of ['| 1.0 s |', '| 2 min 18 s | 1 % | 40 |', '| 2 min 31 s | 1 % | 41 (most) |', '| 3 min 20 s |']) expect(table).toContain(cells)
    expect(table).toMatch(/^1\d of 200 polls are shown\.$/m)
  })

  it('names a step whose share nobody told by its number', () => {
    expect([byPercent([1, 12.5])(1), byPercent([1])(4)]).toEqual(['12.5 %', 'step 5'])
  })
})
