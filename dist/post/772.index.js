export const id = 772;
export const ids = [772];
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

/***/ 3772:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   rollback: () => (/* binding */ rollback)
/* harmony export */ });
/* harmony import */ var _core_ids_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(2885);
/* harmony import */ var _core_ledger_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(40629);
/* harmony import */ var _core_marker_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(55845);
/* harmony import */ var _core_policy_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(59861);
/* harmony import */ var _core_rollout_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(25739);
/* harmony import */ var _carry_out_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(78805);
/* harmony import */ var _finished_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(51390);
/* harmony import */ var _keep_ledger_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(64531);
/* harmony import */ var _stopped_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(35599);









/** A deploy reads, then writes within this time; a rollback watches for longer. */
const WATCH_READINGS = 6;
const WATCH_INTERVAL_SECONDS = 5;
const ENTRIES_SEARCHED = 30;
/** A person's way back: hold, write, check, watch. It waits for no lock and for no deploy. */
async function rollback(session) {
    const { config, cloudflare, script, runner } = session;
    if (config.release)
        return release(session);
    const [history, versions] = await Promise.all([cloudflare.history(script), cloudflare.versions(script, { deployableOnly: true })]);
    if (history.kind === 'absent')
        return (0,_finished_js__WEBPACK_IMPORTED_MODULE_5__/* .refused */ .J)('worker-absent');
    if (history.kind !== 'ok')
        return (0,_finished_js__WEBPACK_IMPORTED_MODULE_5__/* .refused */ .J)(history.kind === 'denied' ? 'token-invalid' : 'cloudflare-unavailable', [history.message]);
    if (versions.kind !== 'ok')
        return (0,_finished_js__WEBPACK_IMPORTED_MODULE_5__/* .refused */ .J)('cloudflare-unavailable', ['the versions cannot be read']);
    const live = history.value[0];
    if (live === undefined)
        return (0,_finished_js__WEBPACK_IMPORTED_MODULE_5__/* .refused */ .J)('worker-absent');
    const chosen = await chooseTarget(session, history.value, versions.value);
    if (chosen.kind === 'refused')
        return (0,_finished_js__WEBPACK_IMPORTED_MODULE_5__/* .refused */ .J)(chosen.code, [chosen.why]);
    const { target } = chosen;
    const serving = live.split.map((share) => `${share.versionId} at ${share.percentage} %`).join(', ');
    const until = holdEnd(session);
    const announcement = `${script} in ${config.environment} serves ${serving}. It goes back to ${target} (${chosen.why}) at 100 %, and deploys are held ${(0,_core_ledger_js__WEBPACK_IMPORTED_MODULE_0__/* .describeHoldEnd */ .iz)(until)}. Reason: ${config.reason}`;
    runner.log(announcement);
    if (config.dryRun) {
        const plan = { steps: [announcement], missing: [] };
        return { ending: { kind: 'refused', reason: 'dry-run' }, details: [], warnings: [], plan, givenReason: config.reason };
    }
    const policy = {
        plan: 'rollback',
        marker: session.marker,
        tries: _core_policy_js__WEBPACK_IMPORTED_MODULE_1__/* .DEFAULT_TRIES */ .gh,
        anchor: live.id,
        target,
        watchReadings: WATCH_READINGS,
        watchIntervalSeconds: WATCH_INTERVAL_SECONDS,
        force: true,
    };
    return goBack(session, policy, { until, sha: chosen.sha, from: live.split.map((share) => share.versionId).filter((id) => id !== target) });
}
async function goBack(session, policy, going) {
    const { config, script } = session;
    const first = (0,_core_rollout_js__WEBPACK_IMPORTED_MODULE_2__/* .begin */ .qN)(policy);
    const initial = { schemaVersion: 1, policy, phase: first.phase, script, sha: going.sha, preflight: [], rounds: [], timeline: [], splits: [] };
    const record = (0,_carry_out_js__WEBPACK_IMPORTED_MODULE_3__/* .keepRecord */ .rP)(session, initial);
    const warnings = [];
    const base = (0,_keep_ledger_js__WEBPACK_IMPORTED_MODULE_4__/* .payloadBase */ .iO)(session, going.sha);
    // The hold stops what would come next; the write must not wait for it, should GitHub be down.
    const { until } = going;
    const hold = { kind: 'hold', ...base, owner: config.actor, reason: session.redact(config.reason), ...(until === undefined ? {} : { until }) };
    const held = await (0,_keep_ledger_js__WEBPACK_IMPORTED_MODULE_4__/* .openEntry */ .vW)(session, hold, `Held by ${config.actor}`);
    if (held.kind !== 'ok')
        warnings.push('The hold could not be placed: deploys may go on. Place it by running this workflow again when GitHub answers.');
    const payload = { kind: 'rollback', ...base, policy, from: [...going.from], reason: session.redact(config.reason) };
    const opened = await (0,_keep_ledger_js__WEBPACK_IMPORTED_MODULE_4__/* .openEntry */ .vW)(session, payload, 'Sleepwell rolls back by hand');
    if (opened.kind === 'ok')
        record.update({ ledgerId: opened.value.id });
    else
        warnings.push('The record could not be opened: the next rollback does not know of this one.');
    const done = await (0,_carry_out_js__WEBPACK_IMPORTED_MODULE_3__/* .carryOut */ .u0)(session, { policy, first, record });
    if (done.kind === 'stopped')
        throw new _stopped_js__WEBPACK_IMPORTED_MODULE_6__/* .StoppedError */ .K();
    return { ending: done.ending, details: [], warnings, journal: record.current(), givenReason: config.reason, ...(held.kind === 'ok' ? { holdUntil: (0,_core_ledger_js__WEBPACK_IMPORTED_MODULE_0__/* .describeHoldEnd */ .iz)(until) } : {}) };
}
/** ISO 8601, UTC; `undefined`: never. */
function holdEnd({ config, clock }) {
    return config.holdHours === undefined ? undefined : new Date(clock.now() + config.holdHours * 3_600_000).toISOString();
}
async function release(session) {
    const holds = await (0,_keep_ledger_js__WEBPACK_IMPORTED_MODULE_4__/* .readHolds */ .RC)(session);
    if (holds.kind !== 'ok')
        return (0,_finished_js__WEBPACK_IMPORTED_MODULE_5__/* .refused */ .J)('ledger-unavailable', ['the holds cannot be read']);
    if (session.config.dryRun)
        return (0,_finished_js__WEBPACK_IMPORTED_MODULE_5__/* .refused */ .J)('dry-run', [`${holds.value.length} hold(s) would be released`]);
    const released = await (0,_keep_ledger_js__WEBPACK_IMPORTED_MODULE_4__/* .releaseHolds */ .yg)(session, holds.value, `${session.config.actor}: ${session.config.reason}`);
    if (!released)
        return (0,_finished_js__WEBPACK_IMPORTED_MODULE_5__/* .refused */ .J)('ledger-unavailable', ['a hold could not be released']);
    return (0,_finished_js__WEBPACK_IMPORTED_MODULE_5__/* .refused */ .J)('released', [`${holds.value.length} hold(s) released by ${session.config.actor}`]);
}
async function chooseTarget(session, history, versions) {
    const { target } = session.config;
    const tagged = new Set(versions.filter((one) => (0,_core_ids_js__WEBPACK_IMPORTED_MODULE_7__/* .isSha */ .HH)(one.tag ?? '') || (0,_core_marker_js__WEBPACK_IMPORTED_MODULE_8__/* .readMarker */ .t7)(one.message) !== undefined).map((one) => one.id));
    const facts = { history, tagged };
    switch (target.kind) {
        case 'version': {
            if (!versions.some((one) => one.id === target.versionId))
                return refuseTarget(`${target.versionId} is not among the versions that can still be deployed`);
            if (!(0,_core_ledger_js__WEBPACK_IMPORTED_MODULE_0__/* .hasServed */ .qP)(target.versionId, facts))
                return refuseTarget(`${target.versionId} never served everybody and carries no tag of ours`);
            return chosenVersion(session, target.versionId, { versions, history, why: 'as asked' });
        }
        case 'commit': {
            const found = versions.filter((one) => one.tag === target.sha && (0,_core_ledger_js__WEBPACK_IMPORTED_MODULE_0__/* .hasServed */ .qP)(one.id, facts)).toSorted((one, other) => other.createdOn.localeCompare(one.createdOn))[0];
            if (found === undefined)
                return refuseTarget(`no deployable version carries the commit ${target.sha}`);
            return chosenVersion(session, found.id, { versions, history, why: `the version of commit ${target.sha}` });
        }
        case 'known-good': {
            const [deploys, rollbacks] = await Promise.all([(0,_keep_ledger_js__WEBPACK_IMPORTED_MODULE_4__/* .readLedger */ .SC)(session, 'deploy', ENTRIES_SEARCHED), (0,_keep_ledger_js__WEBPACK_IMPORTED_MODULE_4__/* .readLedger */ .SC)(session, 'rollback', ENTRIES_SEARCHED)]);
            if (deploys.kind !== 'ok' || rollbacks.kind !== 'ok') {
                return { kind: 'refused', code: 'ledger-unavailable', why: 'the record of deploys cannot be read; give a version id' };
            }
            const found = (0,_core_ledger_js__WEBPACK_IMPORTED_MODULE_0__/* .knownGood */ .PF)({ ...facts, deploys: await (0,_keep_ledger_js__WEBPACK_IMPORTED_MODULE_4__/* .trustedOnly */ .cy)(session, deploys.value), rollbacks: rollbacks.value, deployable: versions.map((one) => one.id) });
            if (found === undefined)
                return { kind: 'refused', code: 'no-known-good', why: 'no other version ended promoted and can still be deployed; give a version id' };
            return chosenVersion(session, found, { versions, history, why: 'the newest known good version that is not live' });
        }
    }
}
function refuseTarget(why) {
    return { kind: 'refused', code: 'unknown-target', why };
}
function chosenVersion({ variables }, id, { versions, history, why }) {
    const split = history[0]?.split ?? [];
    if (split.length === 1 && split[0]?.versionId === id)
        return { kind: 'refused', code: 'already-live', why: `${id} serves everybody already` };
    const tag = versions.find((one) => one.id === id)?.tag ?? '';
    const here = variables['GITHUB_SHA'] ?? '';
    const sha = (0,_core_ids_js__WEBPACK_IMPORTED_MODULE_7__/* .isSha */ .HH)(tag) ? tag : here;
    return (0,_core_ids_js__WEBPACK_IMPORTED_MODULE_7__/* .isSha */ .HH)(sha) ? { kind: 'ok', target: id, sha, why } : refuseTarget('neither the version nor this run names a commit');
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
