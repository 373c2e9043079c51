export const id = 194;
export const ids = [194];
export const modules = {

/***/ 8194:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  iW: () => (/* binding */ checkBaseline),
  Gb: () => (/* binding */ checkOnce),
  jj: () => (/* binding */ checkSubject)
});

// EXTERNAL MODULE: ./lib/core/checks/judge.js
var judge = __webpack_require__(5358);
// EXTERNAL MODULE: ./lib/core/checks/result.js
var result = __webpack_require__(1880);
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
    return proof.kind !== 'none' && (kind === 'http' || kind === 'health');
}

;// CONCATENATED MODULE: ./lib/core/checks/blocked.js
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

// EXTERNAL MODULE: ./lib/core/checks/json-path.js
var json_path = __webpack_require__(2843);
// EXTERNAL MODULE: ./lib/core/checks/pattern.js + 2 modules
var pattern = __webpack_require__(8425);
;// CONCATENATED MODULE: ./lib/core/checks/expectations.js


/** A body that was not JSON. A symbol, because `undefined` and `null` are values of documents. */
const NOT_JSON = Symbol('not JSON');
const LONGEST_SEEN = 300;
/** The first expectation that is not met; `undefined` when all are. */
function firstMiss(expect, answer, document) {
    return missOfStatus(expect, answer) ?? missOfHeaders(expect, answer) ?? missOfText(expect, answer) ?? missOfJson(expect, answer, document);
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
    if (expect.status.includes(answer.status))
        return undefined;
    return { expectation: `status ${expect.status.join(' or ')}`, seen: describeAnswer(answer) };
}
function missOfHeaders(expect, answer) {
    for (const [name, wanted] of Object.entries(expect.headers)) {
        const seen = answer.headers[name.toLowerCase()];
        if (seen !== wanted)
            return { expectation: `header ${name}: ${wanted}`, seen: seen === undefined ? 'no such header' : excerpt(seen) };
    }
    return undefined;
}
function missOfText({ text, matches }, answer) {
    const seen = `${excerpt(answer.body.trim())}${answer.isBodyCut ? ' (only the start was read)' : ''}`;
    if (text !== undefined && !answer.body.includes(text))
        return { expectation: `body containing ${text}`, seen };
    if (matches !== undefined && (0,pattern/* compilePattern */.E)(matches)?.test(answer.body) !== true) {
        return { expectation: `body matching /${matches}/`, seen };
    }
    return undefined;
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
    const path = (0,json_path/* parseJsonPath */.H)(wanted.path);
    const found = path === undefined ? { kind: 'absent' } : (0,json_path/* readJsonPath */.A)(document, path);
    const seen = found.kind === 'absent' ? 'nothing there' : excerpt(JSON.stringify(found.value));
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
    if (wanted.matches !== undefined && !(typeof value === 'string' && (0,pattern/* compilePattern */.E)(wanted.matches)?.test(value) === true)) {
        return miss(`matching /${wanted.matches}/`);
    }
    if (wanted.min !== undefined && !(typeof value === 'number' && value >= wanted.min))
        return miss(`at least ${wanted.min}`);
    if (wanted.max !== undefined && !(typeof value === 'number' && value <= wanted.max))
        return miss(`at most ${wanted.max}`);
    return undefined;
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

;// CONCATENATED MODULE: ./lib/core/checks/proof.js

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
            const path = (0,json_path/* parseJsonPath */.H)(proof.path);
            const found = path === undefined ? undefined : (0,json_path/* readJsonPath */.A)(document, path);
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
    const document = parseDocument(answer);
    const answeredBy = readProof(proof, answer, document);
    const isAnother = answeredBy !== undefined && wanted !== undefined && answeredBy !== wanted;
    if (answeredBy === undefined || isAnother) {
        const blocker = blockerOf(answer);
        if (blocker !== undefined)
            return blocker;
    }
    if (isAnother)
        return { kind: 'wrong-version', answeredBy };
    const isProofless = proof.kind === 'none' || wanted === undefined;
    const isProven = answeredBy !== undefined || isProofless;
    const miss = missOf(answer, document);
    if (miss !== undefined) {
        if (isStarting(answer))
            return { kind: 'starting', seen: describeAnswer(answer), hasAnswered: true, isProven };
        return { kind: 'failed', ...miss, isProven };
    }
    if (answeredBy !== undefined)
        return { kind: 'passed', answeredBy };
    return isProofless ? { kind: 'unproven' } : { kind: 'no-proof', seen: describeAnswer(answer) };
}
/** RFC 9110, 15.6.4: 503 with Retry-After asks to come back; without it, it is an error like another. */
function isStarting({ status, headers }) {
    return status === 503 && headers['retry-after'] !== undefined;
}

// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 13 modules
var schemas = __webpack_require__(5491);
// EXTERNAL MODULE: ./node_modules/zod/v4/core/core.js
var core = __webpack_require__(8532);
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
        return read === undefined ? { expectation: 'a health document: JSON with a status such as pass', seen: describeAnswer(answer) } : missOfDocument(spec, read, answer.status);
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
    const seen = `status ${status}, HTTP ${httpStatus}${output === undefined ? '' : `: ${excerpt(output)}`}`;
    const isExplained = components.some((one) => one.status === 'fail') || spec.required.some((name) => !components.some((one) => one.name === name));
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
    return `the health document says that it is starting${waiting.length === 0 ? '' : ` (${waiting.join(', ')})`}${output === undefined ? '' : `: ${excerpt(output)}`}`;
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
    const said = component.output === undefined ? '' : `: ${excerpt(component.output)}`;
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
            return { kind: 'wrong-version', answeredBy: `an object that runs ${excerpt(inWords(component.observedValue) || 'an untold version')}` };
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
    return typeof value === 'string' ? value : JSON.stringify(value);
}

