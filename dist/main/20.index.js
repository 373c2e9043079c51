export const id = 20;
export const ids = [20];
export const modules = {

/***/ 29179:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  u0: () => (/* binding */ carryOut),
  rP: () => (/* binding */ keepRecord)
});

// UNUSED EXPORTS: JOURNAL_STATE

// EXTERNAL MODULE: ./lib/core/rollout.js + 2 modules
var rollout = __webpack_require__(48940);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 13 modules
var schemas = __webpack_require__(55491);
// EXTERNAL MODULE: ./lib/core/ending.js
var ending = __webpack_require__(16144);
// EXTERNAL MODULE: ./lib/core/policy.js
var policy = __webpack_require__(59861);
// EXTERNAL MODULE: ./lib/core/schemas.js
var core_schemas = __webpack_require__(9975);
;// CONCATENATED MODULE: ./lib/core/rollout/state.js




const left = schemas/* number */.aig().int().nonnegative();
/** What a change of the split is for. */
const goalSchema = schemas/* discriminatedUnion */.gMt('kind', [
    /** Forward: the candidate at `percent`; 0 is the stage. `soaked`: it is there, and is only checked once more before the next step. */
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('raise'), percent: schemas/* number */.aig().min(0).max(100), candidate: core_schemas/* versionIdSchema */.lM, soaked: schemas/* literal */.euz(true).optional() }),
    /** The baseline at 100 %. `exposed`: a write that gave users the candidate may have landed. */
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('restore'), cause: ending/* causeSchema */.zu, exposed: schemas/* boolean */.zMY() }),
    /** A person's rollback to the policy's target. */
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('roll-back'), readingsLeft: left, reassertsLeft: left }),
    /** We wrote over somebody: give them back what they had deployed, then yield. */
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('put-back'), split: policy/* splitSchema */.Wk, to: schemas/* enum */.k5n(['rollback', 'foreign']) }),
]);
/** What a round of checks is about, and what follows from it. */
const subjectSchema = schemas/* discriminatedUnion */.gMt('kind', [
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('candidate'), candidate: core_schemas/* versionIdSchema */.lM, percent: schemas/* number */.aig(), soaked: schemas/* literal */.euz(true).optional() }),
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('baseline'), cause: ending/* causeSchema */.zu, exposed: schemas/* boolean */.zMY() }),
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('target'), readingsLeft: left, reassertsLeft: left }),
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('full-deploy'), candidate: core_schemas/* versionIdSchema */.lM }),
]);
/** What became of the last write towards the goal; `sent`: it may have been applied, whatever was answered. */
const lastWriteSchema = schemas/* enum */.k5n(['none', 'rejected', 'sent']);
/** What is left of the budgets of a round that decided nothing. */
const roundsLeftSchema = schemas/* object */.Ikc({ unknown: left, incident: left });
/** A step that is being watched. */
const soakSchema = schemas/* object */.Ikc({
    pollsLeft: left,
    /** By a person: nothing goes forward, harm still goes back. */
    paused: schemas/* boolean */.zMY(),
    /** By a person: the next step may begin. */
    approved: schemas/* boolean */.zMY(),
});
/** A read or a write; `again`, `soak`: in the midst of checks, or of a soak, that have decided nothing so far. */
const shiftShape = {
    goal: goalSchema,
    lastWrite: lastWriteSchema,
    readsLeft: left,
    writesLeft: left,
    again: roundsLeftSchema.optional(),
    soak: soakSchema.optional(),
};
/** Where a rollout is: plain data, saved in the journal before each effect. */
const phaseSchema = schemas/* discriminatedUnion */.gMt('kind', [
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('uploading'), triesLeft: left }),
    /** Production is read before and after each write: a split counts when it has been read back. */
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('reading'), ...shiftShape }),
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('writing'), ...shiftShape }),
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('checking'), subject: subjectSchema, roundsLeft: roundsLeftSchema }),
    /** The candidate at `percent` beside the baseline, before the next step. */
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('soaking'), candidate: core_schemas/* versionIdSchema */.lM, percent: schemas/* number */.aig(), soak: soakSchema }),
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('applying-triggers'), candidate: core_schemas/* versionIdSchema */.lM }),
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('deploying-fully') }),
    /** A full deploy did not end well: did it change anything? */
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('inspecting'), cause: ending/* causeSchema */.zu, readsLeft: left }),
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('watching'), readingsLeft: left, reassertsLeft: left, readsLeft: left }),
    schemas/* object */.Ikc({ kind: schemas/* literal */.euz('settled'), ending: ending/* endingSchema */.$9 }),
]);
/** Effects that lead towards users: each needs its ledger entry acknowledged before it is performed. */
function isForward(effect) {
    switch (effect.kind) {
        case 'upload':
        case 'deploy-fully':
            return true;
        case 'write-split':
            return effect.direction === 'forward';
        case 'read-production':
        case 'run-checks':
        case 'soak':
        case 'apply-triggers':
        case 'settle':
            return false;
    }
}

;// CONCATENATED MODULE: ./lib/shell/interpret.js


/** Journal, perform, next, and nothing else: every decision is `core/rollout.ts`'s. */
async function interpret(policy, first, { journal, perform, stop }) {
    let step = first;
    while (step.effect.kind !== 'settle') {
        const recorded = await journal.save(step);
        if (stop.aborted)
            return { kind: 'stopped', phase: step.phase };
        const mayPerform = recorded === 'recorded' || !isForward(step.effect);
        const seen = mayPerform ? await perform(step.effect) : { kind: 'not-recorded' };
        // What was seen while stopping is dropped on purpose: the next one reads production for itself.
        if (stop.aborted)
            return { kind: 'stopped', phase: step.phase };
        step = (0,rollout/* next */.K2)(policy, step.phase, seen);
    }
    return { kind: 'settled', ending: step.effect.ending };
}

