export const id = 990;
export const ids = [990];
export const modules = {

/***/ 990:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  iW: () => (/* binding */ checkBaseline),
  Gb: () => (/* binding */ checkOnce),
  jj: () => (/* binding */ checkSubject)
});

// EXTERNAL MODULE: ./lib/core/checks/judge.js
var judge = __webpack_require__(95358);
// EXTERNAL MODULE: ./lib/core/checks/result.js
var result = __webpack_require__(41880);
;// CONCATENATED MODULE: ./lib/core/checks/seen.js
function alone(own) {
    return { own, parts: [] };
}
const GRAVITY = ['passed', 'unproven', 'no-proof', 'unreachable', 'wrong-version', 'starting', 'blocked', 'failed'];
/** What decides whether to ask again: the gravest of what the attempt saw, and of failures the surest. */
function worstOf({ own, parts }) {
    return parts.filter(({ isOptional }) => isOptional !== true).reduce((worst, { attempt }) => (gravityOf(attempt) > gravityOf(worst) ? attempt : worst), own);
}
function gravityOf(attempt) {
    const isSure = attempt.kind === 'failed' && attempt.isProven;
    const isDefinite = attempt.kind === 'failed' && attempt.isDefinite === true;
    return GRAVITY.indexOf(attempt.kind) + (isSure ? 1 : 0) + (isDefinite ? 2 : 0);
}

;// CONCATENATED MODULE: ./lib/core/checks/attempts.js

/** A challenge is no passing fault, and a cached answer may be: asked twice. */
const BLOCKS_TO_STOP = 2;
/**
 * The patience that a round of checks deserves. A version that is being propagated is waited for until the
 * deadline (Cloudflare says seconds, users have seen two minutes), unless the baseline is known to give
 * proof: then an answer without proof is not the baseline's, and a few of them are enough.
 */
function patienceFor(round) {
    const mayBeAnother = round.isPropagating && !round.doesBaselineProve;
    return {
        deadlineMs: round.deadlineMs,
        failuresToFail: 2,
        unprovenFailuresToFail: mayBeAnother ? Number.POSITIVE_INFINITY : 4,
        noProofsToStop: round.isPropagating ? Number.POSITIVE_INFINITY : 3,
        firstPauseMs: 500,
        longestPauseMs: 5000,
    };
}
function beginTrial(startedAtMs) {
    return { startedAtMs, attempts: 0, failures: 0, unprovenFailures: 0, noProofs: 0, blocks: 0, failuresOf: {} };
}
/** Decides after each attempt: ask again after a pause, or done with an outcome. */
function afterAttempt(patience, before, seen, nowMs) {
    const worst = worstOf(seen);
    const trial = countEach(count(before, worst), seen);
    const pauseMs = pauseAfter(patience, trial.attempts);
    const isLast = nowMs + pauseMs >= trial.startedAtMs + patience.deadlineMs;
    const decided = isLast ? outcomeAtDeadline(patience, trial, worst) : outcomeBefore(patience, trial, worst);
    if (decided === undefined)
        return { kind: 'again', trial, pauseMs };
    const outcomeOf = (attempt) => {
        if (attempt === worst)
            return decided;
        if (attempt.kind === 'starting' && !isLast)
            return { kind: 'unknown', reason: 'not-ready', seen: attempt.seen };
        return outcomeAtDeadline(patience, trial, attempt);
    };
    const parts = seen.parts.map(({ attempt, ...part }) => ({ ...part, outcome: outcomeOf(attempt) }));
    return { kind: 'done', trial, outcome: outcomeOf(seen.own), parts };
}
/** The pause doubles from attempt to attempt up to the longest. */
function pauseAfter(patience, attempts) {
    return Math.min(patience.firstPauseMs * 2 ** Math.max(attempts - 1, 0), patience.longestPauseMs);
}
/** An outcome for a check that was stopped from outside before it had one. */
function cutOff(seen) {
    return { kind: 'unknown', reason: 'cut-off', seen };
}
function countEach(trial, { own, parts }) {
    const failing = [{ name: '', attempt: own }, ...parts].filter(({ attempt }) => attempt.kind === 'failed');
    const counted = failing.map(({ name }) => [name, (trial.failuresOf[name] ?? 0) + 1]);
    return { ...trial, failuresOf: { ...trial.failuresOf, ...Object.fromEntries(counted) } };
}
function count(trial, attempt) {
    const counted = { ...trial, attempts: trial.attempts + 1 };
    switch (attempt.kind) {
        case 'failed':
            return attempt.isProven
                ? { ...counted, failures: trial.failures + 1, lastFailure: attempt }
                : { ...counted, unprovenFailures: trial.unprovenFailures + 1, lastFailure: attempt };
        case 'no-proof':
            return { ...counted, noProofs: trial.noProofs + 1 };
        case 'blocked':
            return { ...counted, blocks: trial.blocks + 1 };
        case 'passed':
        case 'unproven':
        case 'wrong-version':
        case 'starting':
        case 'unreachable':
            return counted;
    }
}
/** What an attempt settles at once; `undefined`: there is time to ask again. */
function outcomeBefore(patience, trial, attempt) {
    switch (attempt.kind) {
        case 'passed':
        case 'unproven':
            return attempt;
        case 'failed': {
            if (attempt.isDefinite === true)
                return failure(attempt);
            const isRepeated = attempt.isProven
                ? trial.failures >= patience.failuresToFail
                : trial.unprovenFailures >= patience.unprovenFailuresToFail;
            return isRepeated ? failure(attempt) : undefined;
        }
        case 'no-proof':
            return trial.noProofs >= patience.noProofsToStop ? outcomeAtDeadline(patience, trial, attempt) : undefined;
        case 'blocked':
            return trial.blocks >= BLOCKS_TO_STOP ? attempt : undefined;
        case 'wrong-version':
        case 'starting':
        case 'unreachable':
            return undefined;
    }
}
function outcomeAtDeadline(patience, trial, attempt) {
    switch (attempt.kind) {
        case 'passed':
        case 'unproven':
        case 'blocked':
            return attempt;
        case 'failed':
            return failure(attempt);
        case 'no-proof':
            return { kind: 'unknown', reason: 'no-proof', seen: attempt.seen };
        case 'wrong-version':
            return { kind: 'unknown', reason: 'wrong-version', seen: `every answer until the deadline came from ${attempt.answeredBy}` };
        case 'starting':
            return startingAtDeadline(attempt);
        case 'unreachable': {
            const failures = trial.failures + trial.unprovenFailures;
            // A last request that found no way, or no time, does not undo what the ones before it saw.
            if (trial.lastFailure !== undefined && failures >= patience.failuresToFail)
                return failure(trial.lastFailure);
            return { kind: 'unknown', reason: 'unreachable', seen: attempt.seen };
        }
    }
}
/** A Worker that says "not yet" until the deadline has failed; a refused connection says nothing about it. */
function startingAtDeadline(attempt) {
    if (!attempt.hasAnswered)
        return { kind: 'unknown', reason: 'unreachable', seen: attempt.seen };
    return { kind: 'failed', expectation: 'to be ready by the deadline', seen: attempt.seen, isProven: attempt.isProven };
}
function failure({ kind, expectation, seen, isProven }) {
    return { kind, expectation, seen, isProven };
}

;// CONCATENATED MODULE: ./lib/core/checks/readiness.js

/** Once the first proof was seen, the next ones are asked for at this pace. */
const PACE_MS = 500;
function beginReadiness(startedAtMs) {
    return { startedAtMs, attempts: 0, proofsInARow: 0, strangersInARow: 0 };
}
function afterReadinessAttempt(rules, before, attempt, nowMs) {
    const { patience, proofsWanted } = rules;
    const readiness = readiness_count(before, attempt);
    if (readiness.proofsInARow >= proofsWanted)
        return { kind: 'ready' };
    if (readiness.strangersInARow >= strangersToStop(attempt, patience))
        return { kind: 'unclear' };
    const pauseMs = readiness.proofsInARow > 0 ? PACE_MS : pauseAfter(patience, readiness.attempts);
    if (nowMs + pauseMs < readiness.startedAtMs + patience.deadlineMs)
        return { kind: 'again', readiness, pauseMs };
    return { kind: 'not-ready', attempts: readiness.attempts, seen: describe(attempt) };
}
function readiness_count(before, attempt) {
    const counted = { ...before, attempts: before.attempts + 1, proofsInARow: 0, strangersInARow: 0 };
    if (isProof(attempt))
        return { ...counted, proofsInARow: before.proofsInARow + 1 };
    const isStranger = attempt.kind === 'failed' || attempt.kind === 'no-proof' || attempt.kind === 'blocked';
    return isStranger ? { ...counted, strangersInARow: before.strangersInARow + 1 } : counted;
}
function isProof(attempt) {
    if (attempt.kind === 'failed' || attempt.kind === 'starting')
        return attempt.isProven;
    return attempt.kind === 'passed';
}
function strangersToStop(attempt, patience) {
    if (attempt.kind === 'blocked')
        return 2;
    return attempt.kind === 'no-proof' ? patience.noProofsToStop : patience.unprovenFailuresToFail;
}
function describe(attempt) {
    switch (attempt.kind) {
        case 'wrong-version':
            return `the last answer came from ${attempt.answeredBy}`;
        case 'passed':
        case 'unproven':
            return 'not enough answers in a row came from it';
        case 'failed':
        case 'no-proof':
        case 'starting':
        case 'unreachable':
            return attempt.seen;
        case 'blocked':
            return attempt.remedy;
    }
}

;// CONCATENATED MODULE: ./lib/core/checks/spec.js
/** Whether one answer of the Worker itself can prove its version: what tells that a version has arrived. */
function canProve({ kind, proof }) {
    return proof.kind !== 'none' && (kind === 'http' || kind === 'health' || kind === 'page' || kind === 'websocket');
}

// EXTERNAL MODULE: ./lib/core/checks/blocked.js
var blocked = __webpack_require__(76657);
// EXTERNAL MODULE: ./lib/core/checks/expectations.js
var expectations = __webpack_require__(5606);
// EXTERNAL MODULE: ./lib/core/checks/proof.js
var checks_proof = __webpack_require__(56155);
;// CONCATENATED MODULE: ./lib/core/checks/exchange.js



/** Judges what one HTTP request came to. `missOf` names the first expectation that the answer does not meet. */
function judgeExchange(asked, facts, missOf) {
    const isProofless = asked.proof.kind === 'none' || asked.wanted === undefined;
    switch (facts.kind) {
        case 'answer':
            return judgeAnswer(asked, facts, missOf);
        case 'timed-out':
            // The round's deadline came before the check's own limit: that says little about the Worker.
            if (facts.limitMs < asked.timeoutSeconds * 1000)
                return { kind: 'unreachable', seen: 'no answer before the deadline' };
            return { kind: 'failed', expectation: `an answer within ${asked.timeoutSeconds} s`, seen: 'none', isProven: isProofless };
        case 'no-answer':
            if (facts.reason === 'invalid') {
                return { kind: 'failed', expectation: 'a well-formed HTTP answer', seen: facts.message, isProven: isProofless };
            }
            if (facts.reason === 'refused')
                return { kind: 'starting', seen: facts.message, hasAnswered: false, isProven: false };
            return { kind: 'unreachable', seen: facts.message };
        case 'stopped':
            return { kind: 'unreachable', seen: 'stopped before an answer' };
    }
}
/** Who answered comes first: what another version or a cache says is nobody's pass and nobody's failure. */
function judgeAnswer({ proof, wanted }, answer, missOf) {
    const document = (0,expectations/* parseDocument */.Tp)(answer);
    const answeredBy = (0,checks_proof/* readProof */.r)(proof, answer, document);
    const isAnother = answeredBy !== undefined && wanted !== undefined && answeredBy !== wanted;
    if (answeredBy === undefined || isAnother) {
        const blocker = (0,blocked/* blockerOf */.U)(answer);
        if (blocker !== undefined)
            return blocker;
    }
    if (isAnother)
        return { kind: 'wrong-version', answeredBy };
    const isProofless = proof.kind === 'none' || wanted === undefined;
    const isProven = answeredBy !== undefined || isProofless;
    const miss = missOf(answer, document);
    if (miss !== undefined) {
        // Without proof it may be another version's, which says nothing definite about the wanted one.
        const isDefinite = miss.isDefinite === true && isProven;
        if (!isDefinite && isStarting(answer))
            return { kind: 'starting', seen: (0,expectations/* describeAnswer */.O1)(answer), hasAnswered: true, isProven };
        return { kind: 'failed', expectation: miss.expectation, seen: miss.seen, isProven, ...(isDefinite ? { isDefinite } : {}) };
    }
    if (answeredBy !== undefined)
        return { kind: 'passed', answeredBy };
    return isProofless ? { kind: 'unproven' } : { kind: 'no-proof', seen: (0,expectations/* describeAnswer */.O1)(answer) };
}
/** RFC 9110, 15.6.4: 503 with Retry-After asks to come back; without it, it is an error like another. */
function isStarting({ status, headers }) {
    return status === 503 && headers['retry-after'] !== undefined;
}

// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 13 modules
var schemas = __webpack_require__(55491);
// EXTERNAL MODULE: ./node_modules/zod/v4/core/core.js
var core = __webpack_require__(88532);
;// CONCATENATED MODULE: ./lib/core/checks/health-document.js

// draft-inadarei-api-health-check-06, 3.1: "pass" with its aliases "ok" (Node's Terminus) and "up" (Spring Boot),
// "fail" with "error" and "down", in any case; `starting` and the like are beyond the draft.
const STATUSES = {
    pass: 'pass', ok: 'pass', up: 'pass', healthy: 'pass',
    warn: 'warn', degraded: 'warn',
    fail: 'fail', error: 'fail', down: 'fail', unhealthy: 'fail', out_of_service: 'fail',
    starting: 'starting', initializing: 'starting', warming: 'starting',
};
const statusSchema = schemas/* union */.KCZ([schemas/* string */.YjP(), schemas/* boolean */.zMY()]).transform((seen, context) => {
    const status = typeof seen === 'boolean' ? (seen ? 'pass' : 'fail') : STATUSES[seen.trim().toLowerCase()];
    if (status === undefined)
        context.addIssue({ code: 'custom', message: 'no known status' });
    return status ?? core/* NEVER */.tm;
});
const health_document_text = schemas/* string */.YjP().optional().catch(undefined);
const measurement = schemas/* looseObject */._H3({
    status: statusSchema.optional().catch(undefined),
    componentId: health_document_text,
    observedValue: schemas/* unknown */.L5J().optional(),
    observedUnit: health_document_text,
    output: health_document_text,
});
const componentSchema = schemas/* union */.KCZ([schemas/* array */.YOg(measurement), measurement.transform((one) => [one]), statusSchema.transform((status) => [{ status, observedValue: undefined }])]);
const documentSchema = schemas/* looseObject */._H3({
    status: statusSchema,
    output: health_document_text,
    checks: schemas/* record */.g1P(schemas/* string */.YjP(), componentSchema).optional().catch(undefined),
    components: schemas/* record */.g1P(schemas/* string */.YjP(), componentSchema).optional().catch(undefined),
});
const MOST_COMPONENTS = 100;
const LONGEST_NAME = 60;
/** Reads `application/health+json` or a plain `{ status, components }`; `undefined` for anything else. */
function readHealth(document) {
    const { data } = documentSchema.safeParse(document);
    if (data === undefined)
        return undefined;
    const listed = Object.entries({ ...data.components, ...data.checks });
    const components = listed.flatMap(([key, measurements]) => measurements.map((one) => componentOf(key, one, measurements.length)));
    return { status: data.status, ...(data.output === undefined ? {} : { output: data.output }), components: components.slice(0, MOST_COMPONENTS) };
}
/** A measurement without a status of its own says nothing bad (draft 4.6: it is optional). */
function componentOf(key, { status = 'pass', componentId, observedValue, observedUnit, output }, among) {
    return {
        name: (among > 1 && componentId !== undefined ? `${key}#${componentId}` : key).slice(0, LONGEST_NAME),
        status,
        ...(observedValue === undefined ? {} : { observedValue }),
        ...(observedUnit === undefined ? {} : { observedUnit }),
        ...(output === undefined ? {} : { output }),
    };
}

