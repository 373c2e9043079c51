import type { Judgement } from '../analysis/judgement.ts'
import { duration } from './clock-face.ts'
import { eValue, sharePercent } from './numerals.ts'

const MOST_ROWS = 16

type Look = Judgement['overTime'][number]

/** What a step is called: by the candidate's share, as far as that is known. */
export type NameOfStep = (step: number) => string

export function byPercent(percents: readonly number[]): NameOfStep {
  return (step) => {
    const percent = percents[step]
    return percent === undefined ? `step ${step + 1}` : sharePercent(percent)
  }
}

/** The chart's numbers. Of many polls some are shown, the turning points always. */
export function renderEvidenceTable({ overTime, harm, health }: Judgement, nameOf: NameOfStep, start = 'the first step'): string {
  if (overTime.length === 0) return ''
  const [harmPeak, healthPeak] = [peakOf(overTime, (look) => look.harm), peakOf(overTime, (look) => look.health)]
  const proof = overTime.findIndex((look) => look.harm >= harm.needed)
  const shown = chosen(overTime.length, [harmPeak, healthPeak, proof])
  const rows = shown.flatMap((index) => {
    const look = overTime[index]
    if (look === undefined) return []
    const marks = { harm: index === harmPeak ? ' (most)' : '', health: index === healthPeak ? ' (most)' : '' }
    const cells = [duration(Math.max(0, look.atSeconds) * 1000), nameOf(look.step), `${eValue(look.harm)}${marks.harm}`, `${eValue(look.health)}${marks.health}`]
    return [`| ${cells.join(' | ')} |`]
  })
  const head = [`| Since ${start} | Candidate's share | Harm, ${eValue(harm.needed)} needed | Health, ${eValue(health.needed)} needed |`, '| --- | --- | ---: | ---: |']
  const more = shown.length < overTime.length ? `\n\n${shown.length} of ${overTime.length} polls are shown.` : ''
  return `${[...head, ...rows].join('\n')}${more}`
}

function peakOf(looks: readonly Look[], valueOf: (look: Look) => number): number {
  return looks.reduce((most, look, index) => (valueOf(look) > valueOf(looks[most] ?? look) ? index : most), 0)
}

/** Indices in order: what has to be shown, and of the rest as many as there is room for, evenly. */
function chosen(length: number, musts: readonly number[]): readonly number[] {
  const must = [0, length - 1, ...musts].filter((index) => index >= 0)
  const room = MOST_ROWS - new Set(must).size
  const even = Array.from({ length: room }, (_, at) => Math.round(((at + 1) * (length - 1)) / (room + 1)))
  return [...new Set([...must, ...(length <= MOST_ROWS ? Array.from({ length }, (_, index) => index) : even)])].toSorted((one, other) => one - other)
}