// EXTERNAL MODULE: ./lib/core/marker.js
var marker = __webpack_require__(55845);
;// CONCATENATED MODULE: ./lib/shell/perform.js

/** Does what the rollout machine asks for, and says what came of it. */
async function perform(policy, effect, means) {
    await pause(effect, means);
    switch (effect.kind) {
        case 'upload':
            return means.upload();
        case 'read-production':
            return readProduction(effect.stopsMatter, means);
        case 'write-split':
            return writeSplit(policy, effect, means);
        case 'run-checks':
            return { kind: 'checked', verdict: await means.check(effect.subject) };
        case 'soak':
            return means.soak(effect);
        case 'apply-triggers':
            return { kind: 'triggers', applied: await means.applyTriggers() };
        case 'deploy-fully':
            return means.deployFully();
        case 'settle':
            throw new Error('bug: settling is the end of a rollout, not an effect to perform');
    }
}
async function pause(effect, means) {
    if (!('afterSeconds' in effect) || effect.afterSeconds === 0)
        return;
    means.tell({ kind: 'waiting', seconds: effect.afterSeconds, before: effect.kind });
    await means.clock.sleep(effect.afterSeconds, means.stop);
}
async function readProduction(stopsMatter, means) {
    const [history, stop] = await Promise.all([
        means.cloudflare.history(means.script),
        stopsMatter ? means.readStop() : Promise.resolve('none'),
    ]);
    if (history.kind === 'absent')
        return { kind: 'production', history: [] };
    if (history.kind !== 'ok' || stop === 'unreadable') {
        means.tell({ kind: 'unreadable', message: history.kind === 'ok' ? 'the hold cannot be read' : history.message });
        return { kind: 'unreadable' };
    }
    const live = history.value[0];
    if (live !== undefined)
        means.tell({ kind: 'read', split: live.split, deploymentId: live.id });
    return { kind: 'production', history: history.value, ...(stop === 'none' ? {} : { stop }) };
}
async function writeSplit(policy, effect, means) {
    const { split, direction, force } = effect;
    means.tell({ kind: 'writing', split, direction });
    const written = await means.cloudflare.writeSplit(means.script, {
        split,
        force,
        message: `${(0,marker/* formatMarker */.gJ)(policy.marker)} ${describe(split)}`,
        // A way back must not wait for Durable Objects to be idle; a step may.
        immediate: direction === 'back',
    });
    if (written.kind !== 'accepted')
        means.tell({ kind: 'write-failed', split, message: written.message });
    else
        means.tell({ kind: 'written', split });
    switch (written.kind) {
        case 'accepted':
        case 'rejected':
            return { kind: 'write-answered', answer: written.kind };
        case 'unanswered': {
            const { retryAfterSeconds } = written;
            return { kind: 'write-answered', answer: 'unanswered', ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
        }
    }
}
function describe(split) {
    return split.map((share) => `${share.versionId.slice(0, 8)} at ${share.percentage} %`).join(', ');
}

// EXTERNAL MODULE: ./lib/commands/check-production.js + 32 modules
var check_production = __webpack_require__(990);
// EXTERNAL MODULE: ./lib/commands/keep-ledger.js
var keep_ledger = __webpack_require__(64531);
// EXTERNAL MODULE: ./lib/commands/read-stop.js
var read_stop = __webpack_require__(99585);
;// CONCATENATED MODULE: ./lib/commands/record.js

function openRecord(initial, ports) {
    let journal = initial;
    let lastRead = '';
    const at = () => new Date(ports.clock.now()).toISOString();
    const note = (said) => {
        const text = ports.redact(said);
        journal = { ...journal, timeline: [...journal.timeline, { at: at(), text }] };
        ports.log(text);
    };
    return {
        current: () => journal,
        async save(step) {
            journal = { ...journal, phase: step.phase };
            ports.saveState(journal);
            if (!isForward(step.effect))
                return 'recorded';
            return (await ports.acknowledge(step, journal)) ? 'recorded' : 'not-recorded';
        },
        note,
        noteEvent(event) {
            if (event.kind === 'read') {
                if (inWords(event.split, journal) === lastRead)
                    return;
                lastRead = inWords(event.split, journal);
                const candidatePercent = event.split.find((share) => share.versionId === journal.candidate)?.percentage ?? 0;
                journal = { ...journal, splits: [...journal.splits, { at: at(), candidatePercent }] };
            }
            note(sentenceFor(event, journal));
        },
        noteRound(round) {
            journal = { ...journal, rounds: [...journal.rounds, round] };
        },
        update(change) {
            journal = { ...journal, ...change };
        },
    };
}
function sentenceFor(event, journal) {
    switch (event.kind) {
        case 'waiting':
            return `Waiting ${event.seconds} s before trying again (${event.before}).`;
        case 'writing':
            return `Asking Cloudflare for ${inWords(event.split, journal)}.`;
        case 'written':
            return `Cloudflare accepted ${inWords(event.split, journal)}.`;
        case 'write-failed':
            return `Cloudflare did not accept ${inWords(event.split, journal)}: ${event.message}`;
        case 'read':
            return `Read back: ${inWords(event.split, journal)}.`;
        case 'unreadable':
            return `Production could not be read: ${event.message}`;
    }
}
function inWords(split, journal) {
    return split.map((share) => `${roleOf(share.versionId, journal)} at ${share.percentage} %`).join(', ');
}
/** What a version is in this rollout, with enough of its id to find it. */
function roleOf(id, { candidate, policy }) {
    const baseline = policy.plan === 'rollback' ? policy.target : policy.baseline;
    const role = id === candidate ? 'the candidate' : policy.plan === 'rollback' ? 'the target' : 'the baseline';
    return id === candidate || id === baseline ? `${role} (${id.slice(0, 8)})` : id;
}

;// CONCATENATED MODULE: ./lib/commands/carry-out.js






const NO_WAY_FORWARD = {
    upload: () => Promise.reject(new Error('bug: nothing is uploaded on the way back')),
    deployFully: () => Promise.reject(new Error('bug: nothing is deployed on the way back')),
    applyTriggers: () => Promise.reject(new Error('bug: no triggers are applied on the way back')),
};
const NO_SOAK = () => Promise.reject(new Error('bug: nothing soaks on the way back'));
/** Name of the state under which `post` finds the journal. */
const JOURNAL_STATE = 'journal';
function keepRecord(session, initial) {
    return openRecord(initial, {
        clock: session.clock,
        saveState: (journal) => session.runner.saveState(JOURNAL_STATE, asState(journal)),
        acknowledge: (step, journal) => (0,keep_ledger/* acknowledge */.b0)(session, step, journal),
        log: (line) => session.runner.log(line),
        redact: session.redact,
    });
}
/** The runner hands a state over as one environment variable, which Linux takes up to 128 KiB (execve(2), MAX_ARG_STRLEN). */
const LONGEST_STATE = 100_000;
/** Without its counts a rollout is finished just as well; only the report has less to show. */
function asState(journal) {
    const whole = JSON.stringify(journal);
    if (Buffer.byteLength(whole) <= LONGEST_STATE)
        return whole;
    const { analysis: _, ...rest } = journal;
    return JSON.stringify(rest);
}
/** Carries a policy out from a step to its ending, or until the process is told to stop. */
async function carryOut(session, plan, forward = NO_WAY_FORWARD) {
    const { policy, first, record } = plan;
    const means = {
        script: session.script,
        cloudflare: session.cloudflare,
        clock: session.clock,
        stop: session.stop,
        ...forward,
        async upload() {
            const seen = await forward.upload();
            if (seen.kind === 'uploaded')
                record.update({ candidate: seen.candidate });
            return seen;
        },
        async deployFully() {
            const stop = await (0,read_stop/* readStop */.P)(session);
            if (stop === 'unreadable')
                return { kind: 'not-recorded' };
            if (stop !== 'none')
                return { kind: 'stopped', stop };
            const seen = await forward.deployFully();
            if (seen.kind === 'deployed-fully')
                record.update({ candidate: seen.candidate });
            return seen;
        },
        readStop: () => (0,read_stop/* readStop */.P)(session),
        soak: plan.soak ?? NO_SOAK,
        check: (subject) => (0,check_production/* checkSubject */.jj)({ plan: session.checkPlan, policy, subject, record }, session.checkPorts),
        tell: (event) => record.noteEvent(event),
    };
    const done = await interpret(policy, first, {
        journal: record,
        stop: session.stop,
        perform: (effect) => perform(policy, effect, means),
    });
    if (done.kind === 'settled')
        await record.save({ phase: { kind: 'settled', ending: done.ending }, effect: { kind: 'settle', ending: done.ending } });
    return done;
}


/***/ }),