;// CONCATENATED MODULE: ./lib/core/checks/health.js



/** Judges the document and, on their own, its components. */
function judgeHealth(spec, facts, wanted) {
    const { proof, timeoutSeconds } = spec;
    let read;
    const own = judgeExchange({ proof, timeoutSeconds, wanted: wanted.id }, facts, (answer, document) => {
        read = readHealth(document);
        return read === undefined ? { expectation: 'a health document: JSON with a status such as pass', seen: (0,expectations/* describeAnswer */.O1)(answer) } : missOfDocument(spec, read, answer.status);
    });
    if (read === undefined)
        return { own, parts: [] };
    if (own.kind === 'failed' && health_isStarting(read))
        return { own: { kind: 'starting', seen: saidBy(read), hasAnswered: true, isProven: own.isProven }, parts: [] };
    if (own.kind === 'wrong-version' || own.kind === 'blocked' || own.kind === 'starting')
        return { own, parts: [] };
    return { own, parts: partsOf(spec, read, own, wanted) };
}
/** What is wrong with the whole beyond its components: they speak for themselves. */
function missOfDocument(spec, { status, output, components }, httpStatus) {
    const seen = `status ${status}, HTTP ${httpStatus}${output === undefined ? '' : `: ${(0,expectations/* excerpt */.Kb)(output)}`}`;
    const isExplained = components.some((one) => one.status === 'fail' || one.status === 'starting') || spec.required.some((name) => !components.some((one) => one.name === name));
    if (isExplained)
        return undefined;
    if (status === 'fail' || status === 'starting')
        return { expectation: 'status pass', seen };
    // Draft 3.1: 2xx or 3xx for pass and warn.
    return httpStatus < 400 ? undefined : { expectation: 'an HTTP status below 400 beside a passing document', seen };
}
function health_isStarting({ status, components }) {
    return status === 'starting' && !components.some((one) => one.status === 'fail');
}
function saidBy({ output, components }) {
    const waiting = components.filter((one) => one.status === 'starting').map(({ name }) => name);
    return `the health document says that it is starting${waiting.length === 0 ? '' : ` (${waiting.join(', ')})`}${output === undefined ? '' : `: ${(0,expectations/* excerpt */.Kb)(output)}`}`;
}
function partsOf(spec, { components }, own, wanted) {
    const good = goodLike(own);
    const isProven = good.kind !== 'no-proof';
    const missing = spec.required.filter((name) => !components.some((one) => one.name === name));
    return [
        ...components.map((component) => ({
            name: component.name,
            attempt: attemptOf(spec, component, { good, isProven, wanted }),
            ...observedBy(component),
            ...(spec.optional.includes(component.name) ? { isOptional: true } : {}),
        })),
        ...missing.map((name) => ({ name, attempt: { kind: 'failed', expectation: 'to be among the components', seen: 'not there', isProven } })),
    ];
}
/** A component of a good or failing document was answered by whoever answered the document. */
function goodLike(own) {
    if (own.kind === 'passed' || own.kind === 'unproven' || own.kind === 'no-proof')
        return own;
    return own.kind === 'failed' && own.isProven ? { kind: 'unproven' } : { kind: 'no-proof', seen: 'nothing in the answer says which version gave it' };
}
function attemptOf(spec, component, judged) {
    const { good, isProven, wanted } = judged;
    const said = component.output === undefined ? '' : `: ${(0,expectations/* excerpt */.Kb)(component.output)}`;
    switch (component.status) {
        case 'fail':
            return { kind: 'failed', expectation: 'to pass', seen: `fail${said}`, isProven };
        case 'starting':
            return { kind: 'starting', seen: `starting${said}`, hasAnswered: true, isProven };
        case 'pass':
        case 'warn': {
            const isAskedForVersion = spec.objectVersions.includes(component.name) && wanted.servesAll && wanted.id !== undefined;
            if (!isAskedForVersion || component.observedValue === wanted.id)
                return good;
            return { kind: 'wrong-version', answeredBy: `an object that runs ${(0,expectations/* excerpt */.Kb)(inWords(component.observedValue) || 'an untold version')}` };
        }
    }
}
const LONGEST_OBSERVED = 60;
function observedBy({ observedValue, observedUnit, status }) {
    const value = `${inWords(observedValue)} ${observedUnit ?? ''}`.trim();
    const text = [status === 'warn' ? 'warn' : '', value].filter((part) => part !== '').join(', ');
    return text === '' ? {} : { observed: text.slice(0, LONGEST_OBSERVED) };
}
function inWords(value) {
    if (value === undefined || value === null)
        return '';
    return typeof value === 'string' ? value : (0,expectations/* inJson */.kD)(value);
}

;// CONCATENATED MODULE: ./lib/core/checks/websocket.js



function beginHearing({ expect }) {
    return { count: 0, isMet: expect === undefined };
}
function hear({ expect, proof }, before, message) {
    const answer = asAnswer({}, message);
    const document = (0,expectations/* parseDocument */.Tp)(answer);
    const doesProve = before.proving === undefined && proof.kind === 'json' && (0,checks_proof/* readProof */.r)(proof, answer, document) !== undefined;
    const miss = before.isMet || expect === undefined ? undefined : missOfMessage(expect, answer, document);
    return {
        ...before,
        count: before.count + 1,
        isMet: miss === undefined,
        last: (0,expectations/* excerpt */.Kb)(message),
        ...(doesProve ? { proving: message } : {}),
        ...(miss === undefined ? {} : { lastMiss: miss }),
    };
}
/** Whether nothing more need be waited for. */
function isEnough({ proof }, { isMet, proving }) {
    return isMet && (proof.kind !== 'json' || proving !== undefined);
}
/** Judges the handshake like any answer of the Worker, then what was said, then how it was closed. */
function judgeWebSocket(spec, facts, hearing, wanted) {
    const asked = { proof: spec.proof, timeoutSeconds: spec.timeoutSeconds, wanted };
    if (facts.kind === 'not-opened')
        return { own: judgeExchange(asked, facts.exchange, missOfHandshake), parts: [] };
    const cutShort = cutShortBy(spec, facts, hearing.isMet);
    if (cutShort !== undefined)
        return { own: { kind: 'unreachable', seen: cutShort }, parts: [] };
    const own = judgeExchange(asked, asAnswer(facts.headers, hearing.proving ?? '', facts.durationMs), () => missOfHearing(spec, facts.end, hearing) ?? missOfClosing(spec, facts.closing));
    if (own.kind === 'wrong-version' || own.kind === 'blocked')
        return { own, parts: [] };
    return { own, parts: [{ name: 'open', attempt: own.kind === 'passed' ? own : { kind: 'unproven', about: 'surroundings' }, observed: `${facts.openMs} ms` }] };
}
/** An attempt that the rollout or the round's deadline ended says little about the Worker. */
function cutShortBy({ closes, timeoutSeconds }, { end, closing, limitMs }, isMet) {
    if (end.kind === 'stopped')
        return 'stopped before it was closed';
    if (limitMs >= timeoutSeconds * 1000)
        return undefined;
    if (end.kind === 'silent' && end.limit === 'attempt' && !isMet)
        return 'no such message before the deadline';
    return closes && closing.kind === 'unanswered' ? 'not closed before the deadline' : undefined;
}
function missOfHandshake(answer) {
    return { expectation: 'status 101: a WebSocket', seen: (0,expectations/* describeAnswer */.O1)(answer) };
}
function missOfMessage({ text, matches, json }, answer, document) {
    return (0,expectations/* firstMiss */.JM)({ status: [answer.status], headers: {}, json, text, matches }, answer, document);
}
function missOfHearing({ expect, timeoutSeconds }, end, { count, isMet, last, lastMiss }) {
    if (end.kind === 'broken')
        return { expectation: 'a sound WebSocket', seen: (0,expectations/* excerpt */.Kb)(end.message) };
    if (isMet)
        return undefined;
    const heard = count === 0 ? 'no message' : `${count} ${count === 1 ? 'message' : 'messages'}, the last one: ${last ?? ''}`;
    const within = `within ${expect?.withinSeconds ?? timeoutSeconds} s`;
    return { expectation: `a message as expected ${within}${lastMiss === undefined ? '' : ` (${lastMiss.expectation})`}`, seen: `${heard}${endInWords(end)}` };
}
function endInWords(end) {
    switch (end.kind) {
        case 'hung-up':
            return `; then it hung up with code ${end.code}${end.reason === '' ? '' : `: ${(0,expectations/* excerpt */.Kb)(end.reason)}`}`;
        case 'too-many':
            return `; more than ${end.most} are not read`;
        case 'broken':
            return `; then ${(0,expectations/* excerpt */.Kb)(end.message)}`;
        case 'enough':
        case 'silent':
        case 'stopped':
            return '';
    }
}
/** RFC 6455, 7.4.1: codes of a peer that went wrong; 1005 is a frame without a code, and those from 3000 are the application's. */
const UNCLEAN = [1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];
function missOfClosing({ closes }, closing) {
    if (!closes || closing.kind === 'not-tried')
        return undefined;
    const expectation = 'our close frame to be answered';
    if (closing.kind === 'unanswered')
        return { expectation, seen: 'no close frame, so the connection was dropped' };
    return UNCLEAN.includes(closing.code) ? { expectation: `${expectation} without an error`, seen: `code ${closing.code}` } : undefined;
}
/** Proof is read from a handshake and a message as from the headers and the body of one answer. */
function asAnswer(headers, body, durationMs = 0) {
    return { kind: 'answer', status: 101, headers, body, isBodyCut: false, durationMs };
}

;// CONCATENATED MODULE: ./lib/core/checks/cdp.js




