// The record of deploys, kept as GitHub Deployments. GitHub fixes a payload at creation, so what is known
// before the first change goes there, and what follows goes into status descriptions.

export {
  decodePayload,
  isOpen,
  isSameEntry,
  isTrusted,
  openEntries,
  OUR_LOGIN,
  payloadSchema,
  readEntries,
  taskOf,
  type ClaimedRun,
  type Entry,
  type EntryKind,
  type EntryStatus,
  type LedgerKey,
  type Payload,
  type PayloadOf,
  type RawEntry,
} from './ledger/entries.ts'
export { announcedCandidate, formatEnd, formatProgress, isUnfinished, type Progress, promotedVersion, readEnd, readProgress, stateOf } from './ledger/progress.ts'
export { hasServed, isBorneOut, knownGood, type KnownGoodFacts } from './ledger/known-good.ts'
export { pastChecksOf, type PastCheck } from './ledger/past-checks.ts'
export { driftSince, lastSettled } from './ledger/drift.ts'
export {
  announcedPercent,
  chooseCommand,
  commandsAimedAt,
  describeEnd,
  exitCodeOfSteered,
  formatAnswer,
  isByAPerson,
  isOfLivingRun,
  ownStatuses,
  readAnswer,
  steerCommandOf,
  type Answer,
  type Situation,
  type Steered,
  type SteerCommand,
  type SteerRefusal,
} from './ledger/commands.ts'
export { describeHold, describeHoldEnd, formatRelease, standingHolds, type Hold } from './ledger/hold.ts'