/***/ 51390:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   J: () => (/* binding */ refused)
/* harmony export */ });
function refused(reason, details = [], warnings = []) {
    return { ending: { kind: 'refused', reason }, details, warnings };
}


/***/ }),

/***/ 99585:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   P: () => (/* binding */ readStop),
/* harmony export */   n: () => (/* binding */ freezeAgainst)
/* harmony export */ });
/* harmony import */ var _core_freeze_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(43912);
/* harmony import */ var _keep_ledger_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(64531);


/** The freeze that stops this deploy at a time; one that a person has overridden stops nothing. */
function freezeAgainst({ freeze, freezeOverride }, atMs) {
    return freezeOverride === undefined ? (0,_core_freeze_js__WEBPACK_IMPORTED_MODULE_1__/* .openFreeze */ .AK)(freeze, atMs) : undefined;
}
/** Asked before each step forward; whoever goes back never asks. */
async function readStop(session) {
    const { config, clock } = session;
    if (config.command === 'deploy' && freezeAgainst(config, clock.now()) !== undefined)
        return 'frozen';
    const holds = await (0,_keep_ledger_js__WEBPACK_IMPORTED_MODULE_0__/* .readHolds */ .RC)(session);
    if (holds.kind !== 'ok')
        return 'unreadable';
    return holds.value.length > 0 ? 'held' : 'none';
}


/***/ }),

/***/ 48940:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  qN: () => (/* binding */ begin),
  K2: () => (/* binding */ next),
  U: () => (/* binding */ resume)
});

// EXTERNAL MODULE: ./lib/core/production.js
var production = __webpack_require__(30264);
// EXTERNAL MODULE: ./lib/core/rollout/soaking.js
var rollout_soaking = __webpack_require__(22431);
// EXTERNAL MODULE: ./lib/core/rollout/steps.js
var steps = __webpack_require__(7294);
;// CONCATENATED MODULE: ./lib/core/rollout/judging.js