/** All that is ever said to the browser. */
const GET_VERSION = JSON.stringify({ id: 1, method: 'Browser.getVersion' });
/** Whether the Worker stands between us and the browser. */
function isBelowBase({ endpoint }) {
    return endpoint.startsWith('/');
}
function needsLookUp({ endpoint }) {
    return /\/json\/version\/?(?:\?|$)/.test(endpoint);
}
const versionDocumentSchema = schemas/* object */.Ikc({ webSocketDebuggerUrl: schemas/* string */.YjP() });
/** Path and query of the browser's WebSocket; its host is not used, since it is often one that only the browser itself knows. */
function debuggerPathIn(facts) {
    if (facts.kind !== 'answer' || facts.status !== 200)
        return undefined;
    const address = versionDocumentSchema.safeParse((0,expectations/* parseDocument */.Tp)(facts)).data?.webSocketDebuggerUrl;
    return /^wss?:\/\/[^/?#]+(\/[^\s#]*)$/.exec(address ?? '')?.[1];
}
const answerSchema = schemas/* object */.Ikc({
    id: schemas/* literal */.euz(1),
    result: schemas/* object */.Ikc({ product: schemas/* string */.YjP() }).optional().catch(undefined),
    error: schemas/* object */.Ikc({ message: schemas/* string */.YjP() }).optional().catch(undefined),
});
function hearBrowser({ count }, message) {
    const heard = { count: count + 1 };
    const answer = answerSchema.safeParse((0,expectations/* parseDocument */.Tp)(asAnswer({}, message))).data;
    // Events may come before it.
    if (answer === undefined)
        return heard;
    const product = answer.result?.product.trim() ?? '';
    return product === '' ? { ...heard, problem: (0,expectations/* excerpt */.Kb)(answer.error?.message ?? message) } : { ...heard, product };
}
function hasAnswered({ product, problem }) {
    return product !== undefined || problem !== undefined;
}
/** Judges the look-up of the browser, where there was one that led nowhere. */
function judgeLookUp(spec, facts, wanted) {
    const judged = judgeExchange(askedOf(spec, wanted), facts, (answer) => ({ expectation: 'status 200 and a webSocketDebuggerUrl', seen: (0,expectations/* describeAnswer */.O1)(answer) }));
    return aboutOf(spec, judged);
}
/** Judges the WebSocket and the answer; a browser with an address of its own knows no version of the Worker. */
function judgeBrowser(spec, facts, says, wanted) {
    const asked = askedOf(spec, wanted);
    if (facts.kind === 'not-opened')
        return { own: aboutOf(spec, judgeExchange(asked, facts.exchange, missOfHandshake)), parts: [] };
    const cutShort = cutShortBy({ ...spec, closes: false }, facts, says.product !== undefined);
    if (cutShort !== undefined)
        return { own: { kind: 'unreachable', seen: cutShort }, parts: [] };
    const own = aboutOf(spec, judgeExchange(asked, asAnswer(facts.headers, '', facts.durationMs), () => missOfAnswer(spec, facts, says)));
    if (says.product === undefined || own.kind === 'wrong-version' || own.kind === 'blocked')
        return { own, parts: [] };
    return { own, parts: [{ name: 'product', attempt: own.kind === 'passed' ? own : { kind: 'unproven', about: 'surroundings' }, observed: says.product.slice(0, cdp_LONGEST_OBSERVED).toWellFormed() }] };
}
const cdp_LONGEST_OBSERVED = 60;
function askedOf(spec, wanted) {
    const { proof, timeoutSeconds } = spec;
    return isBelowBase(spec) ? { proof, timeoutSeconds, wanted } : { proof: { kind: 'none' }, timeoutSeconds, wanted: undefined };
}
function aboutOf(spec, attempt) {
    return attempt.kind === 'unproven' && !isBelowBase(spec) ? { kind: 'unproven', about: 'surroundings' } : attempt;
}
function missOfAnswer({ timeoutSeconds }, { end }, { count, product, problem }) {
    if (product !== undefined)
        return undefined;
    const expectation = `an answer with a product to Browser.getVersion within ${timeoutSeconds} s`;
    if (problem !== undefined)
        return { expectation, seen: problem };
    return { expectation, seen: `${count === 0 ? 'no message' : `${count} other ${count === 1 ? 'message' : 'messages'}`}${endInWords(end)}` };
}
/** Where the browser is, for people: addresses of browser services hold tokens in their paths and queries. */
function browserAt({ endpoint }, baseHost) {
    return endpoint.startsWith('/') ? `CDP at ${baseHost}${endpoint.replace(/\?[^]*/, '')}` : `CDP at ${/^\w+:\/\/([^/?#]*)/.exec(endpoint)?.[1] ?? ''}`;
}

// EXTERNAL MODULE: ./lib/shell/checks/asking.js
var checks_asking = __webpack_require__(97891);
;// CONCATENATED MODULE: ./lib/shell/checks/socket.js

const MAX_MESSAGE_BYTES = 1_048_576;
const MOST_MESSAGES = 100;
/** As many as ws answers before it hangs up without a word. */
const MOST_PINGS = 60;
const CLOSING_MS = 2000;
/** Opens, speaks, listens and closes; never throws, and leaves no connection behind. */
async function converse(asked) {
    const elapsedMs = () => Math.round(performance.now() - asked.startedAt);
    const socket = await socket_open(asked);
    if (socket instanceof Error)
        return { kind: 'not-opened', exchange: { kind: 'no-answer', reason: 'invalid', message: socket.message, durationMs: elapsedMs() } };
    const opening = {};
    socket.once('upgrade', ({ headers }) => {
        opening.headers = flatten(headers);
        opening.openMs = elapsedMs();
    });
    const closed = new Promise((resolve) => { socket.once('close', resolve); });
    const end = await endOf(socket, asked, elapsedMs);
    const { headers, openMs } = opening;
    if (headers === undefined || openMs === undefined || end.kind === 'answer') {
        socket.terminate();
        return { kind: 'not-opened', exchange: exchangeOf(end, asked.limitMs, elapsedMs()) };
    }
    const closing = await socket_close(socket, { end, closed, leftMs: asked.limitMs - elapsedMs() });
    const ended = end.kind === 'failed' ? { kind: 'broken', message: end.message } : end;
    return { kind: 'opened', headers, openMs, durationMs: elapsedMs(), limitMs: asked.limitMs, end: ended, closing };
}
async function socket_open({ url, headers, protocols }) {
    const { default: Socket } = await __webpack_require__.e(/* import() */ 977).then(__webpack_require__.bind(__webpack_require__, 52977));
    try {
        // Nothing compressed is asked for, and nobody is followed: what may be read is bounded, and who is asked is known.
        const socket = new Socket(url, [...protocols], { headers: { 'user-agent': 'sleepwell', ...headers }, maxPayload: MAX_MESSAGE_BYTES, maxFragments: 1024, perMessageDeflate: false, followRedirects: false });
        // An error with nobody to hear it would end the process; terminating is one.
        return socket.on('error', () => undefined);
    }
    catch (error) {
        return error instanceof Error ? error : new Error(String(error));
    }
}
async function endOf(socket, asked, elapsedMs) {
    const end = Promise.withResolvers();
    const timers = [];
    const silentAfter = (ms, limit) => timers.push(setTimeout(() => end.resolve({ kind: 'silent', limit }), ms));
    const stop = () => end.resolve({ kind: 'stopped' });
    let messages = 0;
    socket.once('open', () => {
        for (const text of asked.send)
            socket.send(text);
        if (asked.hasEnough())
            end.resolve({ kind: 'enough' });
        else
            silentAfter(asked.messageLimitMs, 'message');
    });
    const listen = (data) => {
        messages += 1;
        if (asked.hasEnough(textOf(data)))
            end.resolve({ kind: 'enough' });
        else if (messages >= MOST_MESSAGES)
            end.resolve({ kind: 'too-many', most: MOST_MESSAGES });
        else
            return;
        // Whatever else arrives, be it in the same packet, is not looked at.
        socket.off('message', listen);
    };
    socket.on('message', listen);
    let pings = 0;
    socket.on('ping', () => {
        pings += 1;
        if (pings >= MOST_PINGS)
            end.resolve({ kind: 'broken', message: `${MOST_PINGS} pings and more` });
    });
    socket.once('unexpected-response', (_, answer) => {
        void readAnswer(answer, elapsedMs).then((exchange) => end.resolve({ kind: 'answer', exchange }));
    });
    socket.once('close', (code, reason) => end.resolve({ kind: 'hung-up', code, reason: reason.toString('utf8') }));
    socket.once('error', (error) => end.resolve({ kind: 'failed', code: codeOf(error), message: error.message === '' ? codeOf(error) : error.message }));
    silentAfter(asked.limitMs - elapsedMs(), 'attempt');
    asked.signal.addEventListener('abort', stop, { once: true });
    if (asked.signal.aborted)
        stop();
    try {
        return await end.promise;
    }
    finally {
        asked.signal.removeEventListener('abort', stop);
        timers.forEach(clearTimeout);
        socket.off('message', listen);
    }
}
/** Says goodbye to a peer that behaved, and hangs up on every other and on one that does not answer. */
async function socket_close(socket, { end, closed, leftMs }) {
    const isPolite = end.kind === 'enough' || end.kind === 'silent';
    if (!isPolite || leftMs <= 0) {
        socket.terminate();
        return { kind: 'not-tried' };
    }
    const drop = setTimeout(() => socket.terminate(), Math.min(CLOSING_MS, leftMs));
    socket.close(1000);
    const code = await closed;
    clearTimeout(drop);
    // RFC 6455, 7.1.5: 1006 stands for a connection that ended without a close frame.
    return code === 1006 ? { kind: 'unanswered' } : { kind: 'answered', code };
}
function exchangeOf(end, limitMs, durationMs) {
    switch (end.kind) {
        case 'answer':
            return end.exchange;
        case 'silent':
            return { kind: 'timed-out', limitMs, durationMs };
        case 'stopped':
            return { kind: 'stopped', durationMs };
        case 'failed':
            return { kind: 'no-answer', reason: reasonOf(end.code), message: end.message.includes(end.code) ? end.message : `${end.code}: ${end.message}`, durationMs };
        case 'enough':
        case 'hung-up':
        case 'too-many':
        case 'broken':
            return { kind: 'no-answer', reason: 'other', message: 'the connection ended before it was a WebSocket', durationMs };
    }
}
/** Reads up to the limit and no further; the conversation's own limit ends a slow one. */
async function readAnswer(answer, elapsedMs) {
    const chunks = [];
    let bytes = 0;
    try {
        for await (const chunk of answer) {
            const data = Buffer.from(chunk);
            chunks.push(data);
            bytes += data.byteLength;
            if (bytes > checks_asking/* MAX_BODY_BYTES */.YK)
                break;
        }
    }
    catch (error) {
        return { kind: 'no-answer', reason: 'reset', message: error instanceof Error ? error.message : String(error), durationMs: elapsedMs() };
    }
    const body = Buffer.concat(chunks).subarray(0, checks_asking/* MAX_BODY_BYTES */.YK).toString('utf8');
    return { kind: 'answer', status: answer.statusCode ?? 0, headers: flatten(answer.headers), body, isBodyCut: bytes > checks_asking/* MAX_BODY_BYTES */.YK, durationMs: elapsedMs() };
}
function flatten(headers) {
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
}
function textOf(data) {
    if (Array.isArray(data))
        return Buffer.concat(data).toString('utf8');
    return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}
function codeOf(error) {
    return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
function reasonOf(code) {
    if (code === 'ECONNREFUSED')
        return 'refused';
    return code.startsWith('HPE_') ? 'invalid' : 'other';
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
;// CONCATENATED MODULE: ./lib/shell/checks/websocket.js




/** Opens a WebSocket to the Worker, by the door that the subject names. */
async function attemptWebSocket(spec, asking) {
    const { subject, limitMs, signal } = asking;
    let hearing = beginHearing(spec);
    const facts = await converse({
        url: socketUrl(asking.baseUrl, spec.path),
        headers: { ...spec.headers, ...(0,checks_asking/* doorHeaders */.tM)(subject) },
        protocols: spec.protocols,
        send: [spec.send ?? []].flat(),
        hasEnough(message) {
            if (message !== undefined)
                hearing = hear(spec, hearing, message);
            return isEnough(spec, hearing);
        },
        messageLimitMs: spec.expect?.withinSeconds === undefined ? limitMs : spec.expect.withinSeconds * 1000,
        startedAt: performance.now(),
        limitMs,
        signal,
    });
    return judgeWebSocket(spec, facts, hearing, subject.versionId);
}
/** Below the base's own path, with a query that no cache has seen. */
function socketUrl(baseUrl, path) {
    const url = asSocket((0,checks_asking/* urlBelow */.dX)(baseUrl, path));
    url.searchParams.append('sleepwell', (0,external_node_crypto_.randomUUID)());
    return url;
}
function asSocket(address) {
    const url = new URL(address);
    url.protocol = { 'http:': 'ws:', 'https:': 'wss:' }[address.protocol] ?? address.protocol;
    return url;
}

;// CONCATENATED MODULE: ./lib/shell/checks/cdp.js





/** Asks a browser for its version, and nothing else. */
async function attemptCdp(spec, asking, ports) {
    const startedAt = performance.now();
    if (!needsLookUp(spec))
        return ask(spec, asking, { path: spec.endpoint, startedAt });
    const found = await lookUp(spec, asking, ports);
    const path = debuggerPathIn(found);
    if (path === undefined)
        return alone(judgeLookUp(spec, found, asking.subject.versionId));
    const prefix = isBelowBase(spec) ? spec.endpoint.replace(/\/json\/version[^]*$/, '') : '';
    return ask(spec, asking, { path: `${prefix}${path}`, startedAt });
}
function lookUp(spec, asking, ports) {
    const { endpoint: path, headers } = spec;
    if (isBelowBase(spec))
        return (0,checks_asking/* askWorker */.aU)({ path, method: 'GET', headers }, asking, ports);
    const url = new URL(path.replace(/^ws/, 'http'));
    return ports.probe.send({ url, method: 'GET', headers, limitMs: asking.limitMs, maxBodyBytes: checks_asking/* MAX_BODY_BYTES */.YK }, asking.signal);
}
async function ask(spec, { baseUrl, subject, limitMs, signal }, { path, startedAt }) {
    let says = { count: 0 };
    const door = isBelowBase(spec) ? (0,checks_asking/* doorHeaders */.tM)(subject) : {};
    const facts = await converse({
        url: addressOf(spec, baseUrl, path),
        headers: { ...spec.headers, ...door },
        protocols: [],
        send: [GET_VERSION],
        hasEnough(message) {
            if (message !== undefined)
                says = hearBrowser(says, message);
            return hasAnswered(says);
        },
        messageLimitMs: limitMs,
        startedAt,
        limitMs,
        signal,
    });
    return judgeBrowser(spec, facts, says, subject.versionId);
}
/** A path that was looked up never leads to another host: headers that are meant for this one would go there. */
function addressOf(spec, baseUrl, path) {
    if (isBelowBase(spec))
        return socketUrl(baseUrl, path);
    return asSocket(path === spec.endpoint ? new URL(path) : (0,checks_asking/* urlBelow */.dX)(new URL('/', spec.endpoint), path));
}

// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(57975);
;// CONCATENATED MODULE: ./lib/core/checks/command.js
const VERSION_LINE = /^sleepwell-version: *([0-9a-z-]{1,100})\s*$/i;
/** The version that a line of output names: how a program says whose answers it saw. */
function versionSaidIn(line) {
    return VERSION_LINE.exec(line)?.[1]?.toLowerCase();
}
/**
 * An exit code is no proof of a version: without a line that names one, the best that a program can come to is
 * *unproven*. One that names another version has tested that one, whatever it found.
 */
function judgeCommand(spec, facts, wanted) {
    switch (facts.kind) {
        case 'not-started':
            return { kind: 'failed', expectation: 'a program that can be started', seen: facts.message, isProven: true, isDefinite: true };
        case 'stopped':
            return { kind: 'unreachable', seen: 'stopped before the program had ended' };
        case 'exited':
        case 'timed-out':
        case 'too-much-output': {
            const other = facts.versions.find((version) => wanted !== undefined && version !== wanted);
            return other === undefined ? judgeEnd(spec, facts) : { kind: 'wrong-version', answeredBy: other };
        }
    }
}
function judgeEnd({ passExitCodes, timeoutSeconds }, ended) {
    const failed = (expectation, how) => ({ kind: 'failed', expectation, seen: `${how}; ${lastOf(ended)}`, isProven: true });
    switch (ended.kind) {
        case 'timed-out':
            // The round's deadline came before the check's own limit: that says little about the Worker.
            if (ended.limitMs < timeoutSeconds * 1000)
                return { kind: 'unreachable', seen: `not ended before the deadline; ${lastOf(ended)}` };
            return failed(`an end within ${timeoutSeconds} s`, 'still running, so it was ended');
        case 'too-much-output':
            return failed(`at most ${ended.limitBytes / 1_048_576} MiB of output`, 'more, so it was ended');
        case 'exited': {
            if (!passExitCodes.includes(ended.code)) {
                return failed(`exit code ${passExitCodes.join(' or ')}`, ended.signal === undefined ? `exit code ${ended.code}` : `ended by ${ended.signal}`);
            }
            const [answeredBy] = ended.versions;
            return answeredBy === undefined ? { kind: 'unproven' } : { kind: 'passed', answeredBy };
        }
    }
}
function lastOf({ tail }) {
    return tail === '' ? 'no output' : `the end of its output:\n${tail}`;
}

// EXTERNAL MODULE: ./lib/shell/child.js
var child = __webpack_require__(50564);
// EXTERNAL MODULE: ./lib/shell/program-surroundings.js
var program_surroundings = __webpack_require__(85584);
;// CONCATENATED MODULE: ./lib/shell/checks/command.js





const KEPT_CHARACTERS = 65_536;
const TAIL_CHARACTERS = 2048;
const MOST_OUTPUT = 33_554_432;
const MOST_VERSIONS = 10;
/** Runs the program once; ends its whole process group at the limit, or when the rollout stops. */
async function attemptCommand(spec, asking, around) {
    return judgeCommand(spec, await run(spec, asking, around), asking.subject.versionId);
}
async function run(spec, asking, around) {
    const [command, ...args] = spec.run;
    if (command === undefined || around === undefined)
        return { kind: 'not-started', message: 'there is nothing to run, or nowhere to run it' };
    const directory = await (0,program_surroundings/* folderInside */.he)(around.workspace, spec.workingDirectory);
    if (directory === undefined)
        return { kind: 'not-started', message: `the repository has no folder ${spec.workingDirectory}` };
    const flood = new AbortController();
    const output = beginOutput(around.redact, () => flood.abort());
    const end = await (0,child/* runChild */.w)({
        command,
        args,
        directory,
        variables: variablesFor(spec, asking, around),
        onLine: output.take,
        onRead: output.count,
        stop: AbortSignal.any([asking.signal, flood.signal]),
        limitSeconds: asking.limitMs / 1000,
    });
    switch (end.kind) {
        case 'not-started':
            return { kind: 'not-started', message: (0,program_surroundings/* explainStart */._c)(command, end.message) };
        case 'stopped':
            return asking.signal.aborted ? { kind: 'stopped' } : { kind: 'too-much-output', limitBytes: MOST_OUTPUT, ...output.said() };
        case 'timed-out':
            return { kind: 'timed-out', limitMs: asking.limitMs, ...output.said() };
        case 'exited':
            return { ...end, ...output.said() };
    }
}
function variablesFor(spec, { baseUrl, subject }, { variables }) {
    const [door] = Object.entries((0,checks_asking/* doorHeaders */.tM)(subject));
    return {
        ...(0,program_surroundings/* passedOn */.I3)(variables),
        ...spec.env,
        SLEEPWELL_URL: baseUrl.href,
        SLEEPWELL_OVERRIDE_HEADER: door === undefined ? '' : door.join(': '),
        SLEEPWELL_VERSION_ID: subject.versionId ?? '',
    };
}
/** Keeps the end of the output and the versions that were named, however much there is. */
function beginOutput(redact, onFlood) {
    const versions = new Set();
    let kept = '';
    let allCharacters = 0;
    return {
        count: (characters) => {
            allCharacters += characters;
            if (allCharacters > MOST_OUTPUT)
                onFlood();
        },
        take: (line, stream) => {
            const version = stream === 'stdout' ? versionSaidIn(line) : undefined;
            if (version !== undefined && versions.size < MOST_VERSIONS)
                versions.add(version);
            kept += `${line}\n`;
            if (kept.length > 4 * KEPT_CHARACTERS)
                kept = kept.slice(-KEPT_CHARACTERS);
        },
        said() {
            // Colours go first: one in the middle of a secret would hide it from the mask.
            const text = redact((0,external_node_util_.stripVTControlCharacters)(kept)).trim();
            return { tail: text.slice(-TAIL_CHARACTERS).toWellFormed(), versions: [...versions] };
        },
    };
}

;// CONCATENATED MODULE: ./lib/core/checks/http.js


/** Judges what one request came to: `wanted` is the version that should have answered it. */
function judgeHttp(spec, facts, wanted, missOfSchema) {
    const { proof, timeoutSeconds } = spec;
    return judgeExchange({ proof, timeoutSeconds, wanted }, facts, missOf(spec, missOfSchema));
}
function missOf({ expect, failAtOnce }, missOfSchema) {
    return (answer, document) => {
        if (answer.isEndless === true)
            return { expectation: 'an end of the redirects', seen: `one more than are followed, to ${(0,expectations/* excerpt */.Kb)(answer.headers['location'] ?? '')}` };
        if (failAtOnce !== undefined && (0,expectations/* firstMiss */.JM)(failAtOnce, answer, document, missOfSchema) === undefined)
            return definite(answer);
        return (0,expectations/* firstMiss */.JM)(expect, answer, document, missOfSchema);
    };
}
function definite(answer) {
    return { expectation: 'no answer as in `failAtOnce`', seen: (0,expectations/* describeAnswer */.O1)(answer), isDefinite: true };
}
const DAY_MS = 86_400_000;
/** How long the certificate lasts; it is the address's, whatever version answers behind it. */
function judgeCertificate(leastDays, facts, nowMs) {
    if (facts.kind === 'unreadable')
        return { attempt: { kind: 'unreachable', seen: facts.message } };
    const expectation = `a certificate that is valid for ${leastDays} more days`;
    const failed = (seen) => ({ kind: 'failed', expectation, seen, isProven: true, isDefinite: true });
    if (facts.kind === 'not-https')
        return { attempt: failed('the address is not https') };
    const days = Math.floor((facts.untilMs - nowMs) / DAY_MS);
    const observed = `${days} days`;
    if (days >= leastDays)
        return { attempt: { kind: 'unproven', about: 'surroundings' }, observed };
    return { attempt: failed(days < 0 ? `it ended ${-days} days ago` : observed), observed };
}

;// CONCATENATED MODULE: ./lib/shell/checks/http-redirects.js

const MOST_REDIRECTS = 5;
/** Asks, and follows up to five redirects, all within the attempt's limit; the answer's time is that of all of them. */
async function askFollowing(request, asking, ports) {
    let next = request;
    let spentMs = 0;
    for (let left = MOST_REDIRECTS;; left -= 1) {
        const facts = await askOnce(next, { ...asking, limitMs: Math.max(1, asking.limitMs - spentMs) }, ports);
        spentMs += facts.durationMs;
        const after = facts.kind === 'answer' ? redirected(next, facts, asking.baseUrl) : undefined;
        if (after === undefined || left === 0)
            return ofAll(facts, { spentMs, limitMs: asking.limitMs, isEndless: after !== undefined });
        next = after;
    }
}
function ofAll(facts, { spentMs, limitMs, isEndless }) {
    switch (facts.kind) {
        case 'answer':
            return { ...facts, durationMs: spentMs, ...(isEndless ? { isEndless } : {}) };
        case 'timed-out':
            // Of the whole attempt: that the last request had less is our doing.
            return { ...facts, durationMs: spentMs, limitMs };
        case 'no-answer':
        case 'stopped':
            return { ...facts, durationMs: spentMs };
    }
}
/**
 * Headers may hold secrets, and the override header is this Worker's: neither goes to another host. The query that
 * passes caches does not go there either, since others sign their addresses.
 */
function askOnce(request, asking, ports) {
    if (request.url.origin === asking.baseUrl.origin)
        return (0,checks_asking/* askWorker */.aU)(request, asking, ports);
    return (0,checks_asking/* askElsewhere */.IK)({ ...request, headers: {} }, asking, ports);
}
/** The request that a redirect asks for; `undefined` where it is no redirect, or one that is not followed. */
function redirected(request, { status, headers }, home) {
    const location = headers['location'] ?? '';
    if (![301, 302, 303, 307, 308].includes(status) || location === '' || !URL.canParse(location, request.url.href))
        return undefined;
    const url = new URL(location, request.url);
    const isHome = url.origin === home.origin;
    if (url.protocol !== 'https:' && !isHome)
        return undefined;
    // RFC 9110, 15.4: 303 asks with GET; clients do so after 301 and 302 to a POST as well.
    const becomesGet = status === 303 ? request.method !== 'HEAD' : (status === 301 || status === 302) && request.method === 'POST';
    if (becomesGet)
        return { ...request, url, method: 'GET', body: undefined, headers: withoutContent(request.headers) };
    // A body may hold secrets like a header.
    return !isHome && request.body !== undefined ? undefined : { ...request, url };
}
/** Fetch Standard, "request-body-header name". */
function withoutContent(headers) {
    return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-(?:type|length|encoding|language|location)$/i.test(name)));
}

;// CONCATENATED MODULE: ./lib/shell/checks/http.js




/** One request, its redirects if they are to be followed, and the address's certificate if it is asked about. */
async function attemptHttp(spec, asking, ports) {
    const schemas = await schemasOf(spec);
    if (typeof schemas === 'string')
        return alone({ kind: 'failed', expectation: 'a JSON Schema that can be used', seen: schemas, isProven: true, isDefinite: true });
    const [facts, parts] = await Promise.all([http_ask(spec, asking, ports), certificateOf(spec, asking, ports)]);
    return { own: judgeHttp(spec, facts, asking.subject.versionId, schemas), parts };
}
function http_ask({ method, path, query, headers, body, maxBodyBytes, redirects }, asking, ports) {
    const request = { url: withQuery((0,checks_asking/* urlBelow */.dX)(asking.baseUrl, path), query), method, headers, body, maxBodyBytes };
    return redirects === 'follow' ? askFollowing(request, asking, ports) : (0,checks_asking/* askWorker */.aU)(request, asking, ports);
}
async function certificateOf({ certificateDays }, { baseUrl, limitMs, signal }, { clock }) {
    if (certificateDays === undefined)
        return [];
    const { readCertificate } = await __webpack_require__.e(/* import() */ 549).then(__webpack_require__.bind(__webpack_require__, 28549));
    return [{ name: 'certificate', ...judgeCertificate(certificateDays, await readCertificate(baseUrl, limitMs, signal), clock.now()) }];
}
/** A check is tried several times, and a schema takes longer to compile than most take to answer. */
const compiled = new WeakMap();
function schemasOf(spec) {
    const known = compiled.get(spec) ?? compile(spec);
    compiled.set(spec, known);
    return known;
}
/** What judges the body, or what is wrong with a schema. */
async function compile({ expect, failAtOnce }) {
    const schemas = [expect.jsonSchema, failAtOnce?.jsonSchema].flatMap((one) => (typeof one === 'object' && one !== null ? [one] : []));
    if (schemas.length === 0)
        return undefined;
    const { compileSchemas } = await __webpack_require__.e(/* import() */ 580).then(__webpack_require__.bind(__webpack_require__, 33580));
    try {
        return await compileSchemas(schemas);
    }
    catch (error) {
        return error instanceof Error ? error.message : String(error);
    }
}
function withQuery(url, query = {}) {
    for (const [name, value] of Object.entries(query))
        url.searchParams.append(name, value);
    return url;
}

;// CONCATENATED MODULE: ./lib/core/checks/provider.js

/** Decodes a success by its schema; `refusalOf` gives the service's own words when it refuses the token. */
function readProvider(facts, said, refusalOf) {
    if (facts.kind !== 'answer')
        return { kind: 'unreadable', why: silenceOf(facts) };
    const document = (0,expectations/* parseDocument */.Tp)(facts);
    const refusal = refusalOf(facts, document);
    if (refusal !== undefined)
        return { kind: 'token-refused', why: (0,expectations/* excerpt */.Kb)(refusal) };
    const read = facts.status === 200 ? said.safeParse(document) : undefined;
    if (read?.success === true)
        return { kind: 'said', said: read.data };
    if (facts.status !== 429)
        return { kind: 'unreadable', why: (0,expectations/* describeAnswer */.O1)(facts) };
    return { kind: 'unreadable', why: `too many requests, to be asked again in ${(0,expectations/* excerpt */.Kb)(facts.headers['retry-after'] ?? 'an untold number of')} s` };
}
function silenceOf(facts) {
    switch (facts.kind) {
        case 'timed-out':
            return `no answer within ${facts.limitMs / 1000} s`;
        case 'no-answer':
            return (0,expectations/* excerpt */.Kb)(facts.message);
        case 'stopped':
            return 'stopped before an answer';
    }
}
/**
 * A part that a provider answers. One that cannot be read is told and blamed on nobody: an outage of a chat
 * service must roll no good version back.
 */
function providerPart(name, says, judge) {
    switch (says.kind) {
        case 'said':
            return { name, ...judge(says.said) };
        case 'token-refused':
            return { name, attempt: providerFailure('the token to be taken', says.why) };
        case 'unreadable':
            return { name, attempt: { kind: 'unreachable', seen: says.why }, isOptional: true };
    }
}
/** The same for another call with a token that a part of its own judges already: one broken token is told once. */
function dependentPart(name, says, judge) {
    const told = says.kind === 'token-refused' ? { kind: 'unreadable', why: 'the bot\'s token is refused' } : says;
    return providerPart(name, told, judge);
}
/** Broken in production, whichever version serves; the baseline's own result settles whom to blame. */
function providerFailure(expectation, seen) {
    return { kind: 'failed', expectation, seen, isProven: true };
}
const provider_LONGEST_OBSERVED = 60;
function observedText(text) {
    return text === '' ? {} : { observed: text.slice(0, provider_LONGEST_OBSERVED).toWellFormed() };
}
/** All is well with the bot, which says nothing of a version. */
const GOOD_BOT = { kind: 'unproven', about: 'surroundings' };
/** The check itself beside its parts: who answered, if one of them tells; what is broken they say themselves. */
function ownBeside(parts) {
    const attempts = parts.map(({ attempt }) => attempt);
    return attempts.find(({ kind }) => kind === 'passed') ?? attempts.find((one) => one.kind === 'unproven' && one.about === undefined) ?? GOOD_BOT;
}
const REFUSALS = [401, 403];
/** What a request that nobody may send is answered, if not by a refusal. */
function missOfRefusal(answer, to) {
    return REFUSALS.includes(answer.status) ? undefined : { expectation: `status 401 or 403 to ${to}`, seen: (0,expectations/* describeAnswer */.O1)(answer) };
}

;// CONCATENATED MODULE: ./lib/core/checks/discord.js




const meSchema = schemas/* object */.Ikc({ id: schemas/* string */.YjP(), username: schemas/* string */.YjP() });
const gatewayBotSchema = schemas/* object */.Ikc({ url: schemas/* string */.YjP(), session_start_limit: schemas/* object */.Ikc({ remaining: schemas/* number */.aig() }) });
const errorSchema = schemas/* object */.Ikc({ message: schemas/* string */.YjP() });
/** Docs "Gateway", Hello Event. */
const helloSchema = schemas/* object */.Ikc({ op: schemas/* literal */.euz(10) });
/** Judges the bot, the gateway, and whether the Worker guards its interactions; only the latter tells of a version. */
function judgeDiscord(spec, facts, wanted) {
    const { gateway, interactions } = facts;
    const parts = [
        providerPart('bot', read(facts.me, meSchema), ({ username }) => ({ attempt: GOOD_BOT, ...observedText(username) })),
        ...(gateway === undefined ? [] : [judgeGateway(gateway)]),
        ...(interactions === undefined ? [] : [{ name: 'interactions guarded', attempt: judgeGuard(spec, interactions, wanted) }]),
    ];
    return { own: ownBeside(parts), parts };
}
/** Where the gateway is, if Discord says so. */
function gatewayUrlOf(facts) {
    const says = read(facts, gatewayBotSchema);
    return says.kind === 'said' ? says.said.url : undefined;
}
/** Docs "Opcodes and Status Codes": 401 is a token that is missing or invalid; other refusals come of Discord's own edge. */
function read(facts, said) {
    return readProvider(facts, said, ({ status }, document) => (status === 401 ? errorSchema.safeParse(document).data?.message : undefined));
}
function judgeGateway({ bot, socket }) {
    return dependentPart('gateway', read(bot, gatewayBotSchema), ({ session_start_limit: { remaining } }) => {
        const why = missingHello(socket);
        if (why !== undefined)
            return { attempt: { kind: 'unreachable', seen: why }, isOptional: true };
        return { attempt: GOOD_BOT, ...observedText(`${remaining} sessions left`) };
    });
}
function missingHello(socket) {
    if (socket.kind === 'none')
        return socket.why;
    try {
        return helloSchema.safeParse(JSON.parse(socket.text)).success ? undefined : 'the gateway did not say HELLO';
    }
    catch {
        return 'the gateway said what is not JSON';
    }
}
/** Two requests, one part: the first that does not go well says what is wrong. */
function judgeGuard({ proof, timeoutSeconds }, { forged, unsigned }, wanted) {
    const asked = { proof, timeoutSeconds, wanted };
    const one = judgeExchange(asked, forged, (answer) => missOfGuard(answer, 'a wrong signature'));
    const other = judgeExchange(asked, unsigned, (answer) => missOfGuard(answer, 'no signature'));
    const isOneWell = one.kind === 'passed' || one.kind === 'unproven';
    return isOneWell || (one.kind !== 'failed' && other.kind === 'failed') ? other : one;
}
/** Docs "Interactions", Validating Security Request Headers: Discord itself sends wrong ones, and demands 401. */
function missOfGuard(answer, to) {
    return answer.status === 401 ? undefined : { expectation: `status 401 to ${to}`, seen: (0,expectations/* describeAnswer */.O1)(answer) };
}

// EXTERNAL MODULE: ./lib/core/redact.js
var redact = __webpack_require__(8038);
;// CONCATENATED MODULE: ./lib/shell/checks/provider.js


/** A Worker may echo what it was sent, and a service an address with a token in it. */
function askChat({ apiBaseUrl, secrets }, asking, ports) {
    const clean = (0,redact/* redactorFor */.s)(secrets, (text) => Buffer.from(text).toString('base64'));
    const { limitMs, signal } = asking;
    return {
        clean,
        worker: async (request) => cleaned(await (0,checks_asking/* askWorker */.aU)(request, asking, ports), clean),
        async provider({ method, path, headers }) {
            const url = new URL(`${apiBaseUrl.replace(/\/+$/, '')}${path}`);
            return cleaned(await ports.probe.send({ url, method, headers, limitMs, maxBodyBytes: checks_asking/* MAX_BODY_BYTES */.YK }, signal), clean);
        },
    };
}
function cleaned(facts, clean) {
    switch (facts.kind) {
        case 'answer': {
            const headers = Object.entries(facts.headers).map(([name, value]) => [name, clean(value)]);
            return { ...facts, headers: Object.fromEntries(headers), body: clean(facts.body) };
        }
        case 'no-answer':
            return { ...facts, message: clean(facts.message) };
        case 'timed-out':
        case 'stopped':
            return facts;
    }
}

;// CONCATENATED MODULE: ./lib/shell/checks/provider-gateway.js
const provider_gateway_MAX_MESSAGE_BYTES = 65_536;
const provider_gateway_CLOSING_MS = 1000;
/**
 * Connects, waits for the first message, and closes: Discord says HELLO by itself, and IDENTIFY would take a session
 * from the real bot. Never throws.
 */
async function hearGateway(address, limitMs, stop) {
    const url = gatewayUrl(address);
    if (url === undefined)
        return { kind: 'none', why: 'Discord gave no address of a gateway' };
    const limit = AbortSignal.timeout(Math.max(1, Math.ceil(limitMs)));
    const { default: Socket } = await __webpack_require__.e(/* import() */ 977).then(__webpack_require__.bind(__webpack_require__, 52977));
    const socket = new Socket(url, { maxPayload: provider_gateway_MAX_MESSAGE_BYTES, perMessageDeflate: false, followRedirects: false });
    try {
        return { kind: 'message', text: await firstMessage(socket, AbortSignal.any([limit, stop])) };
    }
    catch (error) {
        if (stop.aborted)
            return { kind: 'none', why: 'stopped before the gateway said HELLO' };
        if (limit.aborted)
            return { kind: 'none', why: 'the gateway did not say HELLO in time' };
        return { kind: 'none', why: `the gateway: ${error instanceof Error ? error.message : String(error)}` };
    }
    finally {
        hangUp(socket);
    }
}
/** Encrypted, but on this machine. Docs "Gateway", Gateway URL Query String Params. */
function gatewayUrl(address) {
    if (!URL.canParse(address))
        return undefined;
    const url = new URL(address);
    const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
    if (url.protocol !== 'wss:' && !(url.protocol === 'ws:' && isLoopback))
        return undefined;
    url.search = '?v=10&encoding=json';
    url.hash = '';
    return url;
}
/** Rejects when the connection fails, ends or is given up first. */
function firstMessage(socket, signal) {
    const { promise, resolve, reject } = Promise.withResolvers();
    const giveUp = () => reject(new Error('given up'));
    socket.once('message', (data) => resolve(provider_gateway_textOf(data)));
    socket.once('error', reject);
    socket.once('close', (code) => reject(new Error(`it hung up with code ${code}`)));
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted)
        giveUp();
    return promise;
}
function provider_gateway_textOf(data) {
    if (Array.isArray(data))
        return Buffer.concat(data).toString('utf8');
    return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString('utf8');
}
/** A peer that never closes is dropped; an error after this is nobody's concern. */
function hangUp(socket) {
    socket.on('error', () => undefined);
    const drop = setTimeout(() => socket.terminate(), provider_gateway_CLOSING_MS).unref();
    socket.once('close', () => clearTimeout(drop));
    socket.close(1000);
}

