import { describe } from 'vitest'
import { specify } from './table.ts'
import {
  atBaseline, checked, checking, deployedFully, deployingFully, fullDeploy, fullDeployFailed, fully, inspecting, live, nothingLive,
  notRecorded, ours, at, promoted, readIn, refused, runChecks, settles, stranded, stranger, unreadable,
} from './vocabulary.ts'

// What it does, the phase, what is seen -> the next phase, the effect.

describe('a full deploy that deploys', () => {
  specify(fully, [
    ['checks what wrangler deployed', deployingFully, deployedFully, checking(fullDeploy), runChecks(fullDeploy)],
    ['inspects production when wrangler failed', deployingFully, fullDeployFailed, inspecting('upload-failed'), readIn(0)],
    ['refuses when the ledger did not take the entry', deployingFully, notRecorded, ...settles(refused('ledger-unavailable'))],
    ['refuses when a hold came after preflight', deployingFully, { kind: 'stopped', stop: 'held' }, ...settles(refused('held'))],
    ['refuses when a freeze began after preflight', deployingFully, { kind: 'stopped', stop: 'frozen' }, ...settles(refused('frozen'))],
  ])
})

describe('a full deploy that checks', () => {
  specify(fully, [
    ['promotes what is healthy', checking(fullDeploy), checked('healthy'), ...settles(promoted)],
    ['is stranded with what regressed: there is no way back', checking(fullDeploy), checked('regressed'), ...settles(stranded('full-deploy-unhealthy'))],
    ['checks again in 5 s when nothing is known', checking(fullDeploy), checked('unknown'), checking(fullDeploy, { unknown: 2 }), runChecks(fullDeploy, 5)],
    ['checks a last time', checking(fullDeploy, { unknown: 1 }), checked('unknown'), checking(fullDeploy, { unknown: 0 }), runChecks(fullDeploy, 5)],
    ['is stranded when no round is left', checking(fullDeploy, { unknown: 0 }), checked('unknown'), ...settles(stranded('full-deploy-unknown'))],
    ['holds on for 20 s when another version fails alike', checking(fullDeploy), checked('shared-incident'), checking(fullDeploy, { incident: 1 }), runChecks(fullDeploy, 20)],
    ['is stranded when others fail alike and no round is left', checking(fullDeploy, { incident: 0 }), checked('shared-incident'), ...settles(stranded('full-deploy-unknown'))],
  ])
})

describe('a full deploy that inspects production', () => {
  specify(fully, [
    ['refuses with its cause when nothing has changed', inspecting('upload-failed'), live(), ...settles(refused('upload-failed'))],
    ['refuses as cut off when nothing has changed', inspecting('cancelled', 0), live(), ...settles(refused('cancelled'))],
    ['is stranded when its own deployment is live', inspecting('upload-failed'), live(ours(at(100))), ...settles(stranded('full-deploy-failed'))],
    ['is stranded when anybody has deployed, the baseline even', inspecting('run-died'), live(stranger(atBaseline)), ...settles(stranded('full-deploy-failed'))],
    ['is stranded when nothing is live where something was', inspecting('upload-failed'), nothingLive, ...settles(stranded('full-deploy-failed'))],
    ['reads again after one second', inspecting('upload-failed'), unreadable, inspecting('upload-failed', 3), readIn(1)],
    ['reads again after two seconds', inspecting('upload-failed', 3), unreadable, inspecting('upload-failed', 2), readIn(2)],
    ['reads a last time after eight seconds', inspecting('upload-failed', 1), unreadable, inspecting('upload-failed', 0), readIn(8)],
    ['is stranded when no read is left', inspecting('upload-failed', 0), unreadable, ...settles(stranded('cloudflare-unavailable'))],
  ])
})

describe('a first deploy that inspects production', () => {
  const { anchor: _anchor, baseline: _baseline, ...first } = fully
  specify(first, [
    ['refuses when there is still nothing', inspecting('upload-failed'), nothingLive, ...settles(refused('upload-failed'))],
    ['is stranded when there is something', inspecting('upload-failed'), live(ours(at(100))), ...settles(stranded('full-deploy-failed'))],
  ])
})