const UNKNOWN_AGAIN_SECONDS = 5;
const INCIDENT_AGAIN_SECONDS = 20;
/** Silence is not health: *unknown* spends its own budget, and what is left of it decides nothing. */
function afterChecks(policy, phase, seen) {
    if (seen.kind !== 'checked')
        throw (0,steps/* mismatch */.J4)(phase, seen);
    switch (seen.verdict) {
        case 'healthy':
            return afterHealthy(policy, phase.subject);
        case 'regressed':
            return afterBad(policy, phase.subject, 'unhealthy');
        case 'unknown':
            if (phase.roundsLeft.unknown === 0)
                return afterBad(policy, phase.subject, 'unknown');
            return again(policy, phase, 'unknown');
        case 'shared-incident':
            // Rolling back would not help while the baseline fails as well: hold, as long as it may pass.
            if (phase.roundsLeft.incident === 0)
                return afterBad(policy, phase.subject, 'shared-incident');
            return again(policy, phase, 'incident');
    }
}
/** Checks that decided nothing are repeated, but only on a split that still is ours: somebody may have come. */
function again(policy, phase, spent) {
    const { subject } = phase;
    const roundsLeft = { ...phase.roundsLeft, [spent]: phase.roundsLeft[spent] - 1 };
    const afterSeconds = spent === 'unknown' ? UNKNOWN_AGAIN_SECONDS : INCIDENT_AGAIN_SECONDS;
    switch (subject.kind) {
        case 'candidate':
            if (policy.plan === 'staged')
                return (0,steps/* aimAgain */.S1)(policy, { ...subject, kind: 'raise' }, { again: roundsLeft }, afterSeconds);
            break;
        case 'baseline':
            return (0,steps/* aimAgain */.S1)(policy, { ...subject, kind: 'restore' }, { again: roundsLeft }, afterSeconds);
        case 'target':
            return (0,steps/* aimAgain */.S1)(policy, { ...subject, kind: 'roll-back' }, { again: roundsLeft }, afterSeconds);
        case 'full-deploy':
            break;
    }
    // A full deploy has no split of ours to look for.
    return { phase: { ...phase, roundsLeft }, effect: { kind: 'run-checks', subject, afterSeconds } };
}
function afterHealthy(policy, subject) {
    switch (subject.kind) {
        case 'candidate':
            return policy.plan === 'staged' ? (0,rollout_soaking/* afterHealthyStep */.oL)(policy, subject, subject.soaked === true) : (0,steps/* settle */.G9)({ kind: 'promoted' });
        case 'baseline':
            // Stopped before any user met the candidate: nothing went wrong.
            if ((subject.cause === 'held' || subject.cause === 'frozen') && !subject.exposed)
                return (0,steps/* settle */.G9)({ kind: 'refused', reason: subject.cause });
            return (0,steps/* settle */.G9)({ kind: 'rolled-back', cause: subject.cause });
        case 'target': {
            const { readingsLeft, reassertsLeft } = subject;
            if (readingsLeft === 0)
                return (0,steps/* settle */.G9)({ kind: 'rolled-back', cause: 'by-hand' });
            return (0,steps/* watch */.wB)({ kind: 'watching', readingsLeft, reassertsLeft, readsLeft: policy.tries.read }, watchSeconds(policy));
        }
        case 'full-deploy':
            return (0,steps/* settle */.G9)({ kind: 'promoted' });
    }
}
const CAUSES = { unhealthy: 'check-failed', unknown: 'check-unknown', 'shared-incident': 'shared-incident' };
function afterBad(policy, subject, how) {
    switch (subject.kind) {
        case 'candidate':
            return (0,steps/* aim */.uD)(policy, {
                kind: 'restore',
                cause: CAUSES[how],
                exposed: subject.percent > 0,
            });
        case 'baseline':
            if (subject.cause === 'shared-incident' || how === 'shared-incident')
                return (0,steps/* settle */.G9)({ kind: 'stranded', reason: 'shared-incident' });
            return (0,steps/* settle */.G9)({ kind: 'stranded', reason: `baseline-${how}` });
        case 'target':
            return (0,steps/* settle */.G9)({ kind: 'stranded', reason: how === 'unhealthy' ? 'target-unhealthy' : 'target-unknown' });
        case 'full-deploy':
            return (0,steps/* settle */.G9)({ kind: 'stranded', reason: how === 'unhealthy' ? 'full-deploy-unhealthy' : 'full-deploy-unknown' });
    }
}
/** A rollback watches for as long as a deploy that had read before it may still write after it. */
function afterWatching(policy, phase, seen) {
    if (policy.plan !== 'rollback')
        throw (0,steps/* mismatch */.J4)(phase, seen);
    if (seen.kind === 'unreadable') {
        if (phase.readsLeft === 0)
            return (0,steps/* settle */.G9)({ kind: 'stranded', reason: 'cloudflare-unavailable' });
        return (0,steps/* watch */.wB)({ ...phase, readsLeft: phase.readsLeft - 1 }, watchSeconds(policy));
    }
    if (seen.kind !== 'production')
        throw (0,steps/* mismatch */.J4)(phase, seen);
    const standing = (0,production/* standingOf */.YP)(seen.history, policy.anchor, policy.marker);
    switch (standing.kind) {
        case 'nothing-live':
            return (0,steps/* settle */.G9)({ kind: 'stranded', reason: 'nothing-live' });
        case 'foreign': {
            if (standing.foreign.marker?.command !== 'deploy')
                return (0,steps/* settle */.G9)({ kind: 'yielded', to: (0,steps/* takenBy */.bL)(standing.foreign) });
            // A deploy that wrote over the target has put it back: what was asked for is live, by another hand.
            if ((0,production/* isSameSplit */.T5)(standing.foreign.split, [{ versionId: policy.target, percentage: 100 }]))
                return watchOn(policy, phase);
            if (phase.reassertsLeft === 0)
                return (0,steps/* settle */.G9)({ kind: 'stranded', reason: 'outpaced' });
            return (0,steps/* aim */.uD)(policy, { kind: 'roll-back', readingsLeft: phase.readingsLeft, reassertsLeft: phase.reassertsLeft - 1 });
        }
        case 'untouched':
        case 'ours':
        case 'overwrote':
            return watchOn(policy, phase);
    }
}
function watchOn(policy, phase) {
    if (phase.readingsLeft === 0)
        return (0,steps/* settle */.G9)({ kind: 'rolled-back', cause: 'by-hand' });
    return (0,steps/* watch */.wB)({ ...phase, readingsLeft: phase.readingsLeft - 1 }, watchSeconds(policy));
}
/** `wrangler deploy` has written by itself; only its checks are left to judge. */
function afterFullDeploy(policy, phase, seen) {
    switch (seen.kind) {
        case 'not-recorded':
            return (0,steps/* settle */.G9)({ kind: 'refused', reason: 'ledger-unavailable' });
        case 'stopped':
            return (0,steps/* settle */.G9)({ kind: 'refused', reason: seen.stop });
        case 'deployed-fully':
            return (0,steps/* check */.z6)(policy, { kind: 'full-deploy', candidate: seen.candidate });
        case 'full-deploy-failed':
            return (0,steps/* inspect */.Nn)({ kind: 'inspecting', cause: 'upload-failed', readsLeft: policy.tries.read }, 0);
        case 'uploaded':
        case 'upload-failed':
        case 'production':
        case 'unreadable':
        case 'write-answered':
        case 'checked':
        case 'soaked':
        case 'triggers':
            throw (0,steps/* mismatch */.J4)(phase, seen);
    }
}
/** A full deploy that failed or was cut off: *refused* only if production is seen to be as it was. */
function afterInspection(policy, phase, seen) {
    if (seen.kind === 'unreadable' && phase.readsLeft > 0) {
        const retry = policy.tries.read - phase.readsLeft + 1;
        return (0,steps/* inspect */.Nn)({ ...phase, readsLeft: phase.readsLeft - 1 }, (0,steps/* backOffSeconds */.A$)(retry));
    }
    if (seen.kind === 'unreadable')
        return (0,steps/* settle */.G9)({ kind: 'stranded', reason: 'cloudflare-unavailable' });
    if (seen.kind !== 'production')
        throw (0,steps/* mismatch */.J4)(phase, seen);
    const isAsBefore = seen.history[0]?.id === policy.anchor;
    return (0,steps/* settle */.G9)(isAsBefore ? { kind: 'refused', reason: phase.cause } : { kind: 'stranded', reason: 'full-deploy-failed' });
}
function watchSeconds(policy) {
    return policy.plan === 'rollback' ? policy.watchIntervalSeconds : 0;
}