;// CONCATENATED MODULE: ./lib/shell/checks/discord.js




/** Docs "API Reference", User Agent: others may be refused. */
const USER_AGENT = 'DiscordBot (https://github.com/sleepwell-deploy/sleepwell, 0.1.0)';
/** Docs "Interaction Object": PING. */
const PING = JSON.stringify({ id: '1', application_id: '1', type: 1, token: 'sleepwell', version: 1 });
/** Asks Discord about the bot, listens at the gateway, and knocks at the Worker's interactions with a false key and none. */
async function attemptDiscord(spec, asking, ports) {
    const { token, apiBaseUrl, path } = spec;
    const ask = askChat({ apiBaseUrl, secrets: [token] }, asking, ports);
    const call = (resource) => ask.provider({ method: 'GET', path: resource, headers: { authorization: `Bot ${token}`, 'user-agent': USER_AGENT } });
    const [me, gateway, interactions] = await Promise.all([
        call('/users/@me'),
        spec.gateway ? askGateway(() => call('/gateway/bot'), asking, ask) : undefined,
        path === undefined ? undefined : knock({ ...spec, path }, ask, Math.floor(ports.clock.now() / 1000)),
    ]);
    const facts = { me, ...(gateway === undefined ? {} : { gateway }), ...(interactions === undefined ? {} : { interactions }) };
    return judgeDiscord(spec, facts, asking.subject.versionId);
}
async function askGateway(call, { limitMs, signal }, { clean }) {
    const startedAt = performance.now();
    const bot = await call();
    const url = gatewayUrlOf(bot);
    if (url === undefined)
        return { bot, socket: { kind: 'none', why: 'Discord did not say where the gateway is' } };
    const socket = await hearGateway(url, limitMs - (performance.now() - startedAt), signal);
    return { bot, socket: socket.kind === 'none' ? { kind: 'none', why: clean(socket.why) } : socket };
}
/** Only Discord can sign rightly; a real signature by another key is as near as anybody can come. */
async function knock({ path, headers }, ask, nowSeconds) {
    const timestamp = String(nowSeconds);
    const signature = (0,external_node_crypto_.sign)(null, Buffer.from(timestamp + PING), (0,external_node_crypto_.generateKeyPairSync)('ed25519').privateKey).toString('hex');
    const post = (signing) => ask.worker({ path, method: 'POST', headers: { ...headers, 'content-type': 'application/json', ...signing }, body: PING });
    const [forged, unsigned] = await Promise.all([post({ 'x-signature-ed25519': signature, 'x-signature-timestamp': timestamp }), post({})]);
    return { forged, unsigned };
}

