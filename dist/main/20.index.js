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

// EXTERNAL MODULE: ./lib/core/rollout.js + 4 modules
var rollout = __webpack_require__(25739);
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
/** What became of the last write towards the goal; `sent`: nobody knows, it may have been applied. */
const lastWriteSchema = schemas/* enum */.k5n(['none', 'rejected', 'sent', 'accepted']);
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
            return readProduction(effect, means);
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
async function readProduction({ stopsMatter, commandsMatter }, means) {
    const [history, stop] = await Promise.all([
        means.cloudflare.history(means.script),
        stopsMatter ? means.readStop() : Promise.resolve('none'),
    ]);
    if (history.kind === 'absent')
        return { kind: 'production', history: [] };
    if (history.kind !== 'ok' || stop === 'unreadable')
        return unreadable(means, history.kind === 'ok' ? 'the hold cannot be read' : history.message);
    const live = history.value[0];
    if (live !== undefined)
        means.tell({ kind: 'read', split: live.split, deploymentId: live.id });
    const seen = { kind: 'production', history: history.value };
    if (stop !== 'none')
        return { ...seen, stop };
    // Last, since a word is answered as soon as it is heard: what is read here is acted on.
    const said = commandsMatter ? await means.readCommand() : 'none';
    switch (said) {
        case 'unreadable':
            return unreadable(means, 'it cannot be read what people have said');
        case 'abort':
            return { ...seen, stop: 'aborted' };
        case 'pause':
            return { ...seen, isPaused: true };
        case 'none':
            return seen;
    }
}
function unreadable(means, message) {
    means.tell({ kind: 'unreadable', message });
    return { kind: 'unreadable' };
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
        readStop: async () => (plan.steering?.isOverdue() === true ? 'deadline' : (0,read_stop/* readStop */.P)(session)),
        readCommand: async () => plan.steering?.beforeRaise() ?? 'none',
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

/***/ 25739:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  qN: () => (/* binding */ begin),
  K2: () => (/* binding */ next),
  U: () => (/* binding */ resume)
});

// EXTERNAL MODULE: ./lib/core/production.js
var production = __webpack_require__(30264);
// EXTERNAL MODULE: ./lib/core/ramp.js
var core_ramp = __webpack_require__(89815);
;// CONCATENATED MODULE: ./lib/core/rollout/steps.js