// EXTERNAL MODULE: ./lib/core/marker.js
var marker = __webpack_require__(55845);
;// CONCATENATED MODULE: ./lib/core/rollout/shifting.js




const LONGEST_THROTTLE_SECONDS = 60;
/** Compares what is live with the goal: reached, to be written, or somebody else's. */
function afterReading(policy, phase, seen) {
    if (seen.kind === 'unreadable') {
        if (phase.readsLeft === 0)
            return giveUp(policy, phase, 'cloudflare-unavailable');
        return (0,steps/* read */.LF)({ ...phase, readsLeft: phase.readsLeft - 1 }, (0,steps/* backOffSeconds */.A$)(policy.tries.read - phase.readsLeft + 1));
    }
    if (seen.kind !== 'production')
        throw (0,steps/* mismatch */.J4)(phase, seen);
    const live = seen.history[0];
    if (live === undefined)
        return (0,steps/* settle */.G9)({ kind: 'stranded', reason: 'nothing-live' });
    switch (phase.goal.kind) {
        case 'raise':
        case 'restore':
            return afterReadingOwn(policy, phase, seen);
        case 'roll-back':
            return afterReadingForRollback(policy, phase, seen.history);
        case 'put-back': {
            const done = (0,production/* isSameSplit */.T5)(live.split, phase.goal.split) || !(0,marker/* isSameMarker */.jR)(live.marker, policy.marker);
            return done ? (0,steps/* settle */.G9)({ kind: 'yielded', to: phase.goal.to }) : write(policy, phase);
        }
    }
}
function afterReadingOwn(policy, phase, seen) {
    const { goal } = phase;
    const standing = (0,production/* standingOf */.YP)(seen.history, policy.anchor, policy.marker);
    switch (standing.kind) {
        case 'nothing-live':
            return (0,steps/* settle */.G9)({ kind: 'stranded', reason: 'nothing-live' });
        case 'foreign':
            return (0,steps/* settle */.G9)({ kind: 'yielded', to: (0,steps/* takenBy */.bL)(standing.foreign) });
        case 'overwrote':
            return (0,steps/* aim */.uD)(policy, { kind: 'put-back', split: [...standing.foreign.split], to: (0,steps/* takenBy */.bL)(standing.foreign) });
        case 'untouched':
            if (goal.kind === 'restore')
                return (0,steps/* settle */.G9)({ kind: 'refused', reason: goal.cause });
            break;
        case 'ours':
            if ((0,production/* isSameSplit */.T5)(standing.live.split, (0,steps/* splitFor */.o_)(policy, goal)) && !isStoppedAgain(phase, seen))
                return landed(policy, phase);
    }
    if (goal.kind === 'raise' && seen.stop !== undefined)
        return retreat(policy, phase, seen.stop);
    return write(policy, phase);
}
/** A hold or a freeze that came while checks were undecided: nothing more is awaited. */
function isStoppedAgain({ goal, again }, { stop }) {
    return stop !== undefined && again !== undefined && goal.kind === 'raise';
}
function landed(policy, { goal, again, soak: soaking }) {
    switch (goal.kind) {
        case 'raise':
            if (soaking !== undefined)
                return (0,rollout_soaking/* soak */.Rb)(goal, soaking);
            return (0,steps/* check */.z6)(policy, { ...goal, kind: 'candidate' }, again);
        case 'restore':
            return (0,steps/* check */.z6)(policy, { kind: 'baseline', cause: goal.cause, exposed: goal.exposed }, again);
        case 'roll-back':
            return (0,steps/* check */.z6)(policy, { kind: 'target', readingsLeft: goal.readingsLeft, reassertsLeft: goal.reassertsLeft }, again);
        case 'put-back':
            return (0,steps/* settle */.G9)({ kind: 'yielded', to: goal.to });
    }
}
/** A person's rollback outranks deploys: it writes over theirs, and yields to everybody else. */
function afterReadingForRollback(policy, phase, history) {
    const standing = (0,production/* standingOf */.YP)(history, policy.anchor, policy.marker);
    if (standing.kind === 'foreign' && standing.foreign.marker?.command !== 'deploy') {
        return (0,steps/* settle */.G9)({ kind: 'yielded', to: (0,steps/* takenBy */.bL)(standing.foreign) });
    }
    const isThere = history[0] !== undefined && (0,production/* isSameSplit */.T5)(history[0].split, (0,steps/* splitFor */.o_)(policy, phase.goal));
    return isThere ? landed(policy, phase) : write(policy, phase);
}
function write(policy, phase) {
    if (phase.writesLeft === 0)
        return giveUp(policy, phase, phase.lastWrite === 'rejected' ? 'write-rejected' : 'cloudflare-unavailable');
    const { goal } = phase;
    const direction = goal.kind === 'raise' ? 'forward' : 'back';
    // Secrets changed since (10220): this rollout's own baseline was live minutes ago, so going back is always forced.
    const force = policy.plan === 'rollback' ? policy.force : direction === 'back';
    return {
        phase: { ...phase, kind: 'writing', writesLeft: phase.writesLeft - 1 },
        effect: { kind: 'write-split', split: (0,steps/* splitFor */.o_)(policy, goal), direction, force },
    };
}
/** Whatever was answered, only reading back tells what is live. */
function afterWriting(policy, phase, seen) {
    const reading = { ...phase, kind: 'reading' };
    if (seen.kind === 'not-recorded')
        return retreat(policy, reading, 'ledger-unavailable');
    if (seen.kind !== 'write-answered')
        throw (0,steps/* mismatch */.J4)(phase, seen);
    const pauseSeconds = (0,steps/* backOffSeconds */.A$)(policy.tries.write - phase.writesLeft);
    switch (seen.answer) {
        case 'accepted':
            return (0,steps/* read */.LF)({ ...reading, lastWrite: 'sent' }, 0);
        case 'rejected':
            if (phase.goal.kind === 'raise')
                return retreat(policy, reading, 'write-rejected');
            return (0,steps/* read */.LF)({ ...reading, lastWrite: 'rejected' }, pauseSeconds);
        case 'unanswered': {
            const throttleSeconds = Math.min(seen.retryAfterSeconds ?? 0, LONGEST_THROTTLE_SECONDS);
            return (0,steps/* read */.LF)({ ...reading, lastWrite: 'sent' }, Math.max(pauseSeconds, throttleSeconds));
        }
    }
}
function giveUp(policy, phase, why) {
    return phase.goal.kind === 'raise' ? retreat(policy, phase, why) : (0,steps/* settle */.G9)({ kind: 'stranded', reason: why });
}
/** Leaves a raise: nothing was sent yet, or the baseline must come back. */
function retreat(policy, phase, cause) {
    if (phase.goal.kind !== 'raise')
        return (0,steps/* settle */.G9)({ kind: 'stranded', reason: 'cloudflare-unavailable' });
    const sent = phase.lastWrite === 'sent';
    if (phase.goal.percent === 0 && !sent)
        return (0,steps/* settle */.G9)({ kind: 'refused', reason: cause });
    return (0,steps/* aim */.uD)(policy, { kind: 'restore', cause, exposed: (0,steps/* hasExposed */.Ro)(policy, phase.goal.percent, sent) });
}