;// CONCATENATED MODULE: ./lib/core/checks/page.js


/** Judges the page itself. */
function judgePage(spec, facts, wanted) {
    const { proof, timeoutSeconds, text } = spec;
    return judgeExchange({ proof, timeoutSeconds, wanted }, facts, (answer) => {
        if (answer.status !== 200)
            return { expectation: 'status 200', seen: (0,expectations/* describeAnswer */.O1)(answer) };
        if (!/^text\/html\b|^application\/xhtml\+xml\b/i.test(answer.headers['content-type'] ?? ''))
            return { expectation: 'an HTML page', seen: (0,expectations/* excerpt */.Kb)(answer.headers['content-type'] ?? 'no content-type') };
        // What is not read may refer to something that is not there.
        if (answer.isBodyCut)
            return { expectation: `a page of at most ${answer.bodyBytes ?? 0} bytes`, seen: 'a longer one' };
        return text === undefined || answer.body.includes(text) ? undefined : { expectation: `a page containing ${text}`, seen: (0,expectations/* describeAnswer */.O1)(answer) };
    });
}
const page_LONGEST_NAME = 120;
/**
 * What each asset is called: path and query, or the whole address on another host. Hashes are left out, so that the
 * same asset of two versions has one name and can be compared; two that would be called the same are numbered.
 */
function namesOf(assets, home) {
    const seen = new Map();
    return assets.map(({ url }) => {
        const address = url.startsWith(`${home}/`) ? url.slice(home.length) : url;
        const name = address.replaceAll(/[A-Za-z0-9_]{8,}/g, (run) => (isHash(run) ? '*' : run)).slice(0, page_LONGEST_NAME);
        const times = (seen.get(name) ?? 0) + 1;
        seen.set(name, times);
        return times === 1 ? name : `${name} (${times})`;
    });
}
/** As bundlers write them: hexadecimal, or eight and more of an alphabet that words do not mix. */
function isHash(run) {
    if (/^\d+$/.test(run))
        return false;
    if (/^[0-9a-f]+$/.test(run))
        return /\d/.test(run);
    return /[A-Z]/.test(run) && /\d/.test(run);
}
const SURROUNDINGS = { kind: 'unproven', about: 'surroundings' };
/**
 * Judges one asset. Many are served without the Worker (static assets before it, a CDN), so that a good one without
 * proof is merely unproven; one that proves another version is that version's.
 */
function judgeAsset({ proof, timeoutSeconds }, { asset, name, facts, isExternal }, wanted) {
    const asked = isExternal ? { proof: { kind: 'none' }, wanted: undefined } : { proof, wanted };
    const own = judgeExchange({ ...asked, timeoutSeconds }, facts, missOfAsset(asset, name));
    if (own.kind === 'no-proof' || (isExternal && own.kind === 'unproven'))
        return { name, attempt: SURROUNDINGS };
    // A cache is where assets belong; what it gave is right or wrong like any other answer.
    if (own.kind === 'blocked' && own.by === 'cdn-cache' && facts.kind === 'answer')
        return { name, attempt: ofCache(missOfAsset(asset, name), facts) };
    return { name, attempt: own };
}
function ofCache(judge, answer) {
    const miss = judge(answer, undefined);
    return miss === undefined ? SURROUNDINGS : { kind: 'failed', expectation: miss.expectation, seen: miss.seen, isProven: false };
}
const TYPES = {
    // HTML Standard, "JavaScript MIME types": a browser runs no module of another type.
    script: /^(?:text|application)\/(?:x-)?(?:java|ecma)script\b/i,
    style: /^text\/css\b/i,
    image: /^image\//i,
};
/** The first thing that is wrong, with the address where the asset's name does not have all of it. */
function missOfAsset(asset, name) {
    return (answer) => {
        const miss = missIn(asset, answer);
        return miss === undefined || asset.url.endsWith(name) ? miss : { ...miss, seen: `${miss.seen}, at ${(0,expectations/* excerpt */.Kb)(asset.url)}` };
    };
}
function missIn({ kind, integrity }, answer) {
    if (answer.isEndless === true)
        return { expectation: 'an end of the redirects', seen: `one more than are followed, to ${(0,expectations/* excerpt */.Kb)(answer.headers['location'] ?? '')}` };
    if (answer.status !== 200)
        return { expectation: 'status 200', seen: (0,expectations/* describeAnswer */.O1)(answer) };
    const type = answer.headers['content-type'] ?? '';
    // The classic: a single-page application gives its HTML for whatever is not there.
    if (!TYPES[kind].test(type))
        return { expectation: `the type of a ${kind}`, seen: type === '' ? 'no content-type' : (0,expectations/* excerpt */.Kb)(type) };
    if (answer.bodyBytes === 0)
        return { expectation: 'a body', seen: 'an empty one' };
    return missOfIntegrity(integrity, answer);
}
/** The digests that an asset's bytes are needed in. */
function algorithmsOf({ integrity }) {
    const algorithm = strongestOf(integrity)[0]?.algorithm;
    return algorithm === undefined ? [] : [algorithm];
}
/** Subresource Integrity, 3.3.5: of the strongest algorithm that is given, one digest must fit; what it does not know is ignored. */
function strongestOf(integrity) {
    const given = integrity.split(/\s+/).flatMap((one) => {
        const [, algorithm, digest] = /^(sha256|sha384|sha512)-([A-Za-z0-9+/=_-]+)(?:\?|$)/i.exec(one) ?? [];
        return algorithm === undefined || digest === undefined ? [] : [{ algorithm: algorithm.toLowerCase(), digest: digest.replaceAll('-', '+').replaceAll('_', '/') }];
    });
    const strongest = given.map(({ algorithm }) => algorithm).toSorted().at(-1);
    return given.filter(({ algorithm }) => algorithm === strongest);
}
function missOfIntegrity(integrity, { isBodyCut, bodyDigests = {} }) {
    const given = strongestOf(integrity);
    const strongest = given[0]?.algorithm;
    if (strongest === undefined)
        return undefined;
    const wanted = given.map(({ digest }) => digest);
    const seen = bodyDigests[strongest] ?? '';
    if (!isBodyCut && wanted.includes(seen))
        return undefined;
    return { expectation: (0,expectations/* excerpt */.Kb)(`the integrity ${strongest}-${wanted.join(' or ')}`), seen: isBodyCut ? 'a body too large to be read whole' : `${strongest}-${seen}` };
}

;// CONCATENATED MODULE: ./lib/shell/checks/page.js




const MOST_PAGE_BYTES = 1_048_576;
const MOST_ASSET_BYTES = 8_388_608;
/** Of all assets of one attempt. */
const MOST_BYTES = 67_108_864;
/** Of an asset, enough to recognise an error page; the rest of it is but counted and digested. */
const KEPT_ASSET_BYTES = 4096;
const AT_ONCE = 6;
/** Loads the page and what it refers to, by the same door. */
async function attemptPage(spec, asking, ports) {
    const facts = await (0,checks_asking/* askWorker */.aU)({ path: spec.path, method: 'GET', headers: spec.headers, maxBodyBytes: MOST_PAGE_BYTES }, asking, ports);
    const own = judgePage(spec, facts, asking.subject.versionId);
    if (facts.kind !== 'answer' || !isReadable(own.kind))
        return alone(own);
    const { assetsIn } = await Promise.all(/* import() */[__webpack_require__.e(600), __webpack_require__.e(265)]).then(__webpack_require__.bind(__webpack_require__, 32265));
    const home = asking.baseUrl.origin;
    const assets = assetsIn(facts.body, (0,checks_asking/* urlBelow */.dX)(asking.baseUrl, spec.path)).filter(({ url }) => spec.external || new URL(url).origin === home);
    const parts = await loadAll(assets.slice(0, spec.mostAssets), { spec, asking, ports, endsAt: performance.now() + asking.limitMs - facts.durationMs });
    const tooMany = assets.length > spec.mostAssets ? [tooManyPart(assets.length, spec.mostAssets)] : [];
    return { own, parts: [...parts, ...tooMany] };
}
function isReadable(kind) {
    return kind === 'passed' || kind === 'unproven' || kind === 'no-proof';
}
/** Each once, some at a time; the parts stand in the page's order. */
async function loadAll(assets, loading) {
    const names = namesOf(assets, loading.asking.baseUrl.origin);
    const parts = [];
    const queue = [...assets.entries()];
    let leftBytes = MOST_BYTES;
    const work = async () => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
            const [index, asset] = next;
            const facts = await load(asset, Math.max(1, Math.min(MOST_ASSET_BYTES, leftBytes)), loading);
            if (facts.kind === 'answer')
                leftBytes -= facts.bodyBytes ?? 0;
            parts[index] = page_judge({ asset, name: names[index] ?? asset.url, facts }, loading);
        }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return parts;
}
async function load(asset, maxBodyBytes, { spec, asking, ports, endsAt }) {
    const request = { url: new URL(asset.url), method: 'GET', headers: spec.headers, maxBodyBytes, keptBodyBytes: KEPT_ASSET_BYTES, digests: algorithmsOf(asset) };
    const facts = await askFollowing(request, { ...asking, limitMs: Math.max(1, endsAt - performance.now()) }, ports);
    // Of the whole attempt: that one asset had less is the others' doing.
    return facts.kind === 'timed-out' ? { ...facts, limitMs: asking.limitMs } : facts;
}
function page_judge({ asset, name, facts }, { spec, asking }) {
    const isExternal = new URL(asset.url).origin !== asking.baseUrl.origin;
    return judgeAsset(spec, { asset, name, facts, isExternal }, asking.subject.versionId);
}
function tooManyPart(found, most) {
    return { name: 'assets', attempt: { kind: 'failed', expectation: `at most ${most} assets (mostAssets)`, seen: `${found}`, isProven: true, isDefinite: true } };
}

;// CONCATENATED MODULE: ./lib/core/checks/slack.js




const authTestSchema = schemas/* object */.Ikc({ ok: schemas/* literal */.euz(true), user_id: schemas/* string */.YjP(), user: schemas/* string */.YjP().default('') });
const connectionsOpenSchema = schemas/* object */.Ikc({ ok: schemas/* literal */.euz(true), url: schemas/* string */.YjP() });
const slack_errorSchema = schemas/* object */.Ikc({ ok: schemas/* literal */.euz(false), error: schemas/* string */.YjP() });
const challengeSchema = schemas/* object */.Ikc({ challenge: schemas/* string */.YjP() });
/** Docs "auth.test" and "apps.connections.open": what is wrong with a token. The others are Slack's own troubles. */
const TOKEN_ERRORS = new Set([
    'access_denied',
    'account_inactive',
    'app_not_found',
    'enterprise_is_restricted',
    'forbidden_team',
    'invalid_auth',
    'missing_scope',
    'no_permission',
    'not_allowed_token_type',
    'not_authed',
    'org_login_required',
    'team_access_not_granted',
    'token_expired',
    'token_revoked',
    'two_factor_setup_required',
]);
/** Judges the tokens, and how the Worker takes events; only the latter tells of a version. */
function judgeSlack(spec, facts, wanted) {
    const { connectionsOpen, events } = facts;
    const parts = [
        providerPart('bot', slack_read(facts.authTest, authTestSchema), ({ user }) => ({ attempt: GOOD_BOT, ...observedText(user) })),
        ...(connectionsOpen === undefined ? [] : [providerPart('app token', slack_read(connectionsOpen, connectionsOpenSchema), () => ({ attempt: GOOD_BOT }))]),
        ...(events === undefined ? [] : judgeEvents(spec, events, wanted)),
    ];
    return { own: ownBeside(parts), parts };
}
function judgeEvents({ proof, timeoutSeconds }, { challenge, verified, forged, stale }, wanted) {
    const asked = { proof, timeoutSeconds, wanted };
    const refused = (facts, to) => judgeExchange(asked, facts, (answer) => missOfRefusal(answer, to));
    return [
        { name: 'events verified', attempt: judgeExchange(asked, verified, (answer) => missOfChallenge(answer, challenge)) },
        { name: 'bad signature refused', attempt: refused(forged, 'a wrong signature') },
        ...(stale === undefined ? [] : [{ name: 'stale timestamp refused', attempt: refused(stale, 'a signature from six minutes ago') }]),
    ];
}
/** Docs "Using the Slack Web API", Evaluating responses: an error is a 200 with `ok: false`. */
function slack_read(facts, said) {
    return readProvider(facts, said, (_, document) => {
        const error = slack_errorSchema.safeParse(document).data?.error;
        return error !== undefined && TOKEN_ERRORS.has(error) ? error : undefined;
    });
}
/** Docs "url_verification event": the challenge comes back as plain text, a form's field, or JSON's. */
function missOfChallenge(answer, challenge) {
    if (answer.status !== 200)
        return { expectation: 'status 200 to a signed url_verification', seen: (0,expectations/* describeAnswer */.O1)(answer) };
    return challengeIn(answer) === challenge ? undefined : { expectation: 'the challenge of a signed url_verification', seen: (0,expectations/* describeAnswer */.O1)(answer) };
}
function challengeIn(answer) {
    const [type = ''] = (answer.headers['content-type'] ?? '').split(';');
    switch (type.trim().toLowerCase()) {
        case 'text/plain':
            return answer.body.trim();
        case 'application/x-www-form-urlencoded':
            return new URLSearchParams(answer.body).get('challenge') ?? undefined;
        case 'application/json':
            return challengeSchema.safeParse((0,expectations/* parseDocument */.Tp)(answer)).data?.challenge;
    }
    return undefined;
}

