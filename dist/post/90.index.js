export const id = 90;
export const ids = [90];
export const modules = {

/***/ 51390:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   J: () => (/* binding */ refused)
/* harmony export */ });
function refused(reason, details = [], warnings = []) {
    return { ending: { kind: 'refused', reason }, details, warnings };
}


/***/ }),

/***/ 29090:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   recover: () => (/* binding */ recover),
/* harmony export */   t: () => (/* binding */ recoverEntry)
/* harmony export */ });
/* harmony import */ var _core_ledger_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(40629);
/* harmony import */ var _core_rollout_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(25739);
/* harmony import */ var _carry_out_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(78805);
/* harmony import */ var _finished_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(51390);
/* harmony import */ var _keep_ledger_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(64531);
/* harmony import */ var _stopped_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(35599);






/** Finishes what a dead run has left open; `undefined` when there is nothing to finish. */
async function recover(session) {
    if (session.config.dryRun)
        return proveWayBack(session);
    const entries = await (0,_keep_ledger_js__WEBPACK_IMPORTED_MODULE_3__/* .readLedger */ .SC)(session, 'deploy');
    if (entries.kind !== 'ok')
        return (0,_finished_js__WEBPACK_IMPORTED_MODULE_4__/* .refused */ .J)('ledger-unavailable', ['the record cannot be read, so nobody knows what is to be finished']);
    const { runId } = session.config.github;
    const own = entries.value.filter((entry) => entry.payload.runId === runId);
    const [entry] = await (0,_keep_ledger_js__WEBPACK_IMPORTED_MODULE_3__/* .trustedOnly */ .cy)(session, own.filter(_core_ledger_js__WEBPACK_IMPORTED_MODULE_0__/* .isUnfinished */ .ui));
    if (entry !== undefined)
        return recoverEntry(session, entry);
    session.runner.log('Nothing to recover: no rollout of this run is open.');
    republish(session, own[0]);
    return undefined;
}
/** What the deploy job's post step decided reached nobody: a post step has no outputs. */
function republish({ runner }, entry) {
    const end = entry === undefined ? undefined : (0,_core_ledger_js__WEBPACK_IMPORTED_MODULE_0__/* .readEnd */ .sA)(entry);
    if (entry === undefined || end === undefined)
        return;
    const { policy, worker, environment, sha } = entry.payload;
    const baseline = policy.plan === 'rollback' ? policy.target : policy.baseline;
    runner.setOutputs({
        ...end,
        'version-id': (0,_core_ledger_js__WEBPACK_IMPORTED_MODULE_0__/* .announcedCandidate */ .V7)(entry) ?? '',
        'baseline-id': baseline ?? '',
        result: JSON.stringify({ schemaVersion: 1, ...end, worker, environment, sha, versionId: (0,_core_ledger_js__WEBPACK_IMPORTED_MODULE_0__/* .announcedCandidate */ .V7)(entry) ?? null, baselineId: baseline ?? null, checks: [] }),
    });
}
/** The way back needs a token that can read deployments; an empty environment would be noticed too late. */
async function proveWayBack(session) {
    const history = await session.cloudflare.history(session.script);
    if (history.kind === 'denied')
        return (0,_finished_js__WEBPACK_IMPORTED_MODULE_4__/* .refused */ .J)('token-invalid', [history.message]);
    if (history.kind === 'unavailable')
        return (0,_finished_js__WEBPACK_IMPORTED_MODULE_4__/* .refused */ .J)('cloudflare-unavailable', [history.message]);
    session.runner.log('The way back is open: this environment has a token that reads deployments.');
    return undefined;
}
/** From the ledger alone, on whatever machine: puts the baseline back, checks it and settles the entry. */
async function recoverEntry(session, entry) {
    const { payload } = entry;
    const history = await session.cloudflare.history(session.script);
    // Whoever may write deployments can claim a run's number; nobody is restored to a baseline on that word alone.
    if (history.kind === 'ok' && !(0,_core_ledger_js__WEBPACK_IMPORTED_MODULE_0__/* .isBorneOut */ .lb)(payload.policy, history.value)) {
        return { ending: { kind: 'stranded', reason: 'no-trusted-target' }, details: [`record ${entry.id} names a baseline that Cloudflare's history does not bear out`], warnings: [] };
    }
    const candidate = (0,_core_ledger_js__WEBPACK_IMPORTED_MODULE_0__/* .announcedCandidate */ .V7)(entry);
    const first = (0,_core_rollout_js__WEBPACK_IMPORTED_MODULE_1__/* .resume */ .U)(payload.policy, lastPhase(payload.policy, candidate), 'run-died');
    const initial = {
        schemaVersion: 1,
        policy: payload.policy,
        phase: first.phase,
        script: session.script,
        sha: payload.sha,
        ledgerId: entry.id,
        preflight: payload.preflight,
        rounds: [],
        timeline: [],
        splits: [],
        ...(candidate === undefined ? {} : { candidate }),
    };
    const record = (0,_carry_out_js__WEBPACK_IMPORTED_MODULE_2__/* .keepRecord */ .rP)(session, initial);
    const done = await (0,_carry_out_js__WEBPACK_IMPORTED_MODULE_2__/* .carryOut */ .u0)(session, { policy: payload.policy, first, record });
    if (done.kind === 'stopped')
        throw new _stopped_js__WEBPACK_IMPORTED_MODULE_5__/* .StoppedError */ .K();
    const finished = { ending: done.ending, details: [], warnings: [], journal: record.current() };
    // The command that asked reports its own rollout; this one's record is settled here.
    if (session.config.command === 'deploy')
        await (0,_keep_ledger_js__WEBPACK_IMPORTED_MODULE_3__/* .closeEntry */ .HH)(session, entry.id, { ending: done.ending, journal: record.current(), text: 'recovered by a later run' });
    return finished;
}
/** The furthest that the dead run can have come: whatever is live, production is read before anything is written. */
function lastPhase(policy, candidate) {
    if (policy.plan === 'full')
        return { kind: 'deploying-fully' };
    const { read: readsLeft, write: writesLeft } = policy.tries;
    if (candidate === undefined)
        return { kind: 'uploading', triesLeft: 0 };
    return { kind: 'writing', goal: { kind: 'raise', percent: 100, candidate }, lastWrite: 'sent', readsLeft, writesLeft };
}


/***/ }),

/***/ 35599:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   K: () => (/* binding */ StoppedError)
/* harmony export */ });
/** The process was told to stop: `post` goes on from the journal, and reports. */
class StoppedError extends Error {
    name = 'StoppedError';
}


/***/ })

};