;// CONCATENATED MODULE: ./lib/core/checks/http.js


/** Judges what one request came to: `wanted` is the version that should have answered it. */
function judgeHttp(spec, facts, wanted) {
    const { proof, timeoutSeconds } = spec;
    return judgeExchange({ proof, timeoutSeconds, wanted }, facts, (answer, document) => firstMiss(spec.expect, answer, document));
}

;// CONCATENATED MODULE: ./lib/core/checks/storage.js
const PERMISSIONS = { r2: 'Workers R2 Storage: Read', kv: 'Workers KV Storage: Read' };
/** Cloudflare's API says nothing about the version, so the best that it can come to is *unproven*. */
function judgeStorage(spec, facts) {
    const what = spec.kind === 'r2' ? `the bucket ${spec.bucket}` : `the namespace ${spec.namespaceId}`;
    switch (facts.kind) {
        case 'listed':
            return { kind: 'unproven' };
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

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./lib/core/checks/override.js
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

;// CONCATENATED MODULE: ./lib/shell/checks/asking.js


/** Kept of a body for judging; what follows is not read. */
const MAX_BODY_BYTES = 65_536;
/** Asks the Worker by the door that the subject names; never throws. */
function askWorker(request, asking, { probe }) {
    const url = urlBelow(asking.baseUrl, request.path);
    // Caches key by URL; a query that was never seen before has no entry in any.
    url.searchParams.append('sleepwell', (0,external_node_crypto_.randomUUID)());
    const { method, headers, body, maxBodyBytes = MAX_BODY_BYTES } = request;
    const { limitMs, signal } = asking;
    return probe.send({ url, method, headers: { ...headers, ...doorHeaders(asking.subject) }, ...(body === undefined ? {} : { body }), limitMs, maxBodyBytes }, signal);
}
/** The header that chooses the version, where one must be chosen. */
function doorHeaders({ versionId, via }) {
    if (via.kind === 'plain' || versionId === undefined)
        return {};
    const value = overrideValue(via.scriptName, versionId);
    return value === undefined ? {} : { [OVERRIDE_HEADER]: value };
}
/** Why the subject's door cannot be used; `undefined` when it can. */
function doorProblem({ versionId, via }) {
    if (via.kind === 'plain' || versionId === undefined || overrideValue(via.scriptName, versionId) !== undefined)
        return undefined;
    return `${via.scriptName} cannot be named in ${OVERRIDE_HEADER}`;
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

;// CONCATENATED MODULE: ./lib/shell/checks/attempt.js





/** One attempt of a check, of whatever kind; never throws. */
async function attempt(spec, asking, ports) {
    const problem = doorProblem(asking.subject);
    if (problem !== undefined)
        return alone({ kind: 'unreachable', seen: problem });
    switch (spec.kind) {
        case 'http':
            return alone(judgeHttp(spec, await askWorker(spec, asking, ports), asking.subject.versionId));
        case 'r2':
        case 'kv':
            return alone(await attemptStorage(spec, ports.storage, asking.limitMs));
        case 'health': {
            const { versionId: id, via } = asking.subject;
            return judgeHealth(spec, await askWorker({ ...spec, method: 'GET' }, asking, ports), { id, servesAll: via.kind === 'plain' });
        }
    }
}
/** What a check asks, for people. */
function targetOf(spec, baseUrl) {
    switch (spec.kind) {
        case 'http':
            return `${spec.method} ${urlBelow(baseUrl, spec.path).href}`;
        case 'r2':
            return `R2 bucket ${spec.bucket}`;
        case 'kv':
            return `KV namespace ${spec.namespaceId}`;
        case 'health':
            return `GET ${urlBelow(baseUrl, spec.path).href}`;
    }
}

;// CONCATENATED MODULE: ./lib/shell/checks/round.js





/** Runs the checks side by side and returns the results in their order, a check's parts after it; never throws. */
async function runChecks(round, ports) {
    const running = { ...ports, round, deadlineAtMs: ports.clock.now() + round.deadlineSeconds * 1000 };
    const unready = await awaitVersion(running);
    if (unready !== undefined)
        return [...round.ready, ...round.specs].flatMap((spec) => notRun(spec, running, unready));
    const ready = await sideBySide(round.ready, round.concurrency, (spec) => runCheck(spec, running));
    const waiting = ready.find(result/* isInTheWay */.M5);
    if (waiting !== undefined) {
        const outcome = { kind: 'unknown', reason: 'not-ready', seen: `not run, since "${waiting.name}" was not ready` };
        return [...ready, ...round.specs.flatMap((spec) => notRun(spec, running, outcome))];
    }
    return [...ready, ...(await runSpecs(running))];
}
async function runSpecs(running) {
    const { specs, concurrency, isEachAloneFirst } = running.round;
    if (!isEachAloneFirst || specs.length < 2)
        return sideBySide(specs, concurrency, (spec) => runCheck(spec, running));
    const first = await inTurn(specs, 1, (spec) => runCheck(spec, running));
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
function askingOf(spec, { round, clock, signal }, endsAtMs) {
    const limitMs = Math.max(1, Math.min(spec.timeoutSeconds * 1000, endsAtMs - clock.now()));
    return { baseUrl: round.baseUrl, subject: round.subject, limitMs, signal };
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
    const asked = askedOf(policy, subject, plan.script);
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
function askedOf(policy, subject, scriptName) {
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


/***/ })

};