;// CONCATENATED MODULE: ./lib/shell/checks/slack.js



/** Docs "Verifying requests from Slack": what is older than five minutes may be a replay. */
const STALE_SECONDS = 360;
/** Asks Slack about the tokens, and shakes hands with the Worker's Events URL, rightly and wrongly signed. */
async function attemptSlack(spec, asking, ports) {
    const { botToken, appToken, events, apiBaseUrl } = spec;
    const secrets = [botToken, appToken ?? '', events?.signingSecret ?? ''];
    const ask = askChat({ apiBaseUrl, secrets }, asking, ports);
    // Docs "Using the Slack Web API": POST, with the token in the header and nowhere else.
    const call = (method, token) => ask.provider({ method: 'POST', path: `/${method}`, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' } });
    const [authTest, connectionsOpen, asked] = await Promise.all([
        call('auth.test', botToken),
        // Only asked whether it would be let in: a socket takes events from the real app.
        appToken === undefined ? undefined : call('apps.connections.open', appToken),
        events === undefined ? undefined : askEvents(spec, events, { ask, nowSeconds: Math.floor(ports.clock.now() / 1000) }),
    ]);
    const facts = { authTest, ...(connectionsOpen === undefined ? {} : { connectionsOpen }), ...(asked === undefined ? {} : { events: asked }) };
    return judgeSlack(spec, facts, asking.subject.versionId);
}
async function askEvents({ headers }, events, { ask, nowSeconds }) {
    const { path, signingSecret, refusesStale } = events;
    const challenge = (0,external_node_crypto_.randomUUID)();
    const body = JSON.stringify({ token: 'sleepwell', challenge, type: 'url_verification' });
    const sign = (timestamp) => `v0=${(0,external_node_crypto_.createHmac)('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
    const post = (timestamp, signature) => {
        const signing = { 'x-slack-request-timestamp': String(timestamp), 'x-slack-signature': signature };
        return ask.worker({ path, method: 'POST', headers: { ...headers, 'content-type': 'application/json', ...signing }, body });
    };
    const staleSeconds = nowSeconds - STALE_SECONDS;
    const [verified, forged, stale] = await Promise.all([
        post(nowSeconds, sign(nowSeconds)),
        post(nowSeconds, forgedFrom(sign(nowSeconds))),
        refusesStale ? post(staleSeconds, sign(staleSeconds)) : undefined,
    ]);
    return { challenge, verified, forged, ...(stale === undefined ? {} : { stale }) };
}
/** Right in form, wrong in its last digit. */
function forgedFrom(signature) {
    return signature.slice(0, -1) + (signature.endsWith('0') ? '1' : '0');
}

;// CONCATENATED MODULE: ./lib/core/checks/storage.js
const PERMISSIONS = { r2: 'Workers R2 Storage: Read', kv: 'Workers KV Storage: Read' };
/** Cloudflare's API says nothing about the version, so the best that it can come to is *unproven*. */
function judgeStorage(spec, facts) {
    const what = spec.kind === 'r2' ? `the bucket ${spec.bucket}` : `the namespace ${spec.namespaceId}`;
    switch (facts.kind) {
        case 'listed':
            return { kind: 'unproven', about: 'surroundings' };
        case 'absent':
            return { kind: 'failed', expectation: `${what} to be there`, seen: 'Cloudflare knows no such thing in this account', isProven: true };
        case 'denied':
            return { kind: 'failed', expectation: `a token that may list ${what} (${PERMISSIONS[spec.kind]})`, seen: facts.message, isProven: true, isDefinite: true };
        case 'unavailable':
            return { kind: 'unreachable', seen: facts.message };
        case 'not-asked':
            return { kind: 'failed', expectation: 'inputs cloudflare-account-id and cloudflare-api-token', seen: 'one of them is empty', isProven: true, isDefinite: true };
    }
}

;// CONCATENATED MODULE: ./lib/shell/checks/storage.js

async function attemptStorage(spec, lists, limitMs) {
    if (lists === undefined)
        return judgeStorage(spec, { kind: 'not-asked' });
    const asked = spec.kind === 'r2' ? lists.listBucket(spec.bucket) : lists.listNamespace(spec.namespaceId);
    return judgeStorage(spec, factsOf(await within(asked, limitMs)));
}
function factsOf(read) {
    return read.kind === 'ok' ? { kind: 'listed' } : read;
}
/** The client repeats its reads by itself; the check's own limit stands over that. */
async function within(asked, limitMs) {
    const limit = Promise.withResolvers();
    const timer = setTimeout(() => limit.resolve({ kind: 'unavailable', message: `no answer within ${limitMs / 1000} s` }), limitMs);
    try {
        return await Promise.race([asked, limit.promise]);
    }
    finally {
        clearTimeout(timer);
    }
}

;// CONCATENATED MODULE: ./lib/core/checks/telegram.js




const telegram_meSchema = schemas/* object */.Ikc({ ok: schemas/* literal */.euz(true), result: schemas/* object */.Ikc({ is_bot: schemas/* literal */.euz(true), username: schemas/* string */.YjP().default('') }) });
/** Bot API "WebhookInfo": `url` is empty when none is set, dates are Unix seconds. */
const webhookInfoSchema = schemas/* object */.Ikc({
    ok: schemas/* literal */.euz(true),
    result: schemas/* object */.Ikc({
        url: schemas/* string */.YjP(),
        pending_update_count: schemas/* number */.aig(),
        last_error_date: schemas/* number */.aig().optional(),
        last_error_message: schemas/* string */.YjP().default(''),
    }),
});
const refusalSchema = schemas/* object */.Ikc({ ok: schemas/* literal */.euz(false), description: schemas/* string */.YjP() });
/** Judges the bot, its webhook, and what the Worker makes of an update; only the latter tells of a version. */
function judgeTelegram(spec, facts, asked) {
    const { proof, timeoutSeconds } = spec;
    const { wanted } = asked;
    const parts = [
        providerPart('bot', telegram_read(facts.me, telegram_meSchema), ({ result }) => ({ attempt: GOOD_BOT, ...observedText(result.username === '' ? '' : `@${result.username}`) })),
        dependentPart('webhook', telegram_read(facts.webhookInfo, webhookInfoSchema), ({ result }) => judgeWebhook(spec, result, asked)),
        { name: 'update accepted', attempt: judgeExchange({ proof, timeoutSeconds, wanted }, facts.update, missOfAcceptance) },
        { name: 'wrong token refused', attempt: judgeExchange({ proof, timeoutSeconds, wanted }, facts.wrongToken, (answer) => missOfRefusal(answer, 'a wrong secret token')) },
    ];
    return { own: ownBeside(parts), parts };
}
/** Bot API "setWebhook": a status other than 2XY is an unsuccessful delivery. */
function missOfAcceptance(answer) {
    if (answer.status >= 200 && answer.status < 300)
        return undefined;
    return { expectation: 'a status from 200 to 299 to an update', seen: (0,expectations/* describeAnswer */.O1)(answer) };
}
/** Bot API "Making requests"; its server answers 401 to a token that is no bot's, and 404 to what cannot be one. */
function telegram_read(facts, said) {
    return readProvider(facts, said, ({ status }, document) => {
        return [401, 403, 404].includes(status) ? refusalSchema.safeParse(document).data?.description : undefined;
    });
}
/** Deliveries are judged only where all of them reach the wanted version: else they say nothing about it. */
function judgeWebhook(spec, info, asked) {
    const { pending_update_count: pending } = info;
    const errorMs = (info.last_error_date ?? 0) * 1000;
    const isFailing = info.last_error_date !== undefined && errorMs > (asked.sinceMs ?? asked.nowMs - spec.recentErrorSeconds * 1000);
    const observed = observedText(`${pending} pending${isFailing ? ', a delivery failed' : ''}`);
    const failed = (expectation, seen) => ({ attempt: providerFailure(expectation, seen), ...observed });
    if (!isSameUrl(info.url, asked.webhookUrl))
        return failed('the webhook to be the Worker\'s own address', placeOf(info.url, asked.webhookUrl));
    if (asked.servesAll && isFailing) {
        const agoSeconds = Math.max(0, Math.round((asked.nowMs - errorMs) / 1000));
        return failed('every update to be delivered', (0,expectations/* excerpt */.Kb)(`Telegram failed to deliver one ${agoSeconds} s ago: ${info.last_error_message}`));
    }
    // What waits during a rollout may be what the version before has left.
    if (asked.servesAll && asked.sinceMs === undefined && pending > spec.maxPending)
        return failed(`at most ${spec.maxPending} pending updates`, `${pending} pending`);
    return { attempt: GOOD_BOT, ...observed };
}
function isSameUrl(one, other) {
    return URL.canParse(one) && new URL(one).href === new URL(other).href;
}
/** Never the whole address: people put the bot's token into its path. */
function placeOf(seen, wanted) {
    if (!URL.canParse(seen))
        return 'no webhook is set';
    const { host } = new URL(seen);
    return host === new URL(wanted).host ? `another path at ${(0,expectations/* excerpt */.Kb)(host)}` : `an address at ${(0,expectations/* excerpt */.Kb)(host)}`;
}

;// CONCATENATED MODULE: ./lib/shell/checks/telegram.js




/** Positive as ids are, and below every real one: whoever remembers the highest takes it for an old update. */
const SYNTHETIC_UPDATE = { update_id: 1 };
/** Asks Telegram about the bot, and posts an update that does nothing to the Worker, rightly and wrongly signed. */
async function attemptTelegram(spec, asking, ports) {
    const { subject, baseUrl, sinceMs } = asking;
    // Also without its id: a Worker's own answer would hold the latter half alone.
    const secrets = [spec.token, spec.token.split(':')[1] ?? '', spec.secretToken];
    const ask = askChat({ apiBaseUrl: spec.apiBaseUrl, secrets }, asking, ports);
    const call = (method) => ask.provider({ method: 'GET', path: `/bot${tokenInPath(spec.token)}/${method}`, headers: {} });
    const post = (secretToken) => ask.worker({
        path: spec.path,
        method: 'POST',
        // Bot API "setWebhook", `secret_token`.
        headers: { ...spec.headers, 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secretToken },
        body: JSON.stringify(spec.update ?? SYNTHETIC_UPDATE),
    });
    const [me, webhookInfo, update, wrongToken] = await Promise.all([call('getMe'), call('getWebhookInfo'), post(spec.secretToken), post((0,external_node_crypto_.randomBytes)(24).toString('hex'))]);
    return judgeTelegram(spec, { me, webhookInfo, update, wrongToken }, {
        wanted: subject.versionId,
        servesAll: subject.via.kind === 'plain',
        // Telegram's answer has lost its secrets, and some put one into the path.
        webhookUrl: ask.clean(spec.webhookUrl ?? (0,checks_asking/* urlBelow */.dX)(baseUrl, spec.path).href),
        nowMs: ports.clock.now(),
        sinceMs,
    });
}
function tokenInPath(token) {
    return encodeURIComponent(token).replaceAll('%3A', ':');
}

;// CONCATENATED MODULE: ./lib/shell/checks/attempt.js













/** One attempt of a check, of whatever kind. A bug in one of them costs that check its answer, and not the rollout. */
async function attempt(spec, asking, ports) {
    try {
        return await attempt_attemptOf(spec, asking, ports);
    }
    catch (error) {
        return alone({ kind: 'unreachable', seen: `a bug in Sleepwell ended this check: ${error instanceof Error ? error.name : 'an unknown failure'}` });
    }
}
async function attempt_attemptOf(spec, asking, ports) {
    const problem = (0,checks_asking/* doorProblem */.Cs)(asking.subject);
    if (problem !== undefined)
        return alone({ kind: 'unreachable', seen: problem });
    switch (spec.kind) {
        case 'http':
            return attemptHttp(spec, asking, ports);
        case 'page':
            return attemptPage(spec, asking, ports);
        case 'telegram':
            return attemptTelegram(spec, asking, ports);
        case 'discord':
            return attemptDiscord(spec, asking, ports);
        case 'slack':
            return attemptSlack(spec, asking, ports);
        case 'websocket':
            return attemptWebSocket(spec, asking);
        case 'cdp':
            return attemptCdp(spec, asking, ports);
        case 'command':
            return alone(await attemptCommand(spec, asking, ports.commands));
        case 'r2':
        case 'kv':
            return alone(await attemptStorage(spec, ports.storage, asking.limitMs));
        case 'health': {
            const { versionId: id, via } = asking.subject;
            return judgeHealth(spec, await (0,checks_asking/* askWorker */.aU)({ ...spec, method: 'GET' }, asking, ports), { id, servesAll: via.kind === 'plain' });
        }
    }
}
/** What a check asks, for people. */
function targetOf(spec, baseUrl) {
    switch (spec.kind) {
        case 'http':
            return `${spec.method} ${(0,checks_asking/* urlBelow */.dX)(baseUrl, spec.path).href}`;
        case 'telegram':
            // Not the path: some put the token into it.
            return `Telegram bot and its webhook at ${baseUrl.host}`;
        case 'discord':
            return `Discord bot${spec.path === undefined ? '' : ` and POST ${(0,checks_asking/* urlBelow */.dX)(baseUrl, spec.path).href}`}`;
        case 'slack':
            return `Slack app${spec.events === undefined ? '' : ` and POST ${(0,checks_asking/* urlBelow */.dX)(baseUrl, spec.events.path).href}`}`;
        case 'websocket': {
            // Not the query: tokens are put into it where a client can set no header.
            const { origin, pathname } = asSocket((0,checks_asking/* urlBelow */.dX)(baseUrl, spec.path));
            return `WebSocket ${origin}${pathname}`;
        }
        case 'cdp':
            return browserAt(spec, baseUrl.host);
        case 'command':
            // Not its arguments: some put a token there.
            return `${spec.run[0] ?? ''} in ${spec.workingDirectory}`;
        case 'r2':
            return `R2 bucket ${spec.bucket}`;
        case 'kv':
            return `KV namespace ${spec.namespaceId}`;
        case 'page':
            return `${(0,checks_asking/* urlBelow */.dX)(baseUrl, spec.path).href} and its assets`;
        case 'health':
            return `GET ${(0,checks_asking/* urlBelow */.dX)(baseUrl, spec.path).href}`;
    }
}

;// CONCATENATED MODULE: ./lib/shell/checks/round.js





/** Runs the checks side by side and returns the results in their order, a check's parts after it; never throws. */
async function runChecks(round, ports) {
    const running = { ...ports, round, deadlineAtMs: ports.clock.now() + round.deadlineSeconds * 1000 };
    const unready = await awaitVersion(running);
    if (unready !== undefined)
        return [...round.ready, ...round.specs].flatMap((spec) => notRun(spec, running, unready));
    const arrived = { ...running, sinceMs: round.sinceMs ?? (round.isPropagating ? ports.clock.now() : undefined) };
    const ready = await sideBySide(round.ready, round.concurrency, (spec) => runCheck(spec, arrived));
    const waiting = ready.find(result/* isInTheWay */.M5);
    if (waiting !== undefined) {
        const outcome = { kind: 'unknown', reason: 'not-ready', seen: `not run, since "${waiting.name}" was not ready` };
        return [...ready, ...round.specs.flatMap((spec) => notRun(spec, running, outcome))];
    }
    return [...ready, ...(await runSpecs(arrived))];
}
async function runSpecs(running) {
    const { specs, concurrency, isEachAloneFirst } = running.round;
    if (!isEachAloneFirst || specs.length < 2)
        return sideBySide(specs, concurrency, (spec) => runCheck(spec, running));
    // A program is no channel, and may take minutes: once is enough.
    const first = await inTurn(specs, 1, async (spec) => (spec.kind === 'command' ? [] : runCheck(spec, running)));
    return sideBySide([...specs.entries()], concurrency, async ([index, spec]) => {
        const before = first[index] ?? [];
        if (before.some(result/* isInTheWay */.M5))
            return before;
        return (await runCheck(spec, running)).map((result) => withAlone(result, before));
    });
}
/** A check that fails only beside the others says so, and what it failed while alone counts as flaky. */
function withAlone(result, before) {
    const alone = before.find(({ name }) => name === result.name);
    const counted = {
        ...result,
        attempts: result.attempts + (alone?.attempts ?? 0),
        failedAttempts: result.failedAttempts + (alone?.failedAttempts ?? 0),
    };
    if (result.outcome.kind !== 'failed' || alone === undefined)
        return counted;
    return { ...counted, outcome: { ...result.outcome, expectation: `${result.outcome.expectation}, beside the other checks (alone it passed)` } };
}
async function sideBySide(jobs, concurrency, run) {
    return (await inTurn(jobs, concurrency, run)).flat();
}
/** At most so many at a time; the results stand in the order of the jobs. */
async function inTurn(jobs, concurrency, run) {
    const results = [];
    const queue = [...jobs.entries()];
    const work = async () => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift())
            results[next[0]] = await run(next[1]);
    };
    await Promise.all(Array.from({ length: Math.max(1, Math.min(concurrency, jobs.length)) }, work));
    return results;
}
/** Why no check can count yet; `undefined` when they may begin. */
async function awaitVersion(running) {
    const { round, deadlineAtMs, clock, signal } = running;
    if (round.subject.versionId === undefined)
        return undefined;
    const spec = [...round.ready, ...round.specs].find(canProve);
    if (spec === undefined) {
        if (round.isPropagating)
            await clock.sleep(round.settleSeconds, signal);
        return undefined;
    }
    const rules = { patience: patienceUntil(deadlineAtMs, running), proofsWanted: round.proofsWanted };
    let readiness = beginReadiness(clock.now());
    while (!signal.aborted) {
        const { own } = await attempt(spec, askingOf(spec, running, deadlineAtMs), running);
        const step = afterReadinessAttempt(rules, readiness, own, clock.now());
        if (step.kind === 'ready' || step.kind === 'unclear')
            return undefined;
        if (step.kind === 'not-ready') {
            return { kind: 'unknown', reason: 'not-ready', seen: `the version did not answer within ${round.deadlineSeconds} s: ${step.seen}` };
        }
        readiness = step.readiness;
        await clock.sleep(step.pauseMs / 1000, signal);
    }
    return cutOff('stopped before the version answered');
}
async function runCheck(spec, running) {
    const { clock, signal, deadlineAtMs } = running;
    const startedAtMs = clock.now();
    const endsAtMs = Math.min(deadlineAtMs, startedAtMs + spec.deadlineSeconds * 1000);
    const patience = patienceUntil(endsAtMs, running);
    let trial = beginTrial(startedAtMs);
    let answerMs = 0;
    while (!signal.aborted) {
        const sentAtMs = clock.now();
        const seen = await attempt(spec, askingOf(spec, running, endsAtMs), running);
        answerMs = clock.now() - sentAtMs;
        if (signal.aborted)
            break;
        const step = afterAttempt(patience, trial, seen, clock.now());
        trial = step.trial;
        if (step.kind === 'done')
            return round_describe(spec, running, { trial, outcome: step.outcome, parts: step.parts, answerMs });
        await clock.sleep(step.pauseMs / 1000, signal);
    }
    return round_describe(spec, running, { trial, outcome: cutOff('stopped before it was decided'), parts: [], answerMs });
}
function askingOf(spec, { round, clock, signal, sinceMs }, endsAtMs) {
    const limitMs = Math.max(1, Math.min(spec.timeoutSeconds * 1000, endsAtMs - clock.now()));
    return { baseUrl: round.baseUrl, subject: round.subject, limitMs, signal, sinceMs };
}
function patienceUntil(endsAtMs, { round, clock }) {
    const { isPropagating, doesBaselineProve } = round;
    return patienceFor({ deadlineMs: Math.max(0, endsAtMs - clock.now()), isPropagating, doesBaselineProve });
}
function notRun(spec, running, outcome) {
    return round_describe(spec, running, { trial: beginTrial(running.clock.now()), outcome, parts: [], answerMs: 0 });
}
function round_describe(spec, { round, clock }, { trial, outcome, parts, answerMs }) {
    const common = {
        target: targetOf(spec, round.baseUrl),
        attempts: trial.attempts,
        startedAt: new Date(trial.startedAtMs).toISOString(),
        durationMs: Math.max(0, clock.now() - trial.startedAtMs),
        answerMs: Math.max(0, answerMs),
    };
    const own = { name: spec.name, ...common, outcome, failedAttempts: trial.failuresOf[''] ?? 0 };
    return [
        own,
        ...parts.map(({ name, ...part }) => ({ ...common, ...part, name: `${spec.name}/${name}`, partOf: spec.name, failedAttempts: trial.failuresOf[name] ?? 0 })),
    ];
}

;// CONCATENATED MODULE: ./lib/commands/check-production.js



const PROOFS_WANTED = 3;
const SETTLE_SECONDS = 30;
/** One round on its own, on whichever version answers or on the one that is asked for. */
async function checkOnce(plan, subject, ports) {
    return runRedacted(plan, round(plan, subject, { isPropagating: false, doesBaselineProve: false }), ports);
}
/** The baseline's checks before anything changes: what is broken then is not the candidate's doing. */
async function checkBaseline(plan, baseline, ports) {
    const subject = { versionId: baseline, via: { kind: 'plain' } };
    return runRedacted(plan, round(plan, subject, { isPropagating: false, doesBaselineProve: false }), ports);
}
/** One round on what the rollout asks about, written into the record, judged against preflight. */
async function checkSubject(check, ports) {
    const { plan, policy, subject, record } = check;
    const { preflight } = record.current();
    const facts = { isPropagating: true, doesBaselineProve: (0,result/* provesItself */.Bi)(preflight) };
    const asked = check_production_askedOf(policy, subject, plan.script);
    // Before any user is concerned there is time to ask each channel alone, and then all at once.
    const isEachAloneFirst = subject.kind === 'candidate' && subject.percent === 0;
    const results = await runRedacted(plan, { ...round(plan, asked.subject, facts), isEachAloneFirst }, ports);
    record.noteRound({ title: asked.title, judged: asked.judged, results: [...results] });
    const judgement = (0,judge/* judgeChecks */.L)(results, preflight, { judged: asked.judged, preExisting: plan.checks.preExisting });
    const listed = judgement.checks.map((one) => `${one.now.name}: ${one.standing}`).join(', ');
    record.note(`${asked.title}: ${judgement.verdict} (${listed}).`);
    if (judgement.verdict !== 'regressed' || asked.other === undefined)
        return judgement.verdict;
    return (await isBaselineBrokenToo(check, judgement, asked.other, ports)) ? 'shared-incident' : 'regressed';
}
/** The checks that the candidate fails, once more on the baseline, which still serves beside it. */
async function isBaselineBrokenToo({ plan, record }, judged, baseline, ports) {
    const broken = new Set(judged.checks.filter(({ standing }) => standing === 'regressed').map(({ now }) => now.partOf ?? now.name));
    const again = (specs) => specs.filter(({ name }) => broken.has(name));
    const { ready, specs } = plan.checks;
    const asked = { ...round(plan, baseline, { isPropagating: false, doesBaselineProve: true }), ready: [], specs: [...again(ready), ...again(specs)] };
    const results = await runRedacted(plan, asked, ports);
    const isShared = (0,judge/* isSharedIncident */.M)(judged, results);
    if (isShared) {
        record.noteRound({ title: 'Baseline, the same checks again', judged: 'baseline', results: [...results] });
        record.note('The baseline now fails the same checks: a shared incident, not the candidate. Holding.');
    }
    return isShared;
}
async function runRedacted({ redact }, asked, ports) {
    const results = await runChecks(asked, ports);
    return results.map(({ observed, ...result }) => ({
        ...result,
        name: redact(result.name),
        target: redact(result.target),
        outcome: redactOutcome(result.outcome, redact),
        ...(observed === undefined ? {} : { observed: redact(observed) }),
    }));
}
/** Only what came from outside is redacted: a secret that is a common word must not break our own. */
function redactOutcome(outcome, redact) {
    switch (outcome.kind) {
        case 'passed':
            return { ...outcome, answeredBy: redact(outcome.answeredBy) };
        case 'failed':
            return { ...outcome, expectation: redact(outcome.expectation), seen: redact(outcome.seen) };
        case 'unknown':
            return { ...outcome, seen: redact(outcome.seen) };
        case 'unproven':
        case 'blocked':
            return outcome;
    }
}
function round(plan, subject, facts) {
    return {
        ...plan.checks,
        subject,
        proofsWanted: PROOFS_WANTED,
        settleSeconds: SETTLE_SECONDS,
        isEachAloneFirst: false,
        ...facts,
    };
}
/** Whom to ask, and by which door: a candidate below 100 % answers reliably only to the override header. */
function check_production_askedOf(policy, subject, scriptName) {
    const plain = { kind: 'plain' };
    switch (subject.kind) {
        case 'candidate': {
            const via = subject.percent === 100 ? plain : { kind: 'override', scriptName };
            const title = `Candidate at ${subject.percent} %`;
            const other = policy.plan !== 'staged' || subject.percent === 100 ? {} : { other: { versionId: policy.baseline, via } };
            return { title, judged: 'candidate', subject: { versionId: subject.candidate, via }, ...other };
        }
        case 'full-deploy':
            return { title: 'Full deploy', judged: 'candidate', subject: { versionId: subject.candidate, via: plain } };
        case 'baseline':
            if (policy.plan !== 'staged')
                throw new Error('bug: only a staged rollout has a baseline to check');
            return { title: 'Baseline restored', judged: 'baseline', subject: { versionId: policy.baseline, via: plain } };
        case 'target':
            if (policy.plan !== 'rollback')
                throw new Error('bug: only a rollback has a target to check');
            return { title: 'Rollback target', judged: 'target', subject: { versionId: policy.target, via: plain } };
    }
}


/***/ }),

/***/ 76657:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   U: () => (/* binding */ blockerOf)
/* harmony export */ });
const REMEDIES = {
    challenge: 'A Cloudflare challenge answered instead of the Worker. Add a WAF skip rule for the checks (by a secret header that only they send), or check a hostname without bot protection.',
    access: 'Cloudflare Access asked for a login. Give the checks a service token (headers CF-Access-Client-Id and CF-Access-Client-Secret) or a bypass policy for the path.',
    firewall: 'A Cloudflare firewall or rate limiting rule refused the request. Add a WAF skip rule for the checks (by a secret header that only they send).',
    'cdn-cache': 'A cache answered instead of the Worker. Let the Worker answer the path itself with `cache-control: no-store`, exclude it from the cache rules, or check another path.',
};
/** Whether something in front of the Worker answered; asked only of answers without proof of the wanted version. */
function blockerOf(answer) {
    const by = recognise(answer);
    return by === undefined ? undefined : { kind: 'blocked', by, remedy: REMEDIES[by] };
}
function recognise(answer) {
    // Cloudflare challenges: "Detect a challenge page response".
    if (answer.headers['cf-mitigated'] === 'challenge')
        return 'challenge';
    if (isAccessLogin(answer))
        return 'access';
    if (isFirewallPage(answer))
        return 'firewall';
    return isFromCache(answer) ? 'cdn-cache' : undefined;
}
/** Access redirects browsers to the team's domain, and answers others with 401 and its own scheme or 403. */
function isAccessLogin({ status, headers }) {
    const location = headers['location'] ?? '';
    if (status >= 300 && status < 400) {
        return /^https:\/\/[\w-]+\.cloudflareaccess\.com\//i.test(location) || location.includes('/cdn-cgi/access/login');
    }
    return (status === 401 || status === 403) && /cloudflare-access/i.test(headers['www-authenticate'] ?? '');
}
/** Cloudflare's own block pages: "Error 1020", "Error 1015" (rate limited), "Sorry, you have been blocked". */
function isFirewallPage({ status, headers, body }) {
    if (status !== 403 && status !== 429)
        return false;
    if (!/^cloudflare$/i.test(headers['server'] ?? ''))
        return false;
    return /^\s*error code: 10(?:15|20)\b/i.test(body) || body.includes('cf-error-details') || body.includes('Attention Required! | Cloudflare');
}
/** Cloudflare cache responses: everything but these was answered from the cache, if only in part. */
const NOT_CACHED = new Set(['', 'miss', 'none', 'unknown', 'dynamic', 'bypass', 'expired']);
function isFromCache({ headers }) {
    if (!NOT_CACHED.has((headers['cf-cache-status'] ?? '').toLowerCase()))
        return true;
    return /^\d+$/.test(headers['age'] ?? '') && Number(headers['age']) > 0;
}


/***/ }),

/***/ 5606:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   JM: () => (/* binding */ firstMiss),
/* harmony export */   Kb: () => (/* binding */ excerpt),
/* harmony export */   O1: () => (/* binding */ describeAnswer),
/* harmony export */   Tp: () => (/* binding */ parseDocument),
/* harmony export */   kD: () => (/* binding */ inJson)
/* harmony export */ });
/* unused harmony exports NOT_JSON, isStatus, isSameJson */
/* harmony import */ var _json_path_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(62843);
/* harmony import */ var _pattern_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8425);


/** A body that was not JSON. A symbol, because `undefined` and `null` are values of documents. */
const NOT_JSON = Symbol('not JSON');
const LONGEST_SEEN = 300;
/** The first expectation that is not met; `undefined` when all are. */
function firstMiss(expect, answer, document, missOfSchema) {
    return (missOfStatus(expect, answer) ??
        missOfHeaders(expect, answer) ??
        missOfText(expect, answer) ??
        missOfJson(expect, answer, document) ??
        missOfJsonSchema(expect, answer, document, missOfSchema) ??
        missOfBytes(expect, answer) ??
        missOfTime(expect, answer));
}
/** The document in a body, or `NOT_JSON`. */
function parseDocument(answer) {
    try {
        const document = JSON.parse(answer.body);
        return document;
    }
    catch {
        return NOT_JSON;
    }
}
/** Status and the start of the body: enough to recognise an error page. */
function describeAnswer(answer) {
    const body = answer.body.trim();
    return body === '' ? `status ${answer.status}, no body` : `status ${answer.status}, body: ${excerpt(body)}`;
}
function missOfStatus(expect, answer) {
    if (expect.status.some((wanted) => isStatus(wanted, answer.status)))
        return undefined;
    return { expectation: `status ${expect.status.join(' or ')}`, seen: describeAnswer(answer) };
}
/** `2xx` is every status of its class, `200-299` every one from the first to the last. */
function isStatus(wanted, status) {
    if (typeof wanted === 'number')
        return wanted === status;
    const [, least, most] = /^(\d{3})-(\d{3})$/.exec(wanted) ?? [];
    if (least !== undefined && most !== undefined)
        return status >= Number(least) && status <= Number(most);
    return wanted.toLowerCase() === `${Math.floor(status / 100)}xx`;
}
function missOfHeaders(expect, answer) {
    for (const [name, wanted] of Object.entries(expect.headers)) {
        const value = answer.headers[name.toLowerCase()];
        const seen = value === undefined ? 'no such header' : excerpt(value);
        if (typeof wanted === 'string') {
            if (value !== wanted)
                return { expectation: `header ${name}: ${wanted}`, seen };
            continue;
        }
        if (wanted.exists === false && value !== undefined)
            return { expectation: `no header ${name}`, seen };
        if (wanted.exists !== false && value === undefined)
            return { expectation: `a header ${name}`, seen };
        if (wanted.matches !== undefined && (0,_pattern_js__WEBPACK_IMPORTED_MODULE_0__/* .compilePattern */ .E)(wanted.matches)?.test(value ?? '') !== true)
            return { expectation: `header ${name} matching /${wanted.matches}/`, seen };
    }
    return undefined;
}
function missOfJsonSchema({ jsonSchema }, answer, document, missOfSchema) {
    if (jsonSchema === undefined)
        return undefined;
    const expectation = 'a body that fits the JSON Schema';
    if (document === NOT_JSON)
        return { expectation, seen: describeAnswer(answer) };
    // A schema that nobody can judge is no pass.
    const seen = missOfSchema === undefined ? 'nothing that judges schemas' : missOfSchema(jsonSchema, document);
    return seen === undefined ? undefined : { expectation, seen: excerpt(seen) };
}
function missOfBytes({ bodyBytes, sha256 }, { bodyBytes: seen = 0, bodySha256 = '', isBodyCut }) {
    const size = `${isBodyCut ? 'more than ' : ''}${seen} bytes`;
    if (bodyBytes?.min !== undefined && seen < bodyBytes.min)
        return { expectation: `a body of at least ${bodyBytes.min} bytes`, seen: size };
    if (bodyBytes?.max !== undefined && (isBodyCut || seen > bodyBytes.max))
        return { expectation: `a body of at most ${bodyBytes.max} bytes`, seen: size };
    if (sha256 === undefined || (!isBodyCut && sha256 === bodySha256))
        return undefined;
    return { expectation: `a body with SHA-256 ${sha256}`, seen: isBodyCut ? `${size}, of which not all was read` : bodySha256 };
}
function missOfTime({ withinMs }, { durationMs }) {
    return withinMs === undefined || durationMs <= withinMs ? undefined : { expectation: `an answer within ${withinMs} ms`, seen: `${durationMs} ms` };
}
function missOfText({ text, matches }, answer) {
    const seen = `${excerpt(answer.body.trim())}${answer.isBodyCut ? ' (only the start was read)' : ''}`;
    if (text !== undefined && !answer.body.includes(text))
        return { expectation: `body containing ${text}`, seen };
    const matching = matches === undefined ? 'matches' : (0,_pattern_js__WEBPACK_IMPORTED_MODULE_0__/* .compilePattern */ .E)(matches)?.judge(answer.body);
    if (matching === 'matches')
        return undefined;
    return { expectation: `body matching /${matches}/`, seen: matching === 'too-much' ? `more text than this pattern can be matched against: ${answer.body.length} characters` : seen };
}
function missOfJson(expect, answer, document) {
    if (expect.json.length === 0)
        return undefined;
    if (document === NOT_JSON)
        return { expectation: 'a JSON body', seen: describeAnswer(answer) };
    for (const expectation of expect.json) {
        const miss = missAt(expectation, document);
        if (miss !== undefined)
            return miss;
    }
    return undefined;
}
function missAt(wanted, document) {
    const path = (0,_json_path_js__WEBPACK_IMPORTED_MODULE_1__/* .parseJsonPath */ .H)(wanted.path);
    const found = path === undefined ? { kind: 'absent' } : (0,_json_path_js__WEBPACK_IMPORTED_MODULE_1__/* .readJsonPath */ .A)(document, path);
    const seen = found.kind === 'absent' ? 'nothing there' : inJson(found.value);
    const miss = (what) => ({ expectation: `${wanted.path} ${what}`, seen });
    if (wanted.exists === false)
        return found.kind === 'absent' ? undefined : miss('absent');
    if (found.kind === 'absent')
        return miss('present');
    const { value } = found;
    if (wanted.type !== undefined && typeOf(value) !== wanted.type)
        return miss(`of type ${wanted.type}`);
    if (wanted.equals !== undefined && !isSameJson(value, wanted.equals))
        return miss(`equal to ${JSON.stringify(wanted.equals)}`);
    if (wanted.matches !== undefined && !(typeof value === 'string' && (0,_pattern_js__WEBPACK_IMPORTED_MODULE_0__/* .compilePattern */ .E)(wanted.matches)?.test(value) === true)) {
        return miss(`matching /${wanted.matches}/`);
    }
    if (wanted.min !== undefined && !(typeof value === 'number' && value >= wanted.min))
        return miss(`at least ${wanted.min}`);
    if (wanted.max !== undefined && !(typeof value === 'number' && value <= wanted.max))
        return miss(`at most ${wanted.max}`);
    return undefined;
}
/** A value of a document, for people. It may nest deeper than anything that walks it can follow. */
function inJson(value) {
    try {
        return excerpt(JSON.stringify(value));
    }
    catch {
        return `${typeOf(value)}, nested too deeply to be shown`;
    }
}
function typeOf(value) {
    if (value === null)
        return 'null';
    return Array.isArray(value) ? 'array' : typeof value;
}
/** Equal as JSON documents; the order of keys does not matter. */
function isSameJson(one, other) {
    if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
        return one === other;
    if (Array.isArray(one) !== Array.isArray(other))
        return false;
    const ones = new Map(Object.entries(one));
    const others = new Map(Object.entries(other));
    return ones.size === others.size && [...ones].every(([key, value]) => others.has(key) && isSameJson(value, others.get(key)));
}
function excerpt(text) {
    return text.length <= LONGEST_SEEN ? text : `${text.slice(0, LONGEST_SEEN).toWellFormed()}…`;
}


/***/ }),

/***/ 78845:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ OVERRIDE_HEADER),
/* harmony export */   m: () => (/* binding */ overrideValue)
/* harmony export */ });
const OVERRIDE_HEADER = 'Cloudflare-Workers-Version-Overrides';
/**
 * The value that asks for one version of one Worker (workers/versions-and-deployments/version-overrides): an
 * RFC 8941 dictionary whose key is the deployed script's name. `undefined` for a name that could not be
 * written as a key. RFC 8941 keys begin with a lower-case letter; a script's may begin with a digit, and
 * whether Cloudflare then reads it is undocumented: sent all the same, since the proof decides.
 */
function overrideValue(scriptName, versionId) {
    if (!/^[a-z0-9*][a-z0-9_.*-]{0,254}$/i.test(scriptName))
        return undefined;
    return `${scriptName}="${versionId}"`;
}


/***/ }),

/***/ 56155:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   r: () => (/* binding */ readProof)
/* harmony export */ });
/* harmony import */ var _json_path_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(62843);

/** Longer than any version id, and short enough for a report. */
const LONGEST_PROOF = 100;
/** What an answer says about who gave it, whether or not it is what was hoped for. */
function readProof(proof, answer, document) {
    switch (proof.kind) {
        case 'none':
            return undefined;
        case 'header':
            return asProof(answer.headers[proof.name.toLowerCase()]);
        case 'json': {
            const path = (0,_json_path_js__WEBPACK_IMPORTED_MODULE_0__/* .parseJsonPath */ .H)(proof.path);
            const found = path === undefined ? undefined : (0,_json_path_js__WEBPACK_IMPORTED_MODULE_0__/* .readJsonPath */ .A)(document, path);
            return found?.kind === 'found' ? asProof(found.value) : undefined;
        }
    }
}
function asProof(value) {
    if (typeof value !== 'string')
        return undefined;
    const text = value.trim().toLowerCase();
    return text === '' ? undefined : text.slice(0, LONGEST_PROOF);
}


/***/ }),

/***/ 97891:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Cs: () => (/* binding */ doorProblem),
/* harmony export */   IK: () => (/* binding */ askElsewhere),
/* harmony export */   YK: () => (/* binding */ MAX_BODY_BYTES),
/* harmony export */   aU: () => (/* binding */ askWorker),
/* harmony export */   dX: () => (/* binding */ urlBelow),
/* harmony export */   tM: () => (/* binding */ doorHeaders)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77598);
/* harmony import */ var _core_checks_override_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(78845);


/** Kept of a body for judging; what follows is not read. */
const MAX_BODY_BYTES = 65_536;
/** Asks the Worker by the door that the subject names; never throws. */
function askWorker(request, asking, ports) {
    const url = 'url' in request ? new URL(request.url) : urlBelow(asking.baseUrl, request.path);
    // Caches key by URL; a query that was never seen before has no entry in any.
    url.searchParams.append('sleepwell', (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomUUID)());
    return send({ ...request, url, headers: { ...request.headers, ...doorHeaders(asking.subject) } }, asking, ports);
}
/** Asks any other address as it is, without the header that chooses a version; never throws. */
function askElsewhere(request, asking, ports) {
    return send(request, asking, ports);
}
function send(request, { limitMs, signal }, { probe }) {
    const { url, method, headers, body, maxBodyBytes = MAX_BODY_BYTES, keptBodyBytes = maxBodyBytes, digests = [] } = request;
    return probe.send({ url, method, headers, ...(body === undefined ? {} : { body }), limitMs, maxBodyBytes, keptBodyBytes, digests }, signal);
}
/** The header that chooses the version, where one must be chosen. */
function doorHeaders({ versionId, via }) {
    if (via.kind === 'plain' || versionId === undefined)
        return {};
    const value = (0,_core_checks_override_js__WEBPACK_IMPORTED_MODULE_1__/* .overrideValue */ .m)(via.scriptName, versionId);
    return value === undefined ? {} : { [_core_checks_override_js__WEBPACK_IMPORTED_MODULE_1__/* .OVERRIDE_HEADER */ .D]: value };
}
/** Why the subject's door cannot be used; `undefined` when it can. */
function doorProblem({ versionId, via }) {
    if (via.kind === 'plain' || versionId === undefined || (0,_core_checks_override_js__WEBPACK_IMPORTED_MODULE_1__/* .overrideValue */ .m)(via.scriptName, versionId) !== undefined)
        return undefined;
    return `${via.scriptName} cannot be named in ${_core_checks_override_js__WEBPACK_IMPORTED_MODULE_1__/* .OVERRIDE_HEADER */ .D}`;
}
/** The path below the base's own; a path can never lead to another host. */
function urlBelow(baseUrl, pathAndQuery) {
    const url = new URL(baseUrl);
    const [, path = '', query = ''] = /^([^?#]*)(\?[^#]*)?/.exec(pathAndQuery) ?? [];
    url.pathname = `${baseUrl.pathname.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
    url.search = query;
    url.hash = '';
    return url;
}


/***/ }),

/***/ 50564:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   w: () => (/* binding */ runChild)
/* harmony export */ });
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(31421);