;// CONCATENATED MODULE: ./lib/core/rollout.js




/** The first step of a rollout whose gate and preflight have passed. */
function begin(policy) {
    switch (policy.plan) {
        case 'staged':
            return { phase: { kind: 'uploading', triesLeft: policy.tries.upload - 1 }, effect: { kind: 'upload', afterSeconds: 0 } };
        case 'full':
            return { phase: { kind: 'deploying-fully' }, effect: { kind: 'deploy-fully' } };
        case 'rollback':
            return (0,steps/* aim */.uD)(policy, rollBackGoal(policy));
    }
}
/** The first step of whoever finishes a rollout that was cut off in `phase`. Idempotent. */
function resume(policy, phase, cause) {
    if (phase.kind === 'settled')
        return (0,steps/* settle */.G9)(phase.ending);
    if (phase.kind === 'applying-triggers')
        return (0,steps/* settle */.G9)({ kind: 'stranded', reason: 'triggers-unknown' });
    switch (policy.plan) {
        case 'staged':
            return resumeStaged(policy, phase, cause);
        case 'full':
            return (0,steps/* inspect */.Nn)({ kind: 'inspecting', cause, readsLeft: policy.tries.read }, 0);
        case 'rollback':
            return (0,steps/* aim */.uD)(policy, rollBackGoal(policy));
    }
}
/** Total over every phase and every observation that its effect can have; a mismatch is a bug and throws. */
function next(policy, phase, seen) {
    switch (phase.kind) {
        case 'uploading':
            return afterUpload(policy, phase, seen);
        case 'reading':
            return afterReading(policy, phase, seen);
        case 'writing':
            return afterWriting(policy, phase, seen);
        case 'checking':
            return afterChecks(policy, phase, seen);
        case 'soaking':
            if (policy.plan !== 'staged')
                throw (0,steps/* mismatch */.J4)(phase, seen);
            return (0,rollout_soaking/* afterSoaking */.xQ)(policy, phase, seen);
        case 'applying-triggers':
            if (seen.kind !== 'triggers')
                throw (0,steps/* mismatch */.J4)(phase, seen);
            return (0,steps/* settle */.G9)(seen.applied ? { kind: 'promoted' } : { kind: 'stranded', reason: 'triggers-failed' });
        case 'deploying-fully':
            return afterFullDeploy(policy, phase, seen);
        case 'inspecting':
            return afterInspection(policy, phase, seen);
        case 'watching':
            return afterWatching(policy, phase, seen);
        case 'settled':
            throw (0,steps/* mismatch */.J4)(phase, seen);
    }
}
function resumeStaged(policy, phase, cause) {
    switch (phase.kind) {
        case 'reading':
        case 'writing':
            if (phase.goal.kind === 'raise') {
                const maySent = phase.kind === 'writing' || phase.lastWrite === 'sent';
                return (0,steps/* aim */.uD)(policy, { kind: 'restore', cause, exposed: (0,steps/* hasExposed */.Ro)(policy, phase.goal.percent, maySent) });
            }
            return (0,steps/* aim */.uD)(policy, phase.goal);
        case 'checking':
            if (phase.subject.kind === 'baseline')
                return (0,steps/* aim */.uD)(policy, { ...phase.subject, kind: 'restore' });
            return (0,steps/* aim */.uD)(policy, { kind: 'restore', cause, exposed: phase.subject.kind === 'candidate' && phase.subject.percent > 0 });
        case 'soaking':
            return (0,steps/* aim */.uD)(policy, { kind: 'restore', cause, exposed: phase.percent > 0 });
        case 'uploading':
            return (0,steps/* settle */.G9)({ kind: 'refused', reason: cause });
        case 'deploying-fully':
        case 'inspecting':
        case 'watching':
        case 'applying-triggers':
        case 'settled':
            throw new Error(`a staged rollout is never ${phase.kind} here`);
    }
}
function rollBackGoal(policy) {
    return { kind: 'roll-back', readingsLeft: policy.watchReadings, reassertsLeft: policy.tries.reassert };
}
function afterUpload(policy, phase, seen) {
    if (seen.kind === 'not-recorded')
        return (0,steps/* settle */.G9)({ kind: 'refused', reason: 'ledger-unavailable' });
    if (seen.kind === 'uploaded')
        return (0,steps/* aim */.uD)(policy, { kind: 'raise', percent: 0, candidate: seen.candidate });
    if (seen.kind !== 'upload-failed')
        throw (0,steps/* mismatch */.J4)(phase, seen);
    // A version without traffic harms nobody, so an upload of unknown outcome may simply be repeated.
    if (!seen.retriable || phase.triesLeft === 0)
        return (0,steps/* settle */.G9)({ kind: 'refused', reason: 'upload-failed' });
    return {
        phase: { kind: 'uploading', triesLeft: phase.triesLeft - 1 },
        effect: { kind: 'upload', afterSeconds: (0,steps/* backOffSeconds */.A$)(policy.tries.upload - phase.triesLeft) },
    };
}


