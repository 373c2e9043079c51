import type { Ending } from './core/ending.ts'
import { explainRefused } from './errors/refused.ts'
import { explainRolledBack } from './errors/rolled-back.ts'
import { explainStranded } from './errors/stranded.ts'
import { capital, versionOr, withDetails, type Explanation, type Facts } from './errors/words.ts'

export type { Explanation, Facts } from './errors/words.ts'

/** What happened, what is live now and what to run next, for every ending. */
export function explain(ending: Ending, facts: Facts): Explanation {
  switch (ending.kind) {
    case 'promoted':
      return explainPromoted(facts)
    case 'refused':
      return explainRefused(ending.reason, facts)
    case 'rolled-back':
      return explainRolledBack(ending.cause, facts)
    case 'yielded':
      return explainYielded(ending.to, facts)
    case 'stranded':
      return explainStranded(ending.reason, facts)
  }
}

function explainPromoted(facts: Facts): Explanation {
  const candidate = versionOr(facts.candidateId, 'the new version')
  return {
    sentence: withDetails(`${capital(candidate)} serves every request of ${facts.worker} and passed its checks.`, facts.details),
    live: `${capital(candidate)} at 100 %.`,
    next: 'Nothing. Sleep well.',
  }
}

function explainYielded(to: Extract<Ending, { kind: 'yielded' }>['to'], facts: Facts): Explanation {
  const live = facts.liveId === undefined ? 'What they deployed' : `Version \`${facts.liveId}\``
  switch (to) {
    case 'rollback':
      return {
        sentence: withDetails('A rollback by hand took over, and outranks this run.', facts.details),
        live: `${live}, put there by the rollback.`,
        next: 'Nothing. Deploys are on hold until the hold expires or the rollback workflow is run with `release: true`.',
      }
    case 'foreign':
      return {
        sentence: withDetails('Somebody else deployed this Worker during the run, and was not written over.', facts.details),
        live: `${live}, which this run has not checked.`,
        next: `See who it was with \`npx wrangler deployments list --name ${facts.worker}\`, and run the workflow again if this commit should be live.`,
      }
  }
}