const GRACE_MS = 2_000;
const LONGEST_LINE = 1_048_576;
/**
 * Runs a command in a process group of its own, without a shell. When told to stop it ends the whole group,
 * politely first; it resolves only once the command is gone.
 */
async function runChild(asked) {
    if (asked.stop.aborted)
        return { kind: 'stopped' };
    const started = start(asked);
    if (started.kind === 'not-started')
        return started;
    const { child, ending } = started;
    let isTimedOut = false;
    let killing;
    const end = () => {
        signalGroup(child, 'SIGTERM');
        killing ??= setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
    };
    const limit = setTimeout(() => {
        isTimedOut = true;
        end();
    }, asked.limitSeconds * 1000);
    asked.stop.addEventListener('abort', end, { once: true });
    try {
        const onRead = (characters) => asked.onRead?.(characters);
        const lines = Promise.all([
            readLines(child.stdout, { onRead, onLine: (line) => asked.onLine(line, 'stdout') }),
            readLines(child.stderr, { onRead, onLine: (line) => asked.onLine(line, 'stderr') }),
        ]);
        const ended = await ending;
        await drain(child, lines);
        if (asked.stop.aborted)
            return { kind: 'stopped' };
        return isTimedOut ? { kind: 'timed-out' } : ended;
    }
    finally {
        asked.stop.removeEventListener('abort', end);
        clearTimeout(limit);
        clearTimeout(killing);
    }
}
/** Most reasons why a program cannot be started come as an event, and some (arguments too long) are thrown. */
function start({ command, args, directory, variables }) {
    try {
        const child = (0,node_child_process__WEBPACK_IMPORTED_MODULE_0__.spawn)(command, args, { cwd: directory, env: { ...variables }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
        return { kind: 'started', child, ending: endOf(child) };
    }
    catch (error) {
        return { kind: 'not-started', message: error instanceof Error ? error.message : String(error) };
    }
}
/** What the command left behind does not outlive it, nor hold us up by keeping its output open. */
async function drain(child, lines) {
    signalGroup(child, 'SIGKILL');
    const closing = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
    }, GRACE_MS);
    await lines;
    clearTimeout(closing);
}
function endOf(child) {
    return new Promise((resolve) => {
        child.once('error', (error) => resolve({ kind: 'not-started', message: error.message }));
        child.once('exit', (code, signal) => resolve({ kind: 'exited', code: code ?? -1, ...(signal === null ? {} : { signal }) }));
    });
}
/** A group that is gone already is what was wanted. */
function signalGroup(child, signal) {
    if (child.pid === undefined)
        return;
    try {
        process.kill(-child.pid, signal);
    }
    catch {
        // ESRCH: nobody is left.
    }
}
/** Lines are put together from chunks first, so that a secret split over two of them is still seen whole. */
async function readLines(stream, { onLine, onRead }) {
    let pending = '';
    const emit = (line) => onLine(line.length > LONGEST_LINE ? '(a line of more than 1 MiB)' : line);
    stream.setEncoding('utf8');
    stream.on('data', (chunk) => {
        onRead(chunk.length);
        const lines = (pending + chunk).split(/\r?\n/);
        // An endless line is not kept: one character too many is enough to know it by.
        pending = (lines.pop() ?? '').slice(0, LONGEST_LINE + 1);
        lines.forEach(emit);
    });
    await new Promise((resolve) => stream.once('close', resolve).once('error', () => resolve()));
    if (pending !== '')
        emit(pending);
}


/***/ }),

/***/ 85584:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I3: () => (/* binding */ passedOn),
/* harmony export */   _c: () => (/* binding */ explainStart),
/* harmony export */   he: () => (/* binding */ folderInside)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);


/** What a program needs to find others, the network and its language; of the runner's own it gets nothing. */
const PASSED_ON = [
    'PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'TZ',
    'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR',
];
/** What of this process's environment a program of the caller's is given. */
function passedOn(variables) {
    const passed = PASSED_ON.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]]));
    return { ...Object.fromEntries(passed), CI: 'true', NO_COLOR: '1' };
}
/** A link that leads out of the workspace is as good as no folder. */
async function folderInside(workspace, name) {
    try {
        const root = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.realpath)(workspace);
        const folder = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.realpath)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(root, name));
        const way = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.relative)(root, folder);
        return way === '..' || way.startsWith('../') ? undefined : folder;
    }
    catch {
        return undefined;
    }
}
/** Why a program could not be started, for people. */
function explainStart(command, message) {
    if (message.includes('ENOENT'))
        return `there is no program ${command} here`;
    return message.includes('EACCES') ? `${command} may not be run: is it executable?` : message;
}


/***/ })

};