/***/ }),

/***/ 22431:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   OH: () => (/* binding */ stepAt),
/* harmony export */   Rb: () => (/* binding */ soak),
/* harmony export */   oL: () => (/* binding */ afterHealthyStep),
/* harmony export */   sk: () => (/* binding */ nextStep),
/* harmony export */   xQ: () => (/* binding */ afterSoaking)
/* harmony export */ });
/* harmony import */ var _steps_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7294);

/** What follows healthy checks: the soak, if this step has one or the next one wants a person's yes; else the next step. */
function afterHealthyStep(policy, place, isSoaked) {
    const isWatched = (stepAt(policy.ramp, place.percent)?.soakSeconds ?? 0) > 0;
    const isAwaited = nextStep(policy.ramp, place.percent)?.approval === true;
    if (isSoaked || (!isWatched && !isAwaited))
        return goOn(policy, place);
    return soak(place, { pollsLeft: mostPolls(policy.ramp), paused: false, approved: false });
}
function soak({ candidate, percent }, left) {
    return { phase: { kind: 'soaking', candidate, percent, soak: left }, effect: { kind: 'soak', candidate, percent, isPaused: left.paused, isApproved: left.approved } };
}
/** Proof of harm and a person's abort come first; nothing that anybody says goes forward over them. */
function afterSoaking(policy, phase, seen) {
    if (seen.kind !== 'soaked')
        throw (0,_steps_js__WEBPACK_IMPORTED_MODULE_0__/* .mismatch */ .J4)(phase, seen);
    const { candidate, percent } = phase;
    const back = (cause) => (0,_steps_js__WEBPACK_IMPORTED_MODULE_0__/* .aim */ .uD)(policy, { kind: 'restore', cause, exposed: percent > 0 });
    if (seen.advice === 'restore')
        return back('regressed');
    if (seen.steering === 'abort')
        return back('aborted');
    if (seen.steering === 'promote')
        return leave(policy, phase);
    const left = steered(phase.soak, seen.steering);
    if (isReady(policy, phase, { left, advice: seen.advice }))
        return leave(policy, phase);
    if (seen.advice === 'undecided' && !left.paused && policy.ramp.whenInconclusive === 'rollback')
        return back('inconclusive');
    if (!seen.isOverdue && left.pollsLeft > 0) {
        // Before the next look: somebody may have deployed, or held deploys, in the meantime.
        return (0,_steps_js__WEBPACK_IMPORTED_MODULE_0__/* .aimAgain */ .S1)(policy, { kind: 'raise', candidate, percent }, { soak: { ...left, pollsLeft: left.pollsLeft - 1 } }, 0);
    }
    // The watch after promotion only ever looks for harm: it has found none.
    if (percent === 100)
        return goOn(policy, phase);
    return back(CAUSE_AT_DEADLINE[seen.advice]);
}
const CAUSE_AT_DEADLINE = { advance: 'deadline', wait: 'deadline', undecided: 'inconclusive', hold: 'shared-incident' };
function isReady({ ramp }, { percent }, { left, advice }) {
    if (left.paused)
        return false;
    if (nextStep(ramp, percent)?.approval === true && !left.approved)
        return false;
    return advice === 'advance' || (advice === 'undecided' && (ramp.whenInconclusive === 'promote' || percent === 100));
}
function steered(left, steering) {
    switch (steering) {
        case 'pause':
            return { ...left, paused: true };
        case 'resume':
            return { ...left, paused: false };
        case 'approve':
            return { ...left, approved: true };
        case 'promote':
        case 'abort':
        case undefined:
            return left;
    }
}
/** The checks once more, since a soak is long; at 100 % what follows is the end, and the checks have passed there. */
function leave(policy, { candidate, percent }) {
    if (percent === 100)
        return goOn(policy, { candidate, percent });
    return (0,_steps_js__WEBPACK_IMPORTED_MODULE_0__/* .check */ .z6)(policy, { kind: 'candidate', candidate, percent, soaked: true });
}
function goOn(policy, { candidate, percent }) {
    const next = nextStep(policy.ramp, percent);
    if (next !== undefined)
        return (0,_steps_js__WEBPACK_IMPORTED_MODULE_0__/* .aim */ .uD)(policy, { kind: 'raise', percent: next.percent, candidate });
    if (!policy.applyTriggers)
        return (0,_steps_js__WEBPACK_IMPORTED_MODULE_0__/* .settle */ .G9)({ kind: 'promoted' });
    return { phase: { kind: 'applying-triggers', candidate }, effect: { kind: 'apply-triggers' } };
}
function stepAt({ steps }, percent) {
    return steps.find((step) => step.percent === percent);
}
function nextStep({ steps }, percent) {
    return steps.find((step) => step.percent > percent);
}
/** More looks than the deadline has room for; the clock ends a soak, this number only bounds it. */
function mostPolls({ deadlineSeconds, pollSeconds }) {
    return Math.ceil(deadlineSeconds / pollSeconds);
}