const LONGEST_RETRY_SECONDS = 20;
const HEARS_NOBODY = { stopsMatter: false, commandsMatter: false };
/** Starts towards a split with a fresh budget: production is read first. `sent`: another write may land yet. */
function aim(policy, goal, sent = false) {
    const { read: readsLeft, write: writesLeft } = policy.tries;
    return read({ kind: 'reading', goal, lastWrite: sent ? 'sent' : 'none', readsLeft, writesLeft }, 0);
}
/** Makes sure that the split of undecided checks, or of a soak, still stands before they go on with what is left. */
function aimAgain(policy, goal, undecided, afterSeconds) {
    const { read: readsLeft, write: writesLeft } = policy.tries;
    // What is read now was read back before: should it not be there, that reading may be the wrong one.
    return read({ kind: 'reading', goal, lastWrite: 'accepted', readsLeft, writesLeft, ...undecided }, afterSeconds);
}
function read(phase, afterSeconds) {
    const { goal, soak, lastWrite } = phase;
    // Amid a soak nothing goes forward, so GitHub is not waited for; the next raise asks what stops it.
    const percent = goal.kind === 'raise' && soak === undefined ? goal.percent : undefined;
    // What is said once the step has been sent is heard when it soaks, or before the next one.
    const commandsMatter = percent !== undefined && percent > 0 && lastWrite === 'none';
    return { phase, effect: { kind: 'read-production', afterSeconds, stopsMatter: percent !== undefined, commandsMatter } };
}
function check(policy, subject, again) {
    const roundsLeft = again ?? { unknown: policy.tries.check - 1, incident: policy.tries.incident };
    return { phase: { kind: 'checking', subject, roundsLeft }, effect: { kind: 'run-checks', subject, afterSeconds: 0 } };
}
function watch(phase, afterSeconds) {
    return { phase, effect: { kind: 'read-production', afterSeconds, ...HEARS_NOBODY } };
}
function inspect(phase, afterSeconds) {
    return { phase, effect: { kind: 'read-production', afterSeconds, ...HEARS_NOBODY } };
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
            return [candidate, { versionId: policy.baseline, percentage: restOf(goal.percent) }];
        }
        case 'restore':
            return policy.plan === 'staged' ? [{ versionId: policy.baseline, percentage: 100 }] : [];
        case 'roll-back':
            return policy.plan === 'rollback' ? [{ versionId: policy.target, percentage: 100 }] : [];
        case 'put-back':
            return goal.split;
    }
}
/** 35.9 for 64.1, where floating point says 35.900000000000006. */
function restOf(percent) {
    return Number((100 - percent).toFixed(6));
}
/** Whether a write may have been applied. */
function maySent(lastWrite) {
    return lastWrite === 'sent' || lastWrite === 'accepted';
}
/** Whether users may have met the candidate: at an earlier step, or by a write towards `percent`. */
function hasExposed(policy, percent, sent) {
    if (percent === 0)
        return false;
    return sent || (policy.plan === 'staged' && (0,core_ramp/* placeOf */.$t)(policy.ramp, percent) > 0);
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

;// CONCATENATED MODULE: ./lib/core/rollout/soaking.js


/** What follows healthy checks: the soak, if this step has one or the next one wants a person's yes; else the next step. */
function afterHealthyStep(policy, place, isSoaked) {
    const isWatched = ((0,core_ramp/* stepAt */.OH)(policy.ramp, place.percent)?.soakSeconds ?? 0) > 0;
    const isAwaited = (0,core_ramp/* nextStep */.sk)(policy.ramp, place.percent)?.approval === true;
    if (isSoaked || (!isWatched && !isAwaited))
        return goOn(policy, place);
    return soak(place, { pollsLeft: mostPolls(policy.ramp, place.percent), paused: false, approved: false });
}
/** A person paused when the next step was about to begin: whatever it had wanted was there. */
function keepPaused({ ramp }, place) {
    return soak(place, { pollsLeft: mostPolls(ramp, place.percent), paused: true, approved: true });
}
function soak({ candidate, percent }, left) {
    return { phase: { kind: 'soaking', candidate, percent, soak: left }, effect: { kind: 'soak', candidate, percent, isPaused: left.paused, isApproved: left.approved } };
}
/** Proof of harm, a person's abort and the deadline come first; nothing that anybody says goes forward over them. */
function afterSoaking(policy, phase, seen) {
    if (seen.kind !== 'soaked')
        throw mismatch(phase, seen);
    const { percent } = phase;
    const back = (cause) => aim(policy, { kind: 'restore', cause, exposed: percent > 0 });
    if (seen.advice === 'restore')
        return back('regressed');
    if (seen.steering === 'abort')
        return back('aborted');
    if (percent === 100)
        return afterWatch(policy, phase, seen.advice);
    if (seen.isOverdue)
        return back(CAUSE_AT_DEADLINE[seen.advice]);
    if (seen.steering === 'promote')
        return leave(policy, phase);
    const left = steered(phase.soak, seen.steering);
    if (isReady(policy, percent, { left, advice: seen.advice }))
        return leave(policy, phase);
    if (seen.advice === 'undecided' && !left.paused && policy.ramp.whenInconclusive === 'rollback')
        return back('inconclusive');
    return left.pollsLeft > 0 ? lookAgain(policy, phase, left) : back(CAUSE_AT_DEADLINE[seen.advice]);
}
/**
 * The watch after promotion only ever looks for harm, and has found none so far. Everybody has the candidate: the
 * deadline was for getting there, and of what people say only an abort still means something.
 */
function afterWatch(policy, phase, advice) {
    const isOver = advice === 'advance' || advice === 'undecided' || phase.soak.pollsLeft === 0;
    return isOver ? goOn(policy, phase) : lookAgain(policy, phase, phase.soak);
}
/** Before the next look production is read: somebody may have deployed in the meantime. */
function lookAgain(policy, { candidate, percent }, left) {
    return aimAgain(policy, { kind: 'raise', candidate, percent }, { soak: { ...left, pollsLeft: left.pollsLeft - 1 } }, 0);
}
const CAUSE_AT_DEADLINE = { advance: 'deadline', wait: 'deadline', undecided: 'inconclusive', hold: 'shared-incident' };
function isReady({ ramp }, percent, { left, advice }) {
    if (left.paused)
        return false;
    if ((0,core_ramp/* nextStep */.sk)(ramp, percent)?.approval === true && !left.approved)
        return false;
    return advice === 'advance' || (advice === 'undecided' && ramp.whenInconclusive === 'promote');
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
/** The checks once more, since a soak is long. */
function leave(policy, { candidate, percent }) {
    return check(policy, { kind: 'candidate', candidate, percent, soaked: true });
}
function goOn(policy, { candidate, percent }) {
    const next = (0,core_ramp/* nextStep */.sk)(policy.ramp, percent);
    if (next !== undefined)
        return aim(policy, { kind: 'raise', percent: next.percent, candidate });
    if (!policy.applyTriggers)
        return settle({ kind: 'promoted' });
    return { phase: { kind: 'applying-triggers', candidate }, effect: { kind: 'apply-triggers' } };
}
/** More looks than there is time for; the clock ends a soak, this number only bounds it. */
function mostPolls(ramp, percent) {
    const watchSeconds = ((0,core_ramp/* stepAt */.OH)(ramp, percent)?.soakSeconds ?? 0) + core_ramp/* LONGEST_LAG_SECONDS */.Iv;
    return Math.ceil((percent === 100 ? watchSeconds : ramp.deadlineSeconds) / ramp.pollSeconds);
}

;// CONCATENATED MODULE: ./lib/core/rollout/judging.js



const UNKNOWN_AGAIN_SECONDS = 5;
const INCIDENT_AGAIN_SECONDS = 20;
/** Silence is not health: *unknown* spends its own budget, and what is left of it decides nothing. */
function afterChecks(policy, phase, seen) {
    if (seen.kind !== 'checked')
        throw mismatch(phase, seen);
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
                return aimAgain(policy, { ...subject, kind: 'raise' }, { again: roundsLeft }, afterSeconds);
            break;
        case 'baseline':
            return aimAgain(policy, { ...subject, kind: 'restore' }, { again: roundsLeft }, afterSeconds);
        case 'target':
            return aimAgain(policy, { ...subject, kind: 'roll-back' }, { again: roundsLeft }, afterSeconds);
        case 'full-deploy':
            break;
    }
    // A full deploy has no split of ours to look for.
    return { phase: { ...phase, roundsLeft }, effect: { kind: 'run-checks', subject, afterSeconds } };
}
function afterHealthy(policy, subject) {
    switch (subject.kind) {
        case 'candidate':
            return policy.plan === 'staged' ? afterHealthyStep(policy, subject, subject.soaked === true) : settle({ kind: 'promoted' });
        case 'baseline':
            // Stopped before any user met the candidate: nothing went wrong.
            if ((subject.cause === 'held' || subject.cause === 'frozen') && !subject.exposed)
                return settle({ kind: 'refused', reason: subject.cause });
            return settle({ kind: 'rolled-back', cause: subject.cause });
        case 'target': {
            const { readingsLeft, reassertsLeft } = subject;
            if (readingsLeft === 0)
                return settle({ kind: 'rolled-back', cause: 'by-hand' });
            return watch({ kind: 'watching', readingsLeft, reassertsLeft, readsLeft: policy.tries.read }, watchSeconds(policy));
        }
        case 'full-deploy':
            return settle({ kind: 'promoted' });
    }
}
const CAUSES = { unhealthy: 'check-failed', unknown: 'check-unknown', 'shared-incident': 'shared-incident' };
function afterBad(policy, subject, how) {
    switch (subject.kind) {
        case 'candidate':
            return aim(policy, {
                kind: 'restore',
                cause: CAUSES[how],
                exposed: subject.percent > 0,
            });
        case 'baseline':
            if (subject.cause === 'shared-incident' || how === 'shared-incident')
                return settle({ kind: 'stranded', reason: 'shared-incident' });
            return settle({ kind: 'stranded', reason: `baseline-${how}` });
        case 'target':
            return settle({ kind: 'stranded', reason: how === 'unhealthy' ? 'target-unhealthy' : 'target-unknown' });
        case 'full-deploy':
            return settle({ kind: 'stranded', reason: how === 'unhealthy' ? 'full-deploy-unhealthy' : 'full-deploy-unknown' });
    }
}
/** A rollback watches for as long as a deploy that had read before it may still write after it. */
function afterWatching(policy, phase, seen) {
    if (policy.plan !== 'rollback')
        throw mismatch(phase, seen);
    if (seen.kind === 'unreadable') {
        if (phase.readsLeft === 0)
            return settle({ kind: 'stranded', reason: 'cloudflare-unavailable' });
        return watch({ ...phase, readsLeft: phase.readsLeft - 1 }, watchSeconds(policy));
    }
    if (seen.kind !== 'production')
        throw mismatch(phase, seen);
    const standing = (0,production/* standingOf */.YP)(seen.history, policy.anchor, policy.marker);
    switch (standing.kind) {
        case 'nothing-live':
            return settle({ kind: 'stranded', reason: 'nothing-live' });
        case 'foreign': {
            if (standing.foreign.marker?.command !== 'deploy')
                return settle({ kind: 'yielded', to: takenBy(standing.foreign) });
            // A deploy that wrote over the target has put it back: what was asked for is live, by another hand.
            if ((0,production/* isSameSplit */.T5)(standing.foreign.split, [{ versionId: policy.target, percentage: 100 }]))
                return watchOn(policy, phase);
            if (phase.reassertsLeft === 0)
                return settle({ kind: 'stranded', reason: 'outpaced' });
            return aim(policy, { kind: 'roll-back', readingsLeft: phase.readingsLeft, reassertsLeft: phase.reassertsLeft - 1 });
        }
        case 'untouched':
        case 'ours':
        case 'overwrote':
            return watchOn(policy, phase);
    }
}
function watchOn(policy, phase) {
    if (phase.readingsLeft === 0)
        return settle({ kind: 'rolled-back', cause: 'by-hand' });
    return watch({ ...phase, readingsLeft: phase.readingsLeft - 1 }, watchSeconds(policy));
}
/** `wrangler deploy` has written by itself; only its checks are left to judge. */
function afterFullDeploy(policy, phase, seen) {
    switch (seen.kind) {
        case 'not-recorded':
            return settle({ kind: 'refused', reason: 'ledger-unavailable' });
        case 'stopped':
            return settle({ kind: 'refused', reason: seen.stop });
        case 'deployed-fully':
            return check(policy, { kind: 'full-deploy', candidate: seen.candidate });
        case 'full-deploy-failed':
            return inspect({ kind: 'inspecting', cause: 'upload-failed', readsLeft: policy.tries.read }, 0);
        case 'uploaded':
        case 'upload-failed':
        case 'production':
        case 'unreadable':
        case 'write-answered':
        case 'checked':
        case 'soaked':
        case 'triggers':
            throw mismatch(phase, seen);
    }
}
/** A full deploy that failed or was cut off: *refused* only if production is seen to be as it was. */
function afterInspection(policy, phase, seen) {
    if (seen.kind === 'unreadable' && phase.readsLeft > 0) {
        const retry = policy.tries.read - phase.readsLeft + 1;
        return inspect({ ...phase, readsLeft: phase.readsLeft - 1 }, backOffSeconds(retry));
    }
    if (seen.kind === 'unreadable')
        return settle({ kind: 'stranded', reason: 'cloudflare-unavailable' });
    if (seen.kind !== 'production')
        throw mismatch(phase, seen);
    const isAsBefore = seen.history[0]?.id === policy.anchor;
    return settle(isAsBefore ? { kind: 'refused', reason: phase.cause } : { kind: 'stranded', reason: 'full-deploy-failed' });
}
function watchSeconds(policy) {
    return policy.plan === 'rollback' ? policy.watchIntervalSeconds : 0;
}

// EXTERNAL MODULE: ./lib/core/marker.js
var marker = __webpack_require__(55845);
;// CONCATENATED MODULE: ./lib/core/rollout/shifting.js





const LONGEST_THROTTLE_SECONDS = 60;
/** Readings, after the first, that a write may be missing from before it counts as not there; 7 s in all. */
const LATE_READS = 3;
/** Compares what is live with the goal: reached, to be written, or somebody else's. */
function afterReading(policy, phase, seen) {
    if (seen.kind === 'unreadable') {
        if (phase.readsLeft === 0)
            return giveUp(policy, phase, 'cloudflare-unavailable');
        return read({ ...phase, readsLeft: phase.readsLeft - 1 }, backOffSeconds(policy.tries.read - phase.readsLeft + 1));
    }
    if (seen.kind !== 'production')
        throw mismatch(phase, seen);
    const live = seen.history[0];
    if (live === undefined)
        return settle({ kind: 'stranded', reason: 'nothing-live' });
    switch (phase.goal.kind) {
        case 'raise':
        case 'restore':
            return afterReadingOwn(policy, phase, seen);
        case 'roll-back':
            return afterReadingForRollback(policy, phase, seen.history);
        case 'put-back': {
            const done = (0,production/* isSameSplit */.T5)(live.split, phase.goal.split) || !(0,marker/* isSameMarker */.jR)(live.marker, policy.marker);
            return done ? settle({ kind: 'yielded', to: phase.goal.to }) : write(policy, phase, seen.history);
        }
    }
}
function afterReadingOwn(policy, phase, seen) {
    const { goal } = phase;
    const standing = (0,production/* standingOf */.YP)(seen.history, policy.anchor, policy.marker);
    switch (standing.kind) {
        case 'nothing-live':
            return settle({ kind: 'stranded', reason: 'nothing-live' });
        case 'foreign':
            return settle({ kind: 'yielded', to: takenBy(standing.foreign) });
        case 'overwrote':
            return aim(policy, { kind: 'put-back', split: [...standing.foreign.split], to: takenBy(standing.foreign) });
        case 'untouched':
            // What was sent may land yet, and then nothing was refused.
            if (goal.kind === 'restore')
                return (maySent(phase.lastWrite) ? readLater(policy, phase) : undefined) ?? settle({ kind: 'refused', reason: goal.cause });
            break;
        case 'ours':
            if ((0,production/* isSameSplit */.T5)(standing.live.split, splitFor(policy, goal)) && !isStoppedAgain(phase, seen))
                return landed(policy, phase);
    }
    if (goal.kind === 'raise' && seen.stop !== undefined)
        return retreat(policy, phase, seen.stop);
    if (goal.kind === 'raise' && seen.isPaused && policy.plan === 'staged')
        return keepPaused(policy, { ...goal, percent: (0,core_ramp/* percentBefore */.TZ)(policy.ramp, goal.percent) });
    return write(policy, phase, seen.history);
}
/** What stops a rollout while checks are undecided: nothing more is awaited. */
function isStoppedAgain({ goal, again }, { stop }) {
    return stop !== undefined && again !== undefined && goal.kind === 'raise';
}
function landed(policy, { goal, again, soak: soaking }) {
    switch (goal.kind) {
        case 'raise':
            if (soaking !== undefined)
                return soak(goal, soaking);
            return check(policy, { ...goal, kind: 'candidate' }, again);
        case 'restore':
            return check(policy, { kind: 'baseline', cause: goal.cause, exposed: goal.exposed }, again);
        case 'roll-back':
            return check(policy, { kind: 'target', readingsLeft: goal.readingsLeft, reassertsLeft: goal.reassertsLeft }, again);
        case 'put-back':
            return settle({ kind: 'yielded', to: goal.to });
    }
}
/** A person's rollback outranks deploys: it writes over theirs, and yields to everybody else. */
function afterReadingForRollback(policy, phase, history) {
    const standing = (0,production/* standingOf */.YP)(history, policy.anchor, policy.marker);
    if (standing.kind === 'foreign' && standing.foreign.marker?.command !== 'deploy') {
        return settle({ kind: 'yielded', to: takenBy(standing.foreign) });
    }
    const isThere = history[0] !== undefined && (0,production/* isSameSplit */.T5)(history[0].split, splitFor(policy, phase.goal));
    return isThere ? landed(policy, phase) : write(policy, phase, history);
}
function write(policy, phase, history) {
    const split = splitFor(policy, phase.goal);
    // Cloudflare took it and does not list it yet: written again at once, it would be two writes for one step.
    const isLate = phase.lastWrite === 'accepted' && !history.some((entry) => (0,marker/* isSameMarker */.jR)(entry.marker, policy.marker) && (0,production/* isSameSplit */.T5)(entry.split, split));
    const later = isLate ? readLater(policy, phase) : undefined;
    if (later !== undefined)
        return later;
    if (phase.writesLeft === 0)
        return giveUp(policy, phase, phase.lastWrite === 'rejected' ? 'write-rejected' : 'cloudflare-unavailable');
    const { goal } = phase;
    const direction = goal.kind === 'raise' ? 'forward' : 'back';
    // Secrets changed since (10220): this rollout's own baseline was live minutes ago, so going back is always forced.
    const force = policy.plan === 'rollback' ? policy.force : direction === 'back';
    return {
        phase: { ...phase, kind: 'writing', readsLeft: policy.tries.read, writesLeft: phase.writesLeft - 1 },
        effect: { kind: 'write-split', split, direction, force },
    };
}
/** Once more, until what was written should be listed; `undefined` when that time is over. */
function readLater(policy, phase) {
    const retry = policy.tries.read - phase.readsLeft + 1;
    if (phase.readsLeft === 0 || retry > LATE_READS)
        return undefined;
    return read({ ...phase, readsLeft: phase.readsLeft - 1 }, backOffSeconds(retry));
}
/** Whatever was answered, only reading back tells what is live. */
function afterWriting(policy, phase, seen) {
    const reading = { ...phase, kind: 'reading' };
    if (seen.kind === 'not-recorded')
        return retreat(policy, reading, 'ledger-unavailable');
    if (seen.kind !== 'write-answered')
        throw mismatch(phase, seen);
    const pauseSeconds = backOffSeconds(policy.tries.write - phase.writesLeft);
    switch (seen.answer) {
        case 'accepted':
            return read({ ...reading, lastWrite: 'accepted' }, 0);
        case 'rejected':
            if (phase.goal.kind === 'raise')
                return retreat(policy, reading, 'write-rejected');
            return read({ ...reading, lastWrite: 'rejected' }, pauseSeconds);
        case 'unanswered': {
            const throttleSeconds = Math.min(seen.retryAfterSeconds ?? 0, LONGEST_THROTTLE_SECONDS);
            return read({ ...reading, lastWrite: 'sent' }, Math.max(pauseSeconds, throttleSeconds));
        }
    }
}
function giveUp(policy, phase, why) {
    return phase.goal.kind === 'raise' ? retreat(policy, phase, why) : settle({ kind: 'stranded', reason: why });
}
/** Leaves a raise: nothing was sent yet, or the baseline must come back. */
function retreat(policy, phase, cause) {
    if (phase.goal.kind !== 'raise')
        return settle({ kind: 'stranded', reason: 'cloudflare-unavailable' });
    const sent = maySent(phase.lastWrite);
    if (phase.goal.percent === 0 && !sent)
        return settle({ kind: 'refused', reason: cause });
    return aim(policy, { kind: 'restore', cause, exposed: hasExposed(policy, phase.goal.percent, sent) }, sent);
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
            return aim(policy, rollBackGoal(policy));
    }
}
/** The first step of whoever finishes a rollout that was cut off in `phase`. Idempotent. */
function resume(policy, phase, cause) {
    if (phase.kind === 'settled')
        return settle(phase.ending);
    if (phase.kind === 'applying-triggers')
        return settle({ kind: 'stranded', reason: 'triggers-unknown' });
    switch (policy.plan) {
        case 'staged':
            return resumeStaged(policy, phase, cause);
        case 'full':
            return inspect({ kind: 'inspecting', cause, readsLeft: policy.tries.read }, 0);
        case 'rollback':
            return aim(policy, rollBackGoal(policy));
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
                throw mismatch(phase, seen);
            return afterSoaking(policy, phase, seen);
        case 'applying-triggers':
            if (seen.kind !== 'triggers')
                throw mismatch(phase, seen);
            return settle(seen.applied ? { kind: 'promoted' } : { kind: 'stranded', reason: 'triggers-failed' });
        case 'deploying-fully':
            return afterFullDeploy(policy, phase, seen);
        case 'inspecting':
            return afterInspection(policy, phase, seen);
        case 'watching':
            return afterWatching(policy, phase, seen);
        case 'settled':
            throw mismatch(phase, seen);
    }
}
function resumeStaged(policy, phase, cause) {
    switch (phase.kind) {
        case 'reading':
        case 'writing':
            if (phase.goal.kind === 'raise') {
                const sent = phase.kind === 'writing' || maySent(phase.lastWrite);
                return aim(policy, { kind: 'restore', cause, exposed: hasExposed(policy, phase.goal.percent, sent) }, sent);
            }
            return aim(policy, phase.goal);
        case 'checking':
            if (phase.subject.kind === 'baseline')
                return aim(policy, { ...phase.subject, kind: 'restore' });
            return aim(policy, { kind: 'restore', cause, exposed: phase.subject.kind === 'candidate' && phase.subject.percent > 0 });
        case 'soaking':
            return aim(policy, { kind: 'restore', cause, exposed: phase.percent > 0 });
        case 'uploading':
            return settle({ kind: 'refused', reason: cause });
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
        return settle({ kind: 'refused', reason: 'ledger-unavailable' });
    if (seen.kind === 'uploaded')
        return aim(policy, { kind: 'raise', percent: 0, candidate: seen.candidate });
    if (seen.kind !== 'upload-failed')
        throw mismatch(phase, seen);
    // A version without traffic harms nobody, so an upload of unknown outcome may simply be repeated.
    if (!seen.retriable || phase.triesLeft === 0)
        return settle({ kind: 'refused', reason: 'upload-failed' });
    return {
        phase: { kind: 'uploading', triesLeft: phase.triesLeft - 1 },
        effect: { kind: 'upload', afterSeconds: backOffSeconds(policy.tries.upload - phase.triesLeft) },
    };
}


/***/ })

};