/***/ }),

/***/ 7294:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A$: () => (/* binding */ backOffSeconds),
/* harmony export */   G9: () => (/* binding */ settle),
/* harmony export */   J4: () => (/* binding */ mismatch),
/* harmony export */   LF: () => (/* binding */ read),
/* harmony export */   Nn: () => (/* binding */ inspect),
/* harmony export */   Ro: () => (/* binding */ hasExposed),
/* harmony export */   S1: () => (/* binding */ aimAgain),
/* harmony export */   bL: () => (/* binding */ takenBy),
/* harmony export */   o_: () => (/* binding */ splitFor),
/* harmony export */   uD: () => (/* binding */ aim),
/* harmony export */   wB: () => (/* binding */ watch),
/* harmony export */   z6: () => (/* binding */ check)
/* harmony export */ });
const LONGEST_RETRY_SECONDS = 20;
/** Starts towards a split with a fresh budget: production is read first. */
function aim(policy, goal) {
    const { read: readsLeft, write: writesLeft } = policy.tries;
    return read({ kind: 'reading', goal, lastWrite: 'none', readsLeft, writesLeft }, 0);
}
/** Makes sure that the split of undecided checks, or of a soak, still stands before they go on with what is left. */
function aimAgain(policy, goal, undecided, afterSeconds) {
    const { read: readsLeft, write: writesLeft } = policy.tries;
    // What is read now was written before: should it be gone, the write has been sent all the same.
    return read({ kind: 'reading', goal, lastWrite: 'sent', readsLeft, writesLeft, ...undecided }, afterSeconds);
}
function read(phase, afterSeconds) {
    // Amid a soak nothing goes forward, so GitHub is not waited for; the next raise asks what stops it.
    const stopsMatter = phase.goal.kind === 'raise' && phase.soak === undefined;
    return { phase, effect: { kind: 'read-production', afterSeconds, stopsMatter } };
}
function check(policy, subject, again) {
    const roundsLeft = again ?? { unknown: policy.tries.check - 1, incident: policy.tries.incident };
    return { phase: { kind: 'checking', subject, roundsLeft }, effect: { kind: 'run-checks', subject, afterSeconds: 0 } };
}
function watch(phase, afterSeconds) {
    return { phase, effect: { kind: 'read-production', afterSeconds, stopsMatter: false } };
}
function inspect(phase, afterSeconds) {
    return { phase, effect: { kind: 'read-production', afterSeconds, stopsMatter: false } };
}
function settle(ending) {
    return { phase: { kind: 'settled', ending }, effect: { kind: 'settle', ending } };
}
/** The split that a goal is reached with; the candidate stays first, since stickiness depends on the order. */
function splitFor(policy, goal) {
    switch (goal.kind) {
        case 'raise': {
            const candidate = { versionId: goal.candidate, percentage: goal.percent };
            if (goal.percent === 100 || policy.plan !== 'staged')
                return [candidate];
            return [candidate, { versionId: policy.baseline, percentage: 100 - goal.percent }];
        }
        case 'restore':
            return policy.plan === 'staged' ? [{ versionId: policy.baseline, percentage: 100 }] : [];
        case 'roll-back':
            return policy.plan === 'rollback' ? [{ versionId: policy.target, percentage: 100 }] : [];
        case 'put-back':
            return goal.split;
    }
}
/** Whether users may have met the candidate: at an earlier step, or by a write towards `percent`. */
function hasExposed(policy, percent, sent) {
    if (percent === 0)
        return false;
    return sent || (policy.plan === 'staged' && policy.ramp.steps.findIndex((step) => step.percent === percent) > 0);
}
function takenBy(foreign) {
    return foreign.marker?.command === 'rollback' ? 'rollback' : 'foreign';
}
/** 1 s, 2 s, 4 s, … up to 20 s for the first, second, third, … try again. */
function backOffSeconds(retry) {
    return retry <= 0 ? 0 : Math.min(2 ** (retry - 1), LONGEST_RETRY_SECONDS);
}
function mismatch(phase, seen) {
    return new Error(`bug: a rollout that is ${phase.kind} cannot see "${seen.kind}"`);
}


/***/ })

};
