export const id = 338;
export const ids = [338,90];
export const modules = {

/***/ 72338:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  deploy: () => (/* binding */ deploy)
});

// EXTERNAL MODULE: ./lib/core/checks/result.js
var result = __webpack_require__(41880);
// EXTERNAL MODULE: ./lib/core/ledger.js + 7 modules
var ledger = __webpack_require__(40629);
// EXTERNAL MODULE: ./lib/core/marker.js
var core_marker = __webpack_require__(55845);
// EXTERNAL MODULE: ./lib/core/policy.js
var policy = __webpack_require__(59861);
// EXTERNAL MODULE: ./lib/core/production.js
var production = __webpack_require__(30264);
;// CONCATENATED MODULE: ./lib/core/preflight.js


/** Decides, before anything changes, whether and by which plan a rollout may begin. */
function judgePreflight(facts) {
    const [stop] = facts.stops;
    if (stop !== undefined)
        return refuse(stop.code, facts.stops.map(({ text }) => text));
    if (!facts.isTokenActive)
        return refuse('token-invalid');
    const live = facts.history[0];
    const interrupted = live === undefined ? undefined : interruptedBy(live, facts.openRollouts);
    if (interrupted !== undefined)
        return { kind: 'recover-first', marker: interrupted };
    if (facts.missingSecrets.length > 0)
        return refuse('secrets-missing', facts.missingSecrets);
    if (facts.oneWayDoors.length > 0) {
        if (!facts.isFullDeployAllowed)
            return refuse('one-way-door', facts.oneWayDoors.map((door) => `${door.message} ${door.remedy}`));
        return fullDeploy(live);
    }
    if (live === undefined)
        return refuse('one-way-door', ['This Worker has no deployment yet.']);
    const baseline = (0,production/* soleVersion */.WG)(live.split);
    if (baseline === undefined || live.split.length > 1)
        return refuse('production-split', [describeSplit(live)]);
    if (facts.drift !== undefined && facts.driftPolicy === 'refuse')
        return refuse('drift', [describeAuthor(facts.drift)]);
    return { kind: 'go', plan: 'staged', anchor: live.id, baseline };
}
/** The policy of a rollout that preflight lets through. */
function policyOf(verdict, rollout) {
    const { marker, applyTriggers } = rollout;
    const common = { marker, tries: policy/* DEFAULT_TRIES */.gh };
    switch (verdict.plan) {
        case 'staged':
            return { plan: 'staged', ...common, anchor: verdict.anchor, baseline: verdict.baseline, ramp: rollout.ramp, applyTriggers };
        case 'full':
            return {
                plan: 'full',
                ...common,
                ...(verdict.anchor === undefined ? {} : { anchor: verdict.anchor }),
                ...(verdict.baseline === undefined ? {} : { baseline: verdict.baseline }),
            };
    }
}
function fullDeploy(live) {
    if (live === undefined)
        return { kind: 'go', plan: 'full' };
    const baseline = (0,production/* soleVersion */.WG)(live.split);
    // A full deploy would replace somebody's split with 100 % of the new version.
    if (baseline === undefined || live.split.length > 1)
        return refuse('production-split', [describeSplit(live)]);
    return { kind: 'go', plan: 'full', anchor: live.id, baseline };
}
/** A live split of ours whose ledger entry is open: that run died, and its baseline must come back first. */
function interruptedBy(live, open) {
    return open.find((marker) => live.marker?.runId === marker.runId && live.marker.runAttempt === marker.runAttempt);
}
function refuse(code, details = []) {
    return { kind: 'refuse', code, details };
}
function describeSplit(live) {
    const shares = live.split.map((share) => `${share.versionId} at ${share.percentage} %`).join(', ');
    return `Deployment ${live.id} (${describeAuthor(live)}) is split: ${shares}.`;
}
/** What is told and does not refuse. */
function warningsOf({ drift, freezeOverride, freezeAhead }) {
    return [
        ...(drift === undefined ? [] : [`Production was changed around CI: the live deployment was ${describeAuthor(drift)}.`]),
        ...(freezeOverride === undefined ? [] : [`${freezeOverride.actor} overrode the freeze ${freezeOverride.freeze}: ${freezeOverride.reason}`]),
        ...(freezeAhead === undefined ? [] : [`A freeze begins before all steps can be through, and then the baseline comes back: ${freezeAhead}.`]),
    ];
}
function describeAuthor(deployment) {
    const author = deployment.author === undefined ? '' : ` by ${deployment.author}`;
    return `made through ${deployment.source}${author} at ${deployment.createdOn}`;
}

// EXTERNAL MODULE: ./lib/core/rollout.js + 4 modules
var rollout = __webpack_require__(25739);
// EXTERNAL MODULE: ./lib/commands/carry-out.js + 4 modules
var carry_out = __webpack_require__(29179);
// EXTERNAL MODULE: ./lib/commands/check-production.js + 32 modules
var check_production = __webpack_require__(990);
// EXTERNAL MODULE: ./lib/core/ids.js
var ids = __webpack_require__(2885);
// EXTERNAL MODULE: ./lib/core/gate.js
var gate = __webpack_require__(58532);
;// CONCATENATED MODULE: ./lib/core/order.js


/** Name of the build job in deploy.yml; it only exists once that run's gate has passed. */
function buildJobName(worker, environment, sha) {
    return `build ${worker} for ${environment} from ${sha}`;
}
/**
 * Runs of the same caller that may be bringing a newer commit: neither this one nor finished. One of another
 * branch does not count: its environment may still refuse it, and this commit would have waited for nothing.
 */
function rivalRuns(runs, own) {
    return runs.filter((run) => run.id !== own.runId &&
        run.status !== 'completed' &&
        (0,gate/* fileOf */.W7)(run) === own.callerWorkflow &&
        run.headBranch === own.defaultBranch &&
        run.headRepositoryId === own.repositoryId);
}
/** The commit that a rival run has brought through its gate for this Worker and environment, if it has. */
function gatedCommit(jobs, worker, environment) {
    const prefix = buildJobName(worker, environment, '');
    for (const job of jobs) {
        const hasFailed = job.status === 'completed' && job.conclusion !== 'success';
        // A called workflow's jobs are named after the calling ones: `<caller job> / <job>`.
        const at = ` / ${job.name}`.lastIndexOf(` / ${prefix}`);
        const sha = at < 0 ? '' : job.name.slice(at + prefix.length);
        if (!hasFailed && (0,ids/* isSha */.HH)(sha))
            return sha;
    }
    return undefined;
}
/**
 * Whether a newer commit makes this deploy pointless. Only descent counts, never the order of runs or the
 * branch's tip: tests may end out of order, and a busy branch's tip moves on for ever. Descent has no cycles, so
 * of several deploys that wait there is always one that nothing supersedes.
 */
function isSuperseded(ofLive, ofRivals) {
    return ofLive === 'ahead' || ofRivals.includes('ahead');
}

;// CONCATENATED MODULE: ./lib/commands/check-order.js


/** Whether a newer commit is live already or on its way; what cannot be read does not refuse. */
async function findSuperseding(session, live) {
    const { config, github, script } = session;
    const ofLive = live === undefined ? 'unknown' : await relationOfLive(session, live);
    const runs = await github.newestRuns(config.github.callerWorkflow);
    const rivals = runs.kind === 'ok' ? rivalRuns(runs.value, config.github) : [];
    const ofRivals = [];
    for (const rival of rivals) {
        const jobs = await github.jobs(rival.id, rival.attempt);
        const sha = jobs.kind === 'ok' ? gatedCommit(jobs.value, script, config.environment) : undefined;
        if (sha !== undefined)
            ofRivals.push(await relationTo(session, sha));
    }
    return isSuperseded(ofLive, ofRivals);
}
/** Versions carry their commit as a tag; one that does not says nothing about order. */
async function relationOfLive(session, live) {
    const version = await session.cloudflare.version(session.script, live);
    const tag = version.kind === 'ok' ? (version.value.tag ?? '') : '';
    return (0,ids/* isSha */.HH)(tag) ? relationTo(session, tag) : 'unknown';
}
async function relationTo({ github, config }, sha) {
    const relation = await github.compare(config.sha, sha);
    return relation.kind === 'ok' ? relation.value : 'unknown';
}

// EXTERNAL MODULE: ./lib/commands/finished.js
var commands_finished = __webpack_require__(51390);
// EXTERNAL MODULE: ./lib/commands/keep-ledger.js
var keep_ledger = __webpack_require__(64531);
// EXTERNAL MODULE: ./lib/commands/pass-gate.js
var pass_gate = __webpack_require__(15001);
// EXTERNAL MODULE: ./lib/core/checks/judge.js
var judge = __webpack_require__(95358);
// EXTERNAL MODULE: ./lib/core/report/clock-face.js
var clock_face = __webpack_require__(18712);
// EXTERNAL MODULE: ./lib/errors.js + 4 modules
var errors = __webpack_require__(13935);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 13 modules
var schemas = __webpack_require__(55491);
// EXTERNAL MODULE: ./lib/core/analysis/counts.js
var counts = __webpack_require__(75020);
;// CONCATENATED MODULE: ./lib/core/analysis/settings.js


const ratioSchema = schemas/* number */.aig().positive().max(1e6);
const chanceSchema = schemas/* number */.aig().positive().max(0.5);
const shareSchema = schemas/* number */.aig().gt(0).lt(1);
const gridSchema = schemas/* array */.YOg(schemas/* number */.aig().gt(1).max(1e6)).min(1).max(64);
const metricSettingSchema = schemas/* object */.Ikc({
    name: schemas/* string */.YjP().min(1),
    /** Only errors can show gross breakage or a shared incident. */
    kind: schemas/* enum */.k5n(['errors', 'latency']),
    /** What one count is. Where one user's requests share their fate, each user must count once a step at most. */
    unit: schemas/* enum */.k5n(['request', 'user']).default('request'),
    /** Whose requests they are: those that Sleepwell sends itself say nothing of how many users there are. */
    traffic: schemas/* enum */.k5n(['users', 'own']).default('users'),
    /** `odds-ratio` is exact, and better where the bad are about half of all (slower than the median). */
    form: schemas/* enum */.k5n(['risk-ratio', 'odds-ratio']).default('risk-ratio'),
    /** Regressed means: the bad rate is proven to be more than this many times the baseline's. */
    margin: ratioSchema.default(1),
    /** Exonerated means: the bad rate is proven to be less than this many times the baseline's. */
    tolerance: ratioSchema.default(2),
    /** Its share in the average of e-values, relative to the others'. */
    weight: schemas/* number */.aig().positive().max(1e6).default(1),
    /** False for a dry run: shown, never acting. */
    acts: schemas/* boolean */.zMY().default(true),
    /** The baseline before the first step, frozen: what is usual. Without it only the incident's own rate counts. */
    usual: counts/* countsSchema */.GB.optional(),
})
    .refine(({ margin, tolerance }) => tolerance > margin, { message: 'tolerance must be above margin' });
const hardStopSchema = schemas/* object */.Ikc({
    /** At least so many bad requests of the candidate … */
    leastBad: schemas/* number */.aig().int().positive().default(5),
    /** … at this rate or a higher one … */
    candidateRate: shareSchema.default(0.5),
    /** … while the baseline, over so many requests, stays below this rate … */
    leastBaseline: schemas/* number */.aig().int().positive().default(20),
    baselineRate: shareSchema.default(0.05),
    /** … in the last polls of this step. */
    polls: schemas/* number */.aig().int().positive().max(60).default(3),
});
const incidentSchema = schemas/* object */.Ikc({
    /** A baseline above this rate is ill itself, unless that is usual … */
    rate: shareSchema.default(0.05),
    /** … which is: below so many times its rate before the first step. */
    timesUsual: schemas/* number */.aig().gt(1).default(3),
    /** Over how many of the last polls. */
    polls: schemas/* number */.aig().int().positive().max(60).default(5),
});
/** Everything that the analysis can be told. `analysisSettingsSchema.parse({ metrics: [...] })` fills in what is usual. */
const analysisSettingsSchema = schemas/* object */.Ikc({
    metrics: schemas/* array */.YOg(metricSettingSchema).min(1).max(32),
    /** Chance, over the whole rollout and however often one looks, of calling a harmless candidate regressed. */
    alpha: chanceSchema.default(0.05),
    /** The worsenings that are looked for, as multiples of the margin, with equal weights. */
    grid: gridSchema.default([1.5, 2, 3, 5, 10, 20, 50, 100]),
    /** Evidence for harm from which on nobody should advance: the e-value, not yet a proof. */
    signsOfHarm: schemas/* number */.aig().gt(1).default(5),
    /** Chance of calling a candidate exonerated that is as bad as the tolerance says. */
    exonerateAlpha: chanceSchema.default(0.05),
    /** How far below the tolerance the candidate may turn out to be, as divisors. */
    exonerateGrid: gridSchema.default([1.5, 2, 3, 5]),
    /** Whether health must be proven anew in each step, or may be gathered over all of them. */
    exonerateOver: schemas/* enum */.k5n(['step', 'rollout']).default('step'),
    /** Error of the confidence sequences that are shown. */
    rateAlpha: chanceSchema.default(0.05),
    hardStop: hardStopSchema.prefault({}),
    incident: incidentSchema.prefault({}),
})
    .refine(({ metrics }) => new Set(metrics.map(({ name }) => name)).size === metrics.length, { message: 'two metrics of one name' });

// EXTERNAL MODULE: ./lib/core/presets.js
var presets = __webpack_require__(96387);
// EXTERNAL MODULE: ./lib/shell/cloudflare/answer-meaning.js
var answer_meaning = __webpack_require__(91142);
// EXTERNAL MODULE: ./lib/shell/http.js
var http = __webpack_require__(28844);
;// CONCATENATED MODULE: ./lib/shell/metrics/account-api.js


const LONGEST_MESSAGE = 300;
const MASK = '***';
function connectAccountApi(options) {
    const { clock, token, accountId } = options;
    const transport = { fetch: options.fetch ?? fetch, clock, timeoutMs: options.timeoutMs ?? 15_000, tries: options.tries ?? 3 };
    const base = options.apiBaseUrl.replace(/\/+$/, '');
    const account = `${base}/accounts/${encodeURIComponent(accountId)}`;
    const headers = { authorization: `Bearer ${token}`, 'user-agent': 'sleepwell' };
    const send = async (request, isRepeated) => /^[\x21-\x7e]+$/.test(token) ? (0,http/* sendRepeatedly */.g)({ ...request, headers }, transport, isRepeated) : MALFORMED_TOKEN;
    return {
        clock,
        accountId,
        read: (path) => send({ method: 'GET', url: account + path }, answer_meaning/* isWorthRepeating */.q),
        query: (path, body) => send({ method: 'POST', url: account + path, body }, answer_meaning/* isWorthRepeating */.q),
        graphql: (body) => send({ method: 'POST', url: `${base}/graphql`, body }, isPassing),
        told: (message) => (token === '' ? message : message.replaceAll(token, MASK)).replaceAll(/\s+/g, ' ').slice(0, LONGEST_MESSAGE),
    };
}
/** GraphQL has no envelope of codes: only the status says whether a second try is of use. */
function isPassing(answer) {
    return answer.kind === 'no-answer' || answer.status >= 500 || answer.status === 429 || answer.status === 408;
}
/** Never sent: a header cannot carry it, and what `fetch` throws then would quote it. */
const MALFORMED_TOKEN = {
    kind: 'json',
    status: 403,
    body: { success: false, errors: [{ code: 10_000, message: 'The API token is empty, or holds a space or a line break.' }] },
};

;// CONCATENATED MODULE: ./lib/core/metrics/command-output.js


const strictCounts = schemas/* strictObject */.rej({ total: schemas/* unknown */.L5J(), bad: schemas/* unknown */.L5J() }).pipe(counts/* countsSchema */.GB);
/** What a program says that could not count. */
const unknownSchema = schemas/* strictObject */.rej({ unknown: schemas/* string */.YjP().min(1) });
/** `{ "from": "…", "to": "…", "metrics": { "<name>": { "candidate": { "total": 9, "bad": 0 }, "baseline": { … } } } }`, and nothing else. */
function readCounts(text, names, asked) {
    const stratum = schemas/* strictObject */.rej({ candidate: strictCounts, baseline: strictCounts });
    const printed = read(text, schemas/* strictObject */.rej({ ...interval, metrics: eachOf(names, stratum) }));
    if (printed.kind === 'unknown')
        return printed;
    const told = entriesOf(printed.value.metrics);
    const doubt = doubtOfInterval(printed.value, asked);
    if (doubt !== undefined)
        return unknown(doubt);
    if (told.length === 0)
        return unknown('it told no metric');
    // Where nobody was served, nothing was seen.
    return { kind: 'ok', value: Object.fromEntries(told.filter(([, { candidate, baseline }]) => candidate.total + baseline.total > 0)) };
}
/** `{ "from": "…", "to": "…", "metrics": { "<name>": { "baseline": { … } } }, "thresholds": { "<name>": 250 } }`, a threshold for each that is frozen. */
function readSetup(text, { names, frozen }, asked) {
    const shape = schemas/* strictObject */.rej({
        ...interval,
        metrics: eachOf(names, schemas/* strictObject */.rej({ baseline: strictCounts })),
        thresholds: eachOf(names, schemas/* number */.aig().positive()).default({}),
    });
    const printed = read(text, shape);
    if (printed.kind === 'unknown')
        return printed;
    const { metrics, thresholds } = printed.value;
    const doubt = doubtOfInterval(printed.value, asked);
    if (doubt !== undefined)
        return unknown(doubt);
    const unfrozen = frozen.filter((name) => thresholds[name] === undefined);
    // What is slow would be another thing at each poll, and for each version.
    if (unfrozen.length > 0)
        return unknown(`it gave no threshold for ${unfrozen.join(', ')}, of kind latency`);
    const usual = entriesOf(metrics).map(([name, { baseline }]) => [name, baseline]);
    return { kind: 'ok', value: { usual: Object.fromEntries(usual), thresholds: Object.fromEntries(entriesOf(thresholds)) } };
}
const interval = { from: schemas/* string */.YjP().optional(), to: schemas/* string */.YjP().optional() };
/** A document of an earlier poll, kept by a cache or a file, would count its requests twice. */
function doubtOfInterval({ from, to }, asked) {
    if (from === undefined || to === undefined)
        return 'it does not repeat SLEEPWELL_FROM as "from" and SLEEPWELL_TO as "to": whether it counted that interval cannot be told';
    return from === asked.from && to === asked.to ? undefined : `it counted ${from} to ${to}, and was asked about ${asked.from} to ${asked.to}`;
}
/** A metric that could not be told is left out; one that nobody declared is a mistake. */
function eachOf(names, value) {
    return schemas/* strictObject */.rej(Object.fromEntries(names.map((name) => [name, value.optional()])));
}
function entriesOf(record) {
    return Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}
function read(text, schema) {
    const document = parse(text);
    if (document === undefined)
        return unknown('it printed something else than one JSON document');
    const cannot = unknownSchema.safeParse(document.value);
    if (cannot.success)
        return unknown(cannot.data.unknown);
    const decoded = schema.safeParse(document.value);
    if (decoded.success)
        return { kind: 'ok', value: decoded.data };
    const [issue] = decoded.error.issues;
    return unknown(`what it printed is not as expected: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}
function parse(text) {
    try {
        return { value: JSON.parse(text) };
    }
    catch {
        return undefined;
    }
}
const unknown = (message) => ({ kind: 'unknown', message });

;// CONCATENATED MODULE: ./lib/core/metrics/declared-metric.js

/** `usual`: the baseline's counts before the first step, where they are known. */
function settingOf({ acts, margin, slowMargin, tolerance }, { name, kind, unit }, usual) {
    const isUsual = usual !== undefined && usual.total > 0;
    return metricSettingSchema.parse({ name, kind, unit, acts, margin: kind === 'latency' ? slowMargin : margin, tolerance, ...(isUsual ? { usual } : {}) });
}

// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(57975);
// EXTERNAL MODULE: ./lib/shell/child.js
var child = __webpack_require__(50564);
// EXTERNAL MODULE: ./lib/shell/program-surroundings.js
var program_surroundings = __webpack_require__(85584);
;// CONCATENATED MODULE: ./lib/shell/metrics/command-run.js



/** Of both streams together: counts of a few metrics take less than a thousandth of it. */
const MOST_OUTPUT = 1_048_576;
const TAIL_CHARACTERS = 300;
/** What the program printed, if it ended well in time; ends its whole process group at the limit, or when told to stop. */
async function runForText(spec, variables, around, signal) {
    const [command, ...args] = spec.run;
    const directory = await (0,program_surroundings/* folderInside */.he)(around.workspace, spec.workingDirectory);
    if (command === undefined || directory === undefined)
        return command_run_unknown(`the repository has no folder ${spec.workingDirectory}`);
    const flood = new AbortController();
    const output = beginOutput(() => flood.abort());
    const end = await (0,child/* runChild */.w)({
        command,
        args,
        directory,
        variables: { ...(0,program_surroundings/* passedOn */.I3)(around.variables), ...spec.env, ...variables },
        onLine: output.take,
        onRead: output.count,
        stop: AbortSignal.any([signal, flood.signal]),
        limitSeconds: spec.timeoutSeconds,
    });
    // First: what floods and then ends well has been cut all the same.
    if (flood.signal.aborted)
        return command_run_unknown(`it printed more than ${MOST_OUTPUT / 1_048_576} MiB, so it was ended`);
    const problem = problemOf(end, command, spec);
    if (problem === undefined)
        return { kind: 'ok', value: output.text() };
    const said = end.kind === 'not-started' || end.kind === 'stopped' ? '' : output.complaint(around);
    return command_run_unknown(said === '' ? problem : `${problem}: ${said}`);
}
function problemOf(end, command, { timeoutSeconds }) {
    switch (end.kind) {
        case 'not-started':
            return (0,program_surroundings/* explainStart */._c)(command, end.message);
        case 'stopped':
            return 'stopped before it had ended';
        case 'timed-out':
            return `it did not end within ${timeoutSeconds} s, so it was ended`;
        case 'exited':
            if (end.code === 0)
                return undefined;
            return end.signal === undefined ? `exit code ${end.code}` : `ended by ${end.signal}`;
    }
}
function beginOutput(onFlood) {
    const lines = { stdout: [], stderr: [] };
    let allCharacters = 0;
    return {
        count: (characters) => {
            allCharacters += characters;
            if (allCharacters > MOST_OUTPUT)
                onFlood();
        },
        take: (line, stream) => {
            if (allCharacters <= MOST_OUTPUT)
                lines[stream].push(line);
        },
        text: () => lines.stdout.join('\n'),
        /** The end of its errors, clean of secrets before it is cut. */
        complaint: ({ redact }) => redact((0,external_node_util_.stripVTControlCharacters)(lines.stderr.join('\n'))).trim().slice(-TAIL_CHARACTERS).toWellFormed(),
    };
}
const command_run_unknown = (message) => ({ kind: 'unknown', message });

;// CONCATENATED MODULE: ./lib/shell/metrics/source.js
const silent = (message) => ({ kind: 'silent', message });
const source_unknown = (message) => ({ kind: 'unknown', message });
/** The same, named. */
function toldBy(name, { kind, message }) {
    return { kind, message: `${name}: ${message}` };
}

;// CONCATENATED MODULE: ./lib/shell/metrics/complete-interval.js

const HOUR_MS = 3_600_000;
/** The newest time of this length that is complete, an hour unless told otherwise: what is usual before the first step. */
function newestComplete(nowMs, lagSeconds, lengthMs = HOUR_MS) {
    const toMs = nowMs - lagSeconds * 1000;
    return { fromMs: toMs - lengthMs, toMs };
}
/** From so many times its lag on, an interval counts as complete although nothing later has arrived: the Worker is quiet. */
const LAGS_UNTIL_QUIET = 5;
/** Whether silence after an interval may still mean that its own end has not arrived. */
function isFresh(interval, lagSeconds, nowMs) {
    return nowMs < interval.toMs + lagSeconds * 1000 * LAGS_UNTIL_QUIET;
}
/** Why it is too early to count an interval, if it is. */
function tooEarly(interval, lagSeconds, nowMs) {
    const completeAtMs = interval.toMs + lagSeconds * 1000;
    return nowMs < completeAtMs ? silent(`the interval is complete only at ${new Date(completeAtMs).toISOString()}`) : undefined;
}

;// CONCATENATED MODULE: ./lib/shell/metrics/command.js





/**
 * Counts by what a program prints. Before the first step it is run once with `SLEEPWELL_PHASE=prepare` and no candidate, over
 * the last hour; then with `SLEEPWELL_PHASE=count` for each interval, and the thresholds that it gave in the first run.
 */
function connectCommand(spec, { commands, clock, signal }) {
    const names = spec.metrics.map(({ name }) => name);
    const frozen = spec.metrics.filter(({ kind }) => kind === 'latency').map(({ name }) => name);
    const run = async (variables, decode) => {
        const printed = await runForText(spec, variables, commands, signal);
        const told = printed.kind === 'ok' ? decode(printed.value) : printed;
        // What a program names in its output, it may have taken from its secrets.
        return told.kind === 'ok' ? told : { kind: 'unknown', message: `${spec.name}: ${commands.redact(told.message)}` };
    };
    return {
        name: spec.name,
        lagSeconds: spec.lagSeconds,
        async prepare({ script, baseline, nowMs }) {
            const interval = toldInterval(newestComplete(nowMs, spec.lagSeconds));
            const variables = { ...variablesOf('prepare', interval, {}), SLEEPWELL_SCRIPT: script, SLEEPWELL_CANDIDATE: '', SLEEPWELL_BASELINE: baseline, SLEEPWELL_SINCE: '', SLEEPWELL_ALONE: 'false' };
            const printed = await run(variables, (text) => readSetup(text, { names, frozen }, interval));
            if (printed.kind === 'unknown')
                return { kind: 'refused', problem: printed.message, remedy: REMEDY };
            const { usual, thresholds } = printed.value;
            return { kind: 'ok', metrics: spec.metrics.map((metric) => settingOf(spec, metric, Object.hasOwn(usual, metric.name) ? usual[metric.name] : undefined)), thresholds };
        },
        async count({ script, candidate, baseline, interval, sinceMs, isAlone = false, thresholds }) {
            const early = tooEarly(interval, spec.lagSeconds, clock.now());
            if (early !== undefined)
                return toldBy(spec.name, early);
            const own = Object.fromEntries(Object.entries(thresholds).filter(([name]) => names.includes(name)));
            const told = toldInterval(interval);
            const subject = { SLEEPWELL_SCRIPT: script, SLEEPWELL_CANDIDATE: candidate, SLEEPWELL_BASELINE: baseline, SLEEPWELL_SINCE: new Date(sinceMs).toISOString(), SLEEPWELL_ALONE: String(isAlone) };
            const printed = await run({ ...variablesOf('count', told, own), ...subject }, (text) => readCounts(text, names, told));
            return printed.kind === 'ok' ? { kind: 'ok', metrics: printed.value } : printed;
        },
    };
}
const REMEDY = 'Run the program by hand with SLEEPWELL_PHASE=prepare and the other variables that the documentation names, and mend it.';
const toldInterval = ({ fromMs, toMs }) => ({ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() });
function variablesOf(phase, { from, to }, thresholds) {
    return { SLEEPWELL_PHASE: phase, SLEEPWELL_FROM: from, SLEEPWELL_TO: to, SLEEPWELL_THRESHOLDS: JSON.stringify(thresholds) };
}

;// CONCATENATED MODULE: ./lib/shell/metrics/doubts.js

/** Why these are not all requests of the interval, if they are not; `isFresh`: something later has to have arrived. */
function doubtOfTraffic({ totals, unattributed, later }, isFresh) {
    const versions = doubtOfVersions([...totals.values()], unattributed);
    if (versions !== undefined)
        return versions;
    return isFresh && later === 0 ? silent('nothing later than the interval has arrived yet, so its own requests may be missing too') : undefined;
}
/** A larger share of requests whose version nobody knows would make the others' rates a guess. */
const MOST_UNATTRIBUTED = 0.05;
/** Why the requests without a version leave nothing to count, if they do; `totals` are those of each version. */
function doubtOfVersions(totals, unattributed) {
    const all = totals.reduce((sum, total) => sum + total, unattributed);
    return unattributed > MOST_UNATTRIBUTED * all ? source_unknown(`${unattributed} of ${all} requests carry no version`) : undefined;
}

;// CONCATENATED MODULE: ./lib/shell/metrics/invocations-query.js

/** The most rows that are asked for; as many as that may be cut off. */
const MOST_ROWS = 1000;
/**
 * Everything is written out in the query: whether a variable for a time is of type `Time` or `string` differs
 * between reports, and a wrong one fails the whole query. Strings of JSON are strings of GraphQL.
 */
function invocationsQuery(accountId, script, { fromMs, toMs }) {
    const rowsOf = (bounds) => `workersInvocationsAdaptive(limit: ${MOST_ROWS}, filter: { scriptName: ${JSON.stringify(script)}, ${bounds} })`;
    const [from, to] = [fromMs, toMs].map((ms) => JSON.stringify(isoSeconds(ms)));
    return `query {
  viewer { accounts(filter: { accountTag: ${JSON.stringify(accountId)} }) {
    interval: ${rowsOf(`datetime_geq: ${from}, datetime_lt: ${to}`)} { dimensions { scriptVersion status } sum { requests errors } avg { sampleInterval } }
    later: ${rowsOf(`datetime_geq: ${to}`)} { sum { requests } }
  } }
}`;
}
/** The data set has times in whole seconds: both ends rounded in one direction, nothing counts in two intervals. */
function wholeSeconds({ fromMs, toMs }) {
    return { fromMs: floorSecond(fromMs), toMs: floorSecond(toMs) };
}
const floorSecond = (ms) => Math.floor(ms / 1000) * 1000;
const isoSeconds = (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
async function askInvocations(api, script, interval) {
    const seconds = wholeSeconds(interval);
    if (seconds.fromMs >= seconds.toMs)
        return unavailable('the interval is shorter than a second');
    const answer = await api.graphql({ query: invocationsQuery(api.accountId, script, seconds) });
    const asked = meaningOf(answer);
    return asked.kind === 'ok' ? asked : { kind: asked.kind, message: api.told(asked.message) };
}
const wholeNumber = schemas/* number */.aig().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const rowSchema = schemas/* object */.Ikc({
    dimensions: schemas/* object */.Ikc({ scriptVersion: schemas/* string */.YjP().nullish(), status: schemas/* string */.YjP() }),
    sum: schemas/* object */.Ikc({ requests: wholeNumber, errors: wholeNumber }),
    avg: schemas/* object */.Ikc({ sampleInterval: schemas/* number */.aig().min(1) }),
});
const dataSchema = schemas/* object */.Ikc({
    viewer: schemas/* object */.Ikc({
        accounts: schemas/* array */.YOg(schemas/* object */.Ikc({ interval: schemas/* array */.YOg(rowSchema), later: schemas/* array */.YOg(schemas/* object */.Ikc({ sum: schemas/* object */.Ikc({ requests: wholeNumber }) })) })),
    }),
});
const problemsSchema = schemas/* object */.Ikc({
    errors: schemas/* array */.YOg(schemas/* object */.Ikc({ message: schemas/* string */.YjP().default('no message'), extensions: schemas/* object */.Ikc({ code: schemas/* string */.YjP().optional() }).nullish() })).nullish(),
});
function meaningOf(answer) {
    if (answer.kind === 'no-answer')
        return unavailable(answer.reason);
    const { status } = answer;
    if (answer.kind === 'not-json')
        return unavailable(`HTTP ${status}, but not from Cloudflare's API`);
    const problems = problemsSchema.safeParse(answer.body);
    // Errors are told with HTTP 200 too; then half of the data may be there, and is not all.
    const [problem] = problems.data?.errors ?? [];
    const message = `${problem?.message ?? 'no message'} (HTTP ${status})`;
    if (status === 401 || status === 403 || problem?.extensions?.code === 'authz')
        return { kind: 'denied', message };
    if (status !== 200)
        return unavailable(message);
    if (!problems.success)
        return unexpected('errors of an unknown form');
    if (problem !== undefined)
        return unavailable(message);
    const decoded = schemas/* object */.Ikc({ data: dataSchema }).safeParse(answer.body);
    if (!decoded.success)
        return unexpected(decoded.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
    const [account, ...others] = decoded.data.data.viewer.accounts;
    if (account === undefined)
        return { kind: 'denied', message: 'the token sees no such account' };
    if (others.length > 0)
        return unexpected('one account was asked for');
    return counted(account.interval, account.later.reduce((sum, row) => sum + row.sum.requests, 0));
}
function counted(rows, later) {
    if (rows.length >= MOST_ROWS)
        return unexpected('the rows are cut off');
    if (new Set(rows.map(({ avg }) => avg.sampleInterval)).size > 1)
        return unavailable('the counts come from samples of different sizes');
    const totals = new Map();
    const exceptions = new Map();
    const seen = new Set();
    let unattributed = 0;
    for (const row of rows) {
        const { scriptVersion, status } = row.dimensions;
        const group = JSON.stringify([scriptVersion, status]);
        if (seen.has(group))
            return unexpected('one version and status twice');
        seen.add(group);
        const total = rawOf(row.sum.requests, row);
        const bad = rawOf(exceptionsOf(row), row);
        if (total === undefined || bad === undefined)
            return unavailable('the counts are drawn out from a sample, and do not say how many invocations were seen');
        if (bad > total)
            return unexpected('more errors than invocations');
        if (scriptVersion === undefined || scriptVersion === null || scriptVersion === '')
            unattributed += total;
        else {
            totals.set(scriptVersion, (totals.get(scriptVersion) ?? 0) + total);
            exceptions.set(scriptVersion, (exceptions.get(scriptVersion) ?? 0) + bad);
        }
    }
    return { kind: 'ok', value: { totals, exceptions, unattributed, later } };
}
const ERRORS = new Set(['scriptThrewException', 'exceededResources', 'internalError']);
const NO_ERRORS = new Set(['success', 'clientDisconnected']);
/** Docs "Workers metrics": of a status that is not listed there, Cloudflare's own count of errors. */
function exceptionsOf({ dimensions, sum }) {
    if (ERRORS.has(dimensions.status))
        return sum.requests;
    return NO_ERRORS.has(dimensions.status) ? 0 : sum.errors;
}
/**
 * Docs "Sampling": the sums of a sample are drawn out to all invocations, which would draw out the evidence as well.
 * All rows of one sample have one interval; the sum of such is a multiple of it.
 */
function rawOf(sum, { avg: { sampleInterval } }) {
    const raw = Math.round(sum / sampleInterval);
    return Math.abs(raw * sampleInterval - sum) <= 1e-6 * Math.max(1, sum) ? raw : undefined;
}
function unavailable(message) {
    return { kind: 'unavailable', message };
}
function unexpected(why) {
    return unavailable(`Cloudflare's answer is not as expected: ${why}`);
}

;// CONCATENATED MODULE: ./lib/shell/metrics/graphql.js





/** The only metric: an answer of 500 that the Worker gives itself counts as served. */
const EXCEPTIONS = 'exceptions';
const GRAPHQL = 'GraphQL Analytics';
/** Counts from Cloudflare's GraphQL Analytics: exceptions only, of all invocations of a version. */
function connectGraphql(spec, api) {
    return {
        name: spec.name,
        lagSeconds: spec.lagSeconds,
        prepare: (question) => prepare(api, spec, question),
        async count(question) {
            const counted = tooEarly(question.interval, spec.lagSeconds, api.clock.now()) ?? (await count(api, spec, question));
            return counted.kind === 'ok' ? counted : toldBy(GRAPHQL, counted);
        },
    };
}
async function count(api, { lagSeconds }, question) {
    const asked = await askInvocations(api, question.script, question.interval);
    if (asked.kind !== 'ok')
        return source_unknown(asked.message);
    return doubtOfTraffic(asked.value, isFresh(question.interval, lagSeconds, api.clock.now())) ?? strata(question, asked.value);
}
/** Sees that analytics may be read, and how often the baseline has failed in the last hour. */
async function prepare(api, spec, { script, baseline, nowMs }) {
    const asked = await askInvocations(api, script, newestComplete(nowMs, spec.lagSeconds));
    if (asked.kind !== 'ok')
        return refusedToCount(asked);
    const { totals, unattributed } = asked.value;
    if (unattributed > 0 && !totals.has(baseline))
        return refused('the requests of the last hour carry no version', 'Count with another source.');
    const usual = countsOf(baseline, asked.value);
    const { acts, margin, tolerance } = spec;
    const setting = metricSettingSchema.parse({ name: EXCEPTIONS, kind: 'errors', acts, margin, tolerance, ...(usual.total === 0 ? {} : { usual }) });
    return { kind: 'ok', metrics: [setting], thresholds: {} };
}
function strata({ candidate, baseline }, seen) {
    return { kind: 'ok', metrics: { [EXCEPTIONS]: { candidate: countsOf(candidate, seen), baseline: countsOf(baseline, seen) } } };
}
function countsOf(version, { totals, exceptions }) {
    return { total: totals.get(version) ?? 0, bad: exceptions.get(version) ?? 0 };
}
function refusedToCount(asked) {
    return asked.kind === 'denied'
        ? refused(`the token may not read it: ${asked.message}`, 'Give CLOUDFLARE_API_TOKEN the permission "Account Analytics: Read", and check CLOUDFLARE_ACCOUNT_ID.')
        : refused(`it could not be read: ${asked.message}`, 'Run the deploy again; https://www.cloudflarestatus.com tells of incidents.');
}
const refused = (problem, remedy) => ({ kind: 'refused', problem: `${GRAPHQL}: ${problem}`, remedy });

;// CONCATENATED MODULE: ./lib/shell/metrics/guarded-source.js


/**
 * What holds for every source. A bug in one costs that source its answer, and not the rollout; what nobody can have counted
 * is not let through; and counts that show nothing to compare are a lull: the next look asks again, over a longer interval.
 */
function guarded(source) {
    return {
        ...source,
        async prepare(question) {
            try {
                return await source.prepare(question);
            }
            catch (error) {
                return { kind: 'refused', problem: `${source.name}: ${bugIn(error)}`, remedy: 'Count with another source, and report it.' };
            }
        },
        async count(question) {
            try {
                return judged(source, question, await source.count(question));
            }
            catch (error) {
                return toldBy(source.name, source_unknown(bugIn(error)));
            }
        },
    };
}
function judged({ name }, { isAlone = false }, counted) {
    if (counted.kind !== 'ok')
        return counted;
    const strata = Object.entries(counted.metrics);
    const impossible = strata.find(([, stratum]) => !(0,counts/* isUsable */.Ng)(stratum));
    if (impossible !== undefined)
        return toldBy(name, source_unknown(`the counts of ${impossible[0]} cannot be`));
    const isSeen = ({ candidate, baseline }) => candidate.total > 0 && (isAlone || baseline.total > 0);
    return strata.some(([, stratum]) => isSeen(stratum)) ? counted : toldBy(name, silent(lullOf(strata.map(([, stratum]) => stratum))));
}
function lullOf(strata) {
    const quiet = ['candidate', 'baseline'].filter((version) => strata.every((stratum) => stratum[version].total === 0));
    return quiet.length === 0 ? 'no metric has requests of both versions' : `no request of the ${quiet.join(' or the ')} was counted`;
}
/** The kind of error only: its message may quote anything. */
function bugIn(error) {
    return `a bug in Sleepwell ended it: ${error instanceof Error ? error.name : 'an unknown failure'}`;
}

;// CONCATENATED MODULE: ./lib/core/metrics/slow-levels.js
/** The share of the baseline's requests that lie above a level. */
const SHARE_ABOVE = { p90: 0.1, p95: 0.05, p99: 0.01 };
/** A quantile that fewer requests lie above is a guess. */
const LEAST_ABOVE = 10;
/** The levels that so many requests can tell, lowest first. */
function tellableLevels(slow, requests) {
    return slow.filter((level) => requests * SHARE_ABOVE[level] >= LEAST_ABOVE).toSorted((one, other) => SHARE_ABOVE[other] - SHARE_ABOVE[one]);
}

// EXTERNAL MODULE: ./lib/core/checks/override.js
var override = __webpack_require__(78845);
;// CONCATENATED MODULE: ./lib/shell/metrics/telemetry-filters.js

const VERSION_KEY = '$workers.scriptVersion.id';
/** Of a span, whose attributes have other names. */
const SPAN_VERSION_KEY = 'cloudflare.script_version.id';
const WALL_TIME_KEY = '$workers.wallTimeMs';
/** Requests to the Worker itself, whatever came of them. */
function requestsOf(script) {
    return [
        { key: '$metadata.service', operation: 'eq', type: 'string', value: script },
        { key: '$metadata.type', operation: 'eq', type: 'string', value: 'cf-worker-event' },
        // Crons and queues have no status, and a Durable Object's own event would count its user's request twice.
        { key: '$workers.eventType', operation: 'eq', type: 'string', value: 'fetch' },
        { key: '$workers.durableObjectId', operation: 'is_null', type: 'string' },
        // Checks and probes of our own, and whoever else has chosen the version: no sample of the users. Headers are not in the
        // SDK's types, but users of the API filter by them; were this one not kept, nothing would be left out.
        { key: `$workers.event.request.headers.${override/* OVERRIDE_HEADER */.D.toLowerCase()}`, operation: 'is_null', type: 'string' },
    ];
}
const ofVersions = (versions) => ({ key: VERSION_KEY, operation: 'in', type: 'string', value: versions.join(',') });
const ofSpanVersions = (versions) => ({ ...ofVersions(versions), key: SPAN_VERSION_KEY });
const OF_NO_VERSION = { key: VERSION_KEY, operation: 'is_null', type: 'string' };
/**
 * What makes a request bad, by metric; `thresholds` are milliseconds of wall time. An outcome other than `ok` may
 * be a client that gave up: a version that hangs shows in nothing else.
 */
function badRequests(thresholds) {
    return [
        ['exceptions', { key: '$workers.outcome', operation: 'neq', type: 'string', value: 'ok' }],
        ['server-errors', { key: '$workers.event.response.status', operation: 'gte', type: 'number', value: 500 }],
        ...Object.entries(thresholds).map(([metric, value]) => [metric, { key: WALL_TIME_KEY, operation: 'gt', type: 'number', value }]),
    ];
}

;// CONCATENATED MODULE: ./lib/shell/metrics/telemetry-query.js



/** The most groups that are asked for; as many as that may be cut off. */
const MOST_GROUPS = 100;
const aggregate = schemas/* object */.Ikc({
    // What is told of no rows is not documented: zeros, nulls or no row at all.
    value: schemas/* number */.aig().nullish(),
    count: schemas/* number */.aig().nullish(),
    sampleInterval: schemas/* number */.aig().nullish(),
    groups: schemas/* array */.YOg(schemas/* object */.Ikc({ key: schemas/* string */.YjP(), value: schemas/* union */.KCZ([schemas/* string */.YjP(), schemas/* number */.aig(), schemas/* boolean */.zMY()]) })).nullish(),
});
const resultSchema = schemas/* object */.Ikc({
    run: schemas/* object */.Ikc({ status: schemas/* enum */.k5n(['STARTED', 'COMPLETED']) }),
    statistics: schemas/* object */.Ikc({ abr_level: schemas/* number */.aig().nullish() }),
    calculations: schemas/* array */.YOg(schemas/* object */.Ikc({ alias: schemas/* string */.YjP().nullish(), aggregates: schemas/* array */.YOg(aggregate) })),
});
/** Raw requests per version. Rows without a version are in no group; a version without rows is in no group either. */
async function countByVersion(api, question) {
    const versionKey = question.of === 'spans' ? SPAN_VERSION_KEY : VERSION_KEY;
    const answer = await ask(api, question, { calculations: [{ operator: 'count', alias: 'n' }], groupBys: [{ type: 'string', value: versionKey }] });
    if (answer.kind !== 'ok')
        return answer;
    const rows = aggregatesOf(answer.value, 'n');
    if (rows === undefined || rows.length >= MOST_GROUPS)
        return telemetry_query_unexpected('the groups are missing, or cut off');
    const counts = new Map();
    for (const row of rows) {
        const version = row.groups?.find(({ key }) => key === versionKey)?.value;
        const raw = rawCountOf(row);
        if (typeof version !== 'string' || counts.has(version))
            return telemetry_query_unexpected('a group names no version, or one twice');
        if (raw === undefined)
            return SAMPLED;
        counts.set(version, raw);
    }
    return { kind: 'ok', value: counts, resolution: resolutionOf(answer.value, rows) };
}
/** Raw requests in all. */
async function countAll(api, question) {
    const answer = await ask(api, question, { calculations: [{ operator: 'count', alias: 'n' }] });
    if (answer.kind !== 'ok')
        return answer;
    const rows = aggregatesOf(answer.value, 'n');
    if (rows === undefined || rows.length > 1)
        return telemetry_query_unexpected('one number was asked for');
    const [row] = rows;
    const raw = row === undefined ? 0 : rawCountOf(row);
    return raw === undefined ? SAMPLED : { kind: 'ok', value: raw, resolution: resolutionOf(answer.value, rows) };
}
/** Quantiles of the wall time, milliseconds; those of no requests are left out. */
async function wallTimes(api, question, operators) {
    const calculations = operators.map((operator) => ({ operator, alias: operator, key: WALL_TIME_KEY, keyType: 'number' }));
    const answer = await ask(api, question, { calculations });
    if (answer.kind !== 'ok')
        return answer;
    const found = [];
    for (const operator of operators) {
        const rows = aggregatesOf(answer.value, operator);
        if (rows === undefined || rows.length > 1)
            return telemetry_query_unexpected('one quantile was asked for');
        for (const { value } of rows)
            if (typeof value === 'number' && value >= 0)
                found.push([operator, value]);
    }
    return { kind: 'ok', value: Object.fromEntries(found), resolution: resolutionOf(answer.value) };
}
async function ask(api, { interval, filters, of = 'invocations' }, parameters) {
    const read = (0,answer_meaning/* asRead */.vl)(await api.query('/workers/observability/telemetry/query', {
        // "Any identifier" for a query that is not saved; `dry` keeps the run from being saved.
        queryId: 'sleepwell',
        dry: true,
        view: 'calculations',
        ignoreSeries: true,
        limit: MOST_GROUPS,
        // Whether `to` is inside is not documented: this way nothing counts in two intervals.
        timeframe: { from: interval.fromMs, to: interval.toMs - 1 },
        // Spans lie in a data set whose name is not documented: "leave empty to query all available".
        parameters: { ...(of === 'spans' ? {} : { datasets: ['cloudflare-workers'] }), filterCombination: 'and', filters, ...parameters },
    }), resultSchema);
    if (read.kind === 'absent')
        return { kind: 'denied', message: 'Workers Observability knows no such account or Worker' };
    if (read.kind !== 'ok')
        return { kind: read.kind, message: api.told(read.message) };
    if (read.value.run.status !== 'COMPLETED')
        return { kind: 'unavailable', message: 'the query was not completed' };
    return { kind: 'ok', value: read.value, resolution: resolutionOf(read.value) };
}
function aggregatesOf({ calculations }, alias) {
    return calculations.find((one) => one.alias === alias)?.aggregates;
}
/**
 * SDK 7.3.0: `count` is the sum of the stored events' sample intervals, and `sampleInterval` their average, the Worker's own
 * head sampling included: their ratio is the number of stored events. Only those are evidence; the rest was made up from them.
 */
function rawCountOf({ value, count, sampleInterval }) {
    if (isNothing(value) && isNothing(count))
        return 0;
    if (!isCount(value) || !isCount(count) || !(typeof sampleInterval === 'number' && sampleInterval >= 1))
        return undefined;
    const raw = Math.round(count / sampleInterval);
    // Either number may have been rounded on the way here.
    const rounding = Math.max(sampleInterval === 1 ? 0 : 0.5, count * 1e-4);
    return raw > 0 && Math.abs(raw * sampleInterval - count) <= rounding && Math.abs(value - count) <= rounding ? raw : undefined;
}
const isNothing = (number) => number === 0 || number === null || number === undefined;
const isCount = (number) => typeof number === 'number' && number >= 0 && number <= Number.MAX_SAFE_INTEGER;
/** `abr_level`: "if empty the ABR level is 1"; an answer without rows tells no interval of its own. */
function resolutionOf({ statistics }, rows = []) {
    const seen = rows.filter(({ count }) => !isNothing(count));
    return { level: statistics.abr_level ?? 1, intervals: seen.map(({ sampleInterval }) => sampleInterval ?? 1) };
}
/** A rate is off by as much as its sample intervals differ. */
const MOST_APART = 1.01;
/** Why answers cannot be set against each other, if they cannot: a share of one sample in another is no rate. */
function doubtOfSamples(resolutions) {
    const bitRate = resolutions.find(({ level }) => level !== 1);
    // How counts follow from it is not documented.
    if (bitRate !== undefined)
        return `the query was answered at the bit rate ${bitRate.level}, and not from all that is stored`;
    const intervals = resolutions.flatMap((one) => one.intervals);
    return intervals.length === 0 || Math.max(...intervals) <= MOST_APART * Math.min(...intervals) ? undefined : 'the counts come from samples of different sizes';
}
const SAMPLED = { kind: 'unavailable', message: 'the counts are drawn out from a sample, and do not say how many requests were seen' };
function telemetry_query_unexpected(why) {
    return { kind: 'unavailable', message: `Cloudflare's answer is not as expected: ${why}` };
}

;// CONCATENATED MODULE: ./lib/shell/metrics/r2-operations.js


// Docs "Workers tracing, Spans and attributes": each call of a bucket is a span, which names its Worker and version; workerd
// fills in what is asked for here. Unconfirmed: that the telemetry query finds spans by these keys, as its users report of
// other attributes. Hence preflight wants to see operations, and successful ones, and without any there is no count.
/** The metric: operations of a bucket, and those that failed. */
const R2_ERRORS = 'r2-errors';
const SUCCEEDED = { key: 'cloudflare.r2.response.success', operation: 'eq', type: 'boolean', value: true };
/**
 * R2 calls these no success, and they are no failure (codes 10007 and 10031): to look for what is not there, and a condition
 * of the caller's own. By their messages, since workerd has told the codes as text and as numbers.
 */
const EXPECTED = ['The specified key does not exist', 'pre-conditions you specified did not hold'].map((value) => ({ key: 'cloudflare.r2.error.message', operation: 'includes', type: 'string', value }));
/** Raw operations per version. Whatever is neither a success nor expected has failed: one that was never answered says nothing. */
async function countR2(api, script, { interval, versions }) {
    const operations = [
        { key: 'cloudflare.script_name', operation: 'eq', type: 'string', value: script },
        { key: 'cloudflare.r2.operation', operation: 'exists', type: 'string' },
        ofSpanVersions(versions),
    ];
    const count = (...more) => countByVersion(api, { interval, filters: [...operations, ...more], of: 'spans' });
    const totals = await count();
    if (totals.kind !== 'ok')
        return totals;
    const fine = await Promise.all([SUCCEEDED, ...EXPECTED].map((filter) => count(filter)));
    const after = await count();
    if (after.kind !== 'ok')
        return after;
    const resolutions = [totals.resolution, after.resolution];
    const bad = new Map(totals.value);
    for (const answer of fine) {
        if (answer.kind !== 'ok')
            return answer;
        resolutions.push(answer.resolution);
        for (const [version, counted] of answer.value)
            bad.set(version, (bad.get(version) ?? 0) - counted);
    }
    const sampled = doubtOfSamples(resolutions);
    if (sampled !== undefined)
        return { kind: 'unavailable', message: `R2 operations: ${sampled}` };
    const isArriving = versions.some((version) => totals.value.get(version) !== after.value.get(version));
    if (!isArriving && [...bad.values()].some((failed) => failed < 0))
        return { kind: 'unavailable', message: 'more R2 operations went well than there were' };
    return { ...totals, value: { totals: totals.value, bad, isArriving } };
}

;// CONCATENATED MODULE: ./lib/shell/metrics/script-settings.js

const TRY_AGAIN = 'Run the deploy again; https://www.cloudflarestatus.com tells of incidents.';
/** A Worker's settings that belong to no version: what it records, and who listens to it. */
async function readScriptSettings(api, script, schema) {
    const read = (0,answer_meaning/* asRead */.vl)(await api.read(`/workers/scripts/${encodeURIComponent(script)}/script-settings`), schema);
    switch (read.kind) {
        case 'absent':
            return { kind: 'refused', problem: `there is no Worker ${script}`, remedy: 'Check the name of the Worker and CLOUDFLARE_ACCOUNT_ID.' };
        case 'denied':
            return { kind: 'refused', problem: `the settings of ${script} cannot be read: ${api.told(read.message)}`, remedy: 'Give CLOUDFLARE_API_TOKEN the permission "Workers Scripts: Read" or "Edit".' };
        case 'unavailable':
            return { kind: 'refused', problem: `the settings of ${script} could not be read: ${api.told(read.message)}`, remedy: TRY_AGAIN };
        case 'ok':
            return read;
    }
}

;// CONCATENATED MODULE: ./lib/shell/metrics/observability-setup.js








/** Sees that telemetry is recorded and may be read, and freezes what is slow by the baseline's last hour, or day. */
async function prepareObservability(api, spec, question) {
    const settings = await readScriptSettings(api, question.script, settingsSchema);
    if (settings.kind !== 'ok')
        return observability_setup_refused(settings.problem, settings.remedy);
    const setting = refusalOf(settings.value, spec);
    if (setting !== undefined)
        return setting;
    const usual = await lookForUsual(api, spec, question);
    if (usual.kind !== 'ok')
        return observability_setup_refusedToCount(usual);
    const { total, unattributed, asked, resolution } = usual.value;
    if (total === 0 && unattributed > 0)
        return observability_setup_refused('the requests of the last day carry no version', 'Count with another source.');
    const thresholds = await freezeThresholds(api, spec.slow, asked, total);
    if (thresholds.kind !== 'ok')
        return observability_setup_refusedToCount(thresholds);
    const counted = await Promise.all(badRequests(thresholds.value).map(async ([name, filter]) => [name, await countByVersion(api, { ...asked, filters: [...asked.filters, filter] })]));
    const metrics = [];
    for (const [name, bad] of counted) {
        if (bad.kind !== 'ok')
            return observability_setup_refusedToCount(bad);
        const counts = { total, bad: bad.value.get(question.baseline) ?? 0 };
        // Of two samples, or of requests that arrived in between, no rate can be told: then nothing is called usual.
        const isUsual = counts.bad <= total && doubtOfSamples([resolution, bad.resolution]) === undefined;
        metrics.push(settingOf(spec, { name, kind: Object.hasOwn(thresholds.value, name) ? 'latency' : 'errors', unit: 'request' }, isUsual ? counts : undefined));
    }
    const r2 = spec.r2 ? await prepareR2(api, spec, question) : undefined;
    if (r2?.kind === 'refused')
        return r2;
    return { kind: 'ok', metrics: [...metrics, ...(r2 === undefined ? [] : [r2.metric])], thresholds: thresholds.value };
}
/** Sees that operations of the baseline are found, and that they can be told from failed ones. */
async function prepareR2(api, spec, { script, baseline, nowMs }) {
    const asked = await countR2(api, script, { interval: newestComplete(nowMs, spec.lagSeconds, 24 * HOUR_MS), versions: [baseline] });
    if (asked.kind !== 'ok')
        return observability_setup_refusedToCount(asked);
    const usual = { total: asked.value.totals.get(baseline) ?? 0, bad: asked.value.bad.get(baseline) ?? 0 };
    if (usual.total === 0)
        return observability_setup_refused('no R2 operation of the live version was recorded in the last day', 'Remove `r2: true` where the Worker calls no bucket. Where it does, see whether its traces show spans such as r2_get.');
    if (usual.bad >= usual.total)
        return observability_setup_refused('none of the R2 operations of the last day is known to have succeeded', 'Look at their spans in Workers Observability; where they are well, remove `r2: true`, and report it.');
    return { kind: 'ok', metric: settingOf(spec, { name: R2_ERRORS, kind: 'errors', unit: 'request' }, asked.value.isArriving || usual.bad < 0 ? undefined : usual) };
}
/** The last hour; of a Worker that was quiet in it, the last day. */
async function lookForUsual(api, { lagSeconds }, { script, baseline, nowMs }) {
    const all = requestsOf(script);
    const totalIn = async (lengthMs) => {
        const asked = { interval: newestComplete(nowMs, lagSeconds, lengthMs), filters: [...all, ofVersions([baseline])] };
        const counted = await countByVersion(api, asked);
        if (counted.kind !== 'ok')
            return counted;
        return { ...counted, value: { total: counted.value.get(baseline) ?? 0, asked, resolution: counted.resolution, unattributed: 0 } };
    };
    const hour = await totalIn(HOUR_MS);
    const usual = hour.kind === 'ok' && hour.value.total === 0 ? await totalIn(24 * HOUR_MS) : hour;
    if (usual.kind !== 'ok' || usual.value.total > 0)
        return usual;
    const unattributed = await countAll(api, { ...usual.value.asked, filters: [...all, OF_NO_VERSION] });
    return unattributed.kind === 'ok' ? { ...usual, value: { ...usual.value, unattributed: unattributed.value } } : unattributed;
}
/** By metric, in milliseconds; what the baseline had too few requests for is left out, and not judged. */
async function freezeThresholds(api, slow, asked, total) {
    const levels = tellableLevels(slow, total);
    if (levels.length === 0)
        return { kind: 'ok', value: {}, resolution: { level: 1, intervals: [] } };
    const found = await wallTimes(api, asked, levels);
    if (found.kind !== 'ok')
        return found;
    return { ...found, value: Object.fromEntries(Object.entries(found.value).map(([level, ms]) => [`slow-${level}`, ms])) };
}
/** Docs "Workers Logs": `observability`, and the part `logs` where it is given; without a rate every request is logged. */
const settingsSchema = schemas/* object */.Ikc({
    observability: schemas/* object */.Ikc({
        enabled: schemas/* boolean */.zMY().nullish(),
        head_sampling_rate: schemas/* number */.aig().nullish(),
        traces: schemas/* object */.Ikc({ enabled: schemas/* boolean */.zMY().nullish(), head_sampling_rate: schemas/* number */.aig().nullish() }).nullish(),
        logs: schemas/* object */.Ikc({ enabled: schemas/* boolean */.zMY().nullish(), invocation_logs: schemas/* boolean */.zMY().nullish(), head_sampling_rate: schemas/* number */.aig().nullish() }).nullish(),
    })
        .nullish(),
});
function refusalOf({ observability }, { r2 }) {
    const logs = observability?.logs ?? undefined;
    const isOn = logs?.enabled ?? observability?.enabled ?? false;
    if (!isOn)
        return observability_setup_refused('Workers Observability is off for this Worker', 'Set "observability": { "enabled": true } in the wrangler configuration, and deploy once without steps.');
    if (logs?.invocation_logs === false)
        return observability_setup_refused('invocation logs are off, so that requests are not recorded', 'Remove "invocation_logs": false from "observability" in the wrangler configuration.');
    if ((logs?.head_sampling_rate ?? observability?.head_sampling_rate ?? 1) <= 0)
        return observability_setup_refused('no request is recorded: the head sampling rate is 0', 'Raise "head_sampling_rate" of "observability" in the wrangler configuration.');
    const traces = observability?.traces;
    if (r2 && (traces?.enabled !== true || (traces.head_sampling_rate ?? 1) <= 0))
        return observability_setup_refused('`r2: true` counts by traces, and this Worker is not traced', 'Set "traces": { "enabled": true } under "observability" in the wrangler configuration, and deploy once without steps.');
    return undefined;
}
function observability_setup_refusedToCount(answer) {
    const message = answer.kind === 'ok' ? '' : answer.message;
    return answer.kind === 'denied'
        ? observability_setup_refused(`the token may not read telemetry: ${message}`, 'Give CLOUDFLARE_API_TOKEN the permission "Workers Observability: Edit" ("Write" in the API), and check CLOUDFLARE_ACCOUNT_ID.')
        : observability_setup_refused(`telemetry could not be read: ${message}`, TRY_AGAIN);
}
const observability_setup_refused = (problem, remedy) => ({ kind: 'refused', problem: `Workers Observability: ${problem}`, remedy });

;// CONCATENATED MODULE: ./lib/shell/metrics/observability.js







const OBSERVABILITY = 'Workers Observability';
/** Counts from Cloudflare's Workers Observability: a metric per cause, each over all requests of a version. */
function connectObservability(spec, api) {
    return {
        name: spec.name,
        lagSeconds: spec.lagSeconds,
        prepare: (question) => prepareObservability(api, spec, question),
        async count(question) {
            const counted = tooEarly(question.interval, spec.lagSeconds, api.clock.now()) ?? (await observability_count(api, spec, question));
            return counted.kind === 'ok' ? counted : toldBy(OBSERVABILITY, counted);
        },
    };
}
async function observability_count(api, { lagSeconds, r2 }, question) {
    const seen = await look(api, question);
    if (seen.kind !== 'ok')
        return source_unknown(seen.message);
    if (isArriving(question, seen.value))
        return silent('requests of the interval are still arriving');
    const counted = doubtOfTraffic(seen.value, isFresh(question.interval, lagSeconds, api.clock.now())) ?? observability_strata(question, seen.value);
    return r2 && counted.kind === 'ok' ? withR2(api, question, counted.metrics) : counted;
}
async function withR2(api, { script, candidate, baseline, interval, isAlone = false }, metrics) {
    const asked = await countR2(api, script, { interval, versions: [candidate, baseline] });
    if (asked.kind !== 'ok')
        return source_unknown(asked.message);
    const { totals, bad, isArriving: isEarly } = asked.value;
    if (isEarly)
        return silent('R2 operations of the interval are still arriving');
    const countsOf = (version) => ({ total: totals.get(version) ?? 0, bad: bad.get(version) ?? 0 });
    const stratum = { candidate: countsOf(candidate), baseline: countsOf(baseline) };
    // A version that calls no bucket cannot be told from one that is not traced: left out, which is not zero.
    const isTold = stratum.candidate.total > 0 && (isAlone || stratum.baseline.total > 0);
    return { kind: 'ok', metrics: isTold ? { ...metrics, [R2_ERRORS]: stratum } : metrics };
}
async function look(api, { interval, script, candidate, baseline, thresholds }) {
    const all = requestsOf(script);
    const both = [...all, ofVersions([candidate, baseline])];
    const metrics = badRequests(thresholds);
    const totals = await countByVersion(api, { interval, filters: both });
    if (totals.kind !== 'ok')
        return totals;
    const [unattributed, later, ...bad] = await Promise.all([
        countAll(api, { interval, filters: [...all, OF_NO_VERSION] }),
        countAll(api, { interval: { fromMs: interval.toMs, toMs: api.clock.now() }, filters: all }),
        ...metrics.map(([, filter]) => countByVersion(api, { interval, filters: [...both, filter] })),
    ]);
    const totalsAfter = await countByVersion(api, { interval, filters: both });
    if (unattributed.kind !== 'ok')
        return unattributed;
    if (later.kind !== 'ok')
        return later;
    if (totalsAfter.kind !== 'ok')
        return totalsAfter;
    const counted = [];
    const resolutions = [totals.resolution, unattributed.resolution, totalsAfter.resolution];
    for (const [index, [metric]] of metrics.entries()) {
        const answer = bad[index];
        if (answer?.kind !== 'ok')
            return answer ?? { kind: 'unavailable', message: `${metric}: not counted` };
        counted.push([metric, answer.value]);
        resolutions.push(answer.resolution);
    }
    const sampled = doubtOfSamples(resolutions);
    if (sampled !== undefined)
        return { kind: 'unavailable', message: sampled };
    const value = { totals: totals.value, totalsAfter: totalsAfter.value, unattributed: unattributed.value, later: later.value, bad: counted };
    return { kind: 'ok', value, resolution: totals.resolution };
}
function isArriving({ candidate, baseline }, { totals, totalsAfter }) {
    return [candidate, baseline].some((version) => totals.get(version) !== totalsAfter.get(version));
}
function observability_strata({ candidate, baseline }, { totals, bad }) {
    const countsOf = (version, counts) => ({ total: totals.get(version) ?? 0, bad: counts.get(version) ?? 0 });
    const metrics = bad.map(([name, counts]) => [name, { candidate: countsOf(candidate, counts), baseline: countsOf(baseline, counts) }]);
    const impossible = metrics.find(([, stratum]) => Object.values(stratum).some((counts) => counts.bad > counts.total));
    return impossible === undefined ? { kind: 'ok', metrics: Object.fromEntries(metrics) } : source_unknown(`more ${impossible[0]} than requests were counted`);
}

;// CONCATENATED MODULE: ./lib/core/analysis/latency.js
/**
 * Thresholds for "slow", the baseline's quantiles before the first step, in the unit of the samples. They must be frozen
 * then and must never be taken from the candidate, or the counts above them would no longer be a fair comparison.
 */
function latency_freezeThresholds(baselineSamples, levels = [0.95, 0.99]) {
    const sorted = baselineSamples.filter((sample) => Number.isFinite(sample)).toSorted((one, other) => one - other);
    // A quantile that fewer than ten samples lie above is a guess.
    if (levels.some((level) => !(level > 0 && level < 1) || sorted.length * (1 - level) < 10))
        return undefined;
    return levels.map((level) => sorted[Math.ceil(level * sorted.length) - 1] ?? 0);
}
/** How many samples of one version in one interval lie above a frozen threshold. */
function countSlow(samples, threshold) {
    return { total: samples.length, bad: samples.reduce((sum, sample) => sum + (sample > threshold ? 1 : 0), 0) };
}

;// CONCATENATED MODULE: ./lib/core/metrics/probe-tally.js
/**
 * Counts both versions' probes. Which version a request asks for is drawn at random, so whatever fails without proof may be
 * counted for the version that was asked for: whoever it was, it strikes both alike. That holds only while nothing is
 * left out: were the good answers of somebody else left out and their failures not, every failure would weigh more. (Where a
 * share m of one version's answers always came from others, failures in the polls that escape would weigh 1/(1 - m).)
 */
function tallyPairs(candidate, baseline) {
    const others = baseline === 'nobody' ? [] : baseline;
    const all = [...candidate, ...others];
    if (all.some(({ kind }) => kind === 'stopped'))
        return probe_tally_unknown('stopped before all were answered');
    for (const [version, meanings] of [['candidate', candidate], ['baseline', baseline]]) {
        if (meanings === 'nobody')
            continue;
        const doubt = doubtOf(version, meanings);
        if (doubt !== undefined)
            return probe_tally_unknown(doubt);
    }
    const stray = all.find((one) => one.kind === 'stray');
    const failure = all.find((one) => one.kind === 'unproven-failure');
    if (stray !== undefined && failure !== undefined) {
        return probe_tally_unknown(`a request failed without proof of a version (${failure.seen}) while others were not answered by the version asked for (${stray.seen}): nobody can tell whose failure it was`);
    }
    const hasAnswer = all.some((one) => one.kind === 'proven' || (one.kind === 'unproven-failure' && one.hasAnswered));
    if (!hasAnswer)
        return probe_tally_unknown(`no request was answered (${failure?.seen ?? 'none was sent'}): the way to the Worker may be cut`);
    return { kind: 'ok', candidate: tallyOf(candidate), baseline: tallyOf(others) };
}
function doubtOf(version, meanings) {
    const strays = meanings.filter((one) => one.kind === 'stray');
    if (meanings.length === 0)
        return `no request was sent to the ${version}`;
    if (strays.length * 2 <= meanings.length)
        return undefined;
    return `${strays.length} of ${meanings.length} requests to the ${version} were not answered by it: ${strays[0]?.seen ?? ''}`;
}
/** One version's probes, strays left out. */
function tallyOf(meanings) {
    const counted = meanings.filter((one) => one.kind === 'proven' || one.kind === 'unproven-failure');
    const bad = counted.filter((one) => one.kind === 'unproven-failure' || one.isFailure).length;
    return { errors: { total: counted.length, bad }, durationsMs: counted.flatMap(({ durationMs }) => (durationMs === undefined ? [] : [durationMs])) };
}
const probe_tally_unknown = (message) => ({ kind: 'unknown', message });

// EXTERNAL MODULE: ./lib/core/checks/blocked.js
var blocked = __webpack_require__(76657);
// EXTERNAL MODULE: ./lib/core/checks/expectations.js
var expectations = __webpack_require__(5606);
// EXTERNAL MODULE: ./lib/core/checks/proof.js
var checks_proof = __webpack_require__(56155);
;// CONCATENATED MODULE: ./lib/core/metrics/probe-answer.js



/** RFC 9110, 15.6: the server failed. What is below is an answer of a Worker that works. */
const LEAST_FAILURE = 500;
const THROTTLED = 429;
function probe_answer_meaningOf(facts, proof, asked) {
    switch (facts.kind) {
        case 'stopped':
            return { kind: 'stopped' };
        case 'timed-out':
            return { kind: 'unproven-failure', hasAnswered: false, seen: `no answer within ${facts.limitMs / 1000} s`, durationMs: Number.POSITIVE_INFINITY };
        case 'no-answer':
            return { kind: 'unproven-failure', hasAnswered: facts.reason === 'invalid', seen: facts.message };
        case 'answer':
            return meaningOfAnswer(facts, proof, asked);
    }
}
function meaningOfAnswer(answer, proof, asked) {
    const { status, durationMs } = answer;
    const answeredBy = (0,checks_proof/* readProof */.r)(proof, answer, (0,expectations/* parseDocument */.Tp)(answer));
    // How fast it refuses says nothing about how it serves.
    if (status === THROTTLED)
        return { kind: 'stray', seen: 'HTTP 429: the requests are throttled' };
    if (answeredBy === asked)
        return { kind: 'proven', isFailure: status >= LEAST_FAILURE, durationMs };
    if (answeredBy !== undefined)
        return { kind: 'stray', seen: `answered by ${answeredBy}` };
    const blocker = (0,blocked/* blockerOf */.U)(answer);
    if (blocker !== undefined)
        return { kind: 'stray', seen: blocker.remedy };
    if (status >= LEAST_FAILURE)
        return { kind: 'unproven-failure', hasAnswered: true, seen: `HTTP ${status}`, durationMs };
    return { kind: 'stray', seen: `HTTP ${status} without proof of a version` };
}

// EXTERNAL MODULE: ./lib/shell/checks/asking.js
var asking = __webpack_require__(97891);
;// CONCATENATED MODULE: ./lib/shell/metrics/probe-requests.js


/** Asks one version for one path; whatever happens is an observation. */
async function probeOnce({ method, headers, proof, timeoutSeconds }, { baseUrl, signal, probe, clock }, asked) {
    const subject = { versionId: asked.version, via: { kind: 'override', scriptName: asked.script } };
    const facts = await (0,asking/* askWorker */.aU)({ method, path: asked.path, headers }, { baseUrl, subject, limitMs: timeoutSeconds * 1000, signal }, { probe, clock });
    return probe_answer_meaningOf(facts, proof, asked.version);
}
/** Begins no pair that may not be done by the deadline: one that is cut off would tell of the deadline, not of the version. */
function beginsBefore(endsAtMs, clock, longestMs) {
    return () => clock.now() + longestMs <= endsAtMs;
}
/** Does the same so many times side by side while `mayBegin` says so. */
async function sideBySide(times, concurrency, mayBegin, run) {
    let begun = 0;
    const work = async () => {
        while (begun < times && mayBegin()) {
            const index = begun;
            begun += 1;
            await run(index);
        }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, times) }, work));
}

;// CONCATENATED MODULE: ./lib/shell/metrics/probes-setup.js





const PROBE_ERRORS = 'probe-errors';
const PROBE_SLOW = 'probe-slow';
/** Of all that the baseline is asked. */
const SETUP_DEADLINE_MS = 120_000;
/** One failure more or less is no reason to refuse a path. */
const TRIES_PER_PATH = 3;
const SLOW_LEVEL = 0.95;
/** A baseline that fails more often than this cannot show what a candidate broke. */
const MOST_BAD = 0.5;
/** Sees that the baseline proves itself on every path, and freezes by its answers what is usual and what is slow. */
async function prepareProbes(spec, ports, question) {
    const problem = refusalOfSpec(spec, question);
    if (problem !== undefined)
        return problem;
    const hasTime = beginsBefore(ports.clock.now() + SETUP_DEADLINE_MS, ports.clock, spec.timeoutSeconds * 1000);
    const mayBegin = () => hasTime() && !ports.signal.aborted;
    const byPath = spec.paths.map((path) => ({ path, meanings: [] }));
    const ask = (times) => sideBySide(times, spec.concurrency, mayBegin, async (index) => {
        const asked = byPath[index % byPath.length];
        if (asked !== undefined)
            asked.meanings.push(await probeOnce(spec, ports, { script: question.script, version: question.baseline, path: asked.path }));
    });
    await ask(TRIES_PER_PATH * byPath.length);
    const unproven = byPath.find(({ meanings }) => !meanings.some(({ kind }) => kind === 'proven'));
    if (unproven !== undefined)
        return refusalOfPath(unproven.path, unproven.meanings);
    await ask(Math.max(0, spec.baselineRequests - TRIES_PER_PATH * byPath.length));
    return settled(spec, byPath.flatMap(({ meanings }) => meanings));
}
function refusalOfSpec(spec, { script, baseline }) {
    if (spec.proof.kind === 'none') {
        return probes_setup_refused('with `proof: none` nobody can tell which version answered', 'Let the Worker answer with its version in a header and name it under `proof`, or count with another source.');
    }
    const problem = (0,asking/* doorProblem */.Cs)({ versionId: baseline, via: { kind: 'override', scriptName: script } });
    return problem === undefined ? undefined : probes_setup_refused(problem, 'Count with another source.');
}
function refusalOfPath(path, meanings) {
    const seen = meanings.map(describe).find((text) => text !== undefined) ?? 'it was not asked in time';
    return probes_setup_refused(`the baseline gave no proof of its version on ${path}: ${seen}`, `Let the Worker set the version's header on ${path} too, or choose other \`paths\` that it answers itself.`);
}
function describe(meaning) {
    return meaning.kind === 'stray' || meaning.kind === 'unproven-failure' ? meaning.seen : undefined;
}
function settled(spec, meanings) {
    if (meanings.some(({ kind }) => kind === 'stopped'))
        return probes_setup_refused('stopped before the baseline had answered', 'Run the deploy again.');
    const strays = meanings.filter(({ kind }) => kind === 'stray');
    const first = strays.map(describe).find((text) => text !== undefined);
    if (strays.length * 2 > meanings.length) {
        return probes_setup_refused(`${strays.length} of ${meanings.length} requests were not answered by the baseline: ${first ?? ''}`, 'Choose other `paths`, or let nothing in front of the Worker answer the probes.');
    }
    const tally = tallyOf(meanings);
    if (tally.errors.bad > MOST_BAD * tally.errors.total) {
        return probes_setup_refused(`the baseline failed ${tally.errors.bad} of ${tally.errors.total} requests`, 'Choose `paths` that the live version serves, and look whether it is ill.');
    }
    return withThreshold(spec, tally);
}
function withThreshold(spec, { errors, durationsMs }) {
    const errorSetting = settingOf(spec, { name: PROBE_ERRORS, kind: 'errors', unit: 'request' }, errors);
    if (!spec.slow)
        return { kind: 'ok', metrics: [errorSetting], thresholds: {} };
    const [threshold] = latency_freezeThresholds(durationsMs, [SLOW_LEVEL]) ?? [];
    if (threshold === undefined) {
        const answered = durationsMs.filter((duration) => Number.isFinite(duration)).length;
        return probes_setup_refused(`only ${answered} answers came within ${SETUP_DEADLINE_MS / 1000} s, too few to tell what is slow`, 'Raise `baselineRequests` where some were lost, raise `concurrency` or choose faster `paths` where time ran out, or set `slow: false`.');
    }
    const bad = durationsMs.filter((duration) => duration > threshold).length;
    const slowSetting = settingOf(spec, { name: PROBE_SLOW, kind: 'latency', unit: 'request' }, { total: durationsMs.length, bad });
    return { kind: 'ok', metrics: [errorSetting, slowSetting], thresholds: { [PROBE_SLOW]: threshold } };
}
const probes_setup_refused = (problem, remedy) => ({ kind: 'refused', problem: `probes: ${problem}`, remedy });

;// CONCATENATED MODULE: ./lib/shell/metrics/probes.js




/**
 * Counts answers to requests that it sends itself when it is asked to count; the interval's past says nothing to it.
 * Both versions must be in the current deployment, else the override header is ignored (docs "Version overrides").
 */
function connectProbes(spec, ports) {
    return {
        name: spec.name,
        lagSeconds: 0,
        prepare: (question) => prepareProbes(spec, ports, question),
        count: async (question) => probes_countsOf(spec, question, await sendPairs(spec, ports, question)),
    };
}
async function sendPairs(spec, ports, { script, candidate, baseline, isAlone = false }) {
    const seen = { candidate: [], baseline: [] };
    const versions = { candidate, baseline };
    const offset = Math.floor(ports.random() * spec.paths.length);
    const hasTime = beginsBefore(ports.clock.now() + spec.deadlineSeconds * 1000, ports.clock, 2 * spec.timeoutSeconds * 1000);
    await sideBySide(spec.perPoll, spec.concurrency, () => hasTime() && !ports.signal.aborted, async (index) => {
        const path = spec.paths[(offset + index) % spec.paths.length] ?? '/';
        // Whoever is asked second finds warm caches and an open connection.
        const order = ports.random() < 0.5 ? ['candidate', 'baseline'] : ['baseline', 'candidate'];
        for (const which of order) {
            // A version that is in no deployment cannot be asked for.
            if (which === 'baseline' && isAlone)
                continue;
            seen[which].push(await probeOnce(spec, ports, { script, version: versions[which], path }));
        }
    });
    return seen;
}
function probes_countsOf({ slow, name }, { thresholds, isAlone = false }, { candidate, baseline }) {
    const tally = tallyPairs(candidate, isAlone ? 'nobody' : baseline);
    if (tally.kind === 'unknown')
        return { kind: 'unknown', message: `${name}: ${tally.message}` };
    const errors = { candidate: tally.candidate.errors, baseline: tally.baseline.errors };
    const threshold = Object.hasOwn(thresholds, PROBE_SLOW) ? thresholds[PROBE_SLOW] : undefined;
    if (!slow || threshold === undefined)
        return { kind: 'ok', metrics: { [PROBE_ERRORS]: errors } };
    const slowOnes = { candidate: countSlow(tally.candidate.durationsMs, threshold), baseline: countSlow(tally.baseline.durationsMs, threshold) };
    return { kind: 'ok', metrics: { [PROBE_ERRORS]: errors, [PROBE_SLOW]: slowOnes } };
}

;// CONCATENATED MODULE: ./lib/core/metrics/counter-rise.js
/** Floats carry whole numbers exactly, but sums of them pass through exporters that print few digits. */
const ROUNDING = 1e-3;
/** How far a counter rose from one reading to the other. */
function riseBetween(start, end) {
    if (start.kind === 'absent')
        return counter_rise_unknown('no sample at the start of the interval');
    if (end.kind === 'absent')
        return counter_rise_unknown('no sample at the end of the interval');
    const rise = end.value - start.value;
    const count = Math.round(rise);
    if (rise < -ROUNDING)
        return counter_rise_unknown('the counter fell: it was reset, or some of its series are gone');
    if (Math.abs(rise - count) > ROUNDING || !Number.isSafeInteger(count))
        return counter_rise_unknown(`${rise} is no count: a raw counter is wanted`);
    return { kind: 'ok', count: Math.max(0, count) };
}
const counter_rise_unknown = (message) => ({ kind: 'unknown', message });

// EXTERNAL MODULE: ./lib/core/metrics/counter-template.js
var counter_template = __webpack_require__(55284);
// EXTERNAL MODULE: ./lib/core/redact.js
var core_redact = __webpack_require__(8038);
;// CONCATENATED MODULE: ./lib/shell/metrics/prometheus-query.js



// Prometheus HTTP API, "Expression query result formats": [<unix time>, "<value>"].
const sampleSchema = schemas/* tuple */.PVZ([schemas/* number */.aig(), schemas/* string */.YjP()]);
const successSchema = schemas/* object */.Ikc({
    status: schemas/* literal */.euz('success'),
    warnings: schemas/* array */.YOg(schemas/* string */.YjP()).nullish(),
    data: schemas/* discriminatedUnion */.gMt('resultType', [
        schemas/* object */.Ikc({ resultType: schemas/* literal */.euz('vector'), result: schemas/* array */.YOg(schemas/* object */.Ikc({ value: sampleSchema })) }),
        schemas/* object */.Ikc({ resultType: schemas/* literal */.euz('scalar'), result: sampleSchema }),
    ]),
});
const errorSchema = schemas/* object */.Ikc({ status: schemas/* literal */.euz('error'), errorType: schemas/* string */.YjP(), error: schemas/* string */.YjP() });
const prometheus_query_LONGEST_MESSAGE = 300;
const LONGEST_VALUE = 40;
/** A proxy's cache may answer with another moment's sample. */
const LONGEST_TIME_APART_SECONDS = 1;
/** All queries share the deadline, which begins now. */
function connectPrometheusApi(spec, { clock, signal, tries = 3, ...ports }) {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(spec.deadlineSeconds * 1000)]);
    const send = ports.fetch ?? fetch;
    const transport = {
        fetch: ((url, init) => send(url, { ...init, signal: AbortSignal.any(init.signal instanceof AbortSignal ? [init.signal, deadline] : [deadline]) })),
        clock: { now: () => clock.now(), sleep: (seconds) => clock.sleep(seconds, deadline) },
        timeoutMs: spec.timeoutSeconds * 1000,
        tries,
    };
    const headers = { 'user-agent': 'sleepwell', ...spec.headers, ...(spec.token === undefined ? {} : { authorization: `Bearer ${spec.token}` }) };
    const late = { kind: 'failed', message: `not answered within ${spec.deadlineSeconds} s` };
    const told = tellerFor(spec);
    const isWorthRepeating = (answer) => !deadline.aborted && prometheus_query_isPassing(answer);
    return {
        async at(query, atMs) {
            if (deadline.aborted)
                return late;
            const url = new URL(`${spec.url.replace(/\/+$/, '')}/api/v1/query`);
            url.searchParams.set('query', query);
            url.searchParams.set('time', (atMs / 1000).toFixed(3));
            const received = await (0,http/* sendRepeatedly */.g)({ method: 'GET', url: url.href, headers }, transport, isWorthRepeating);
            if (deadline.aborted && received.kind === 'no-answer')
                return late;
            const answer = prometheus_query_meaningOf(received, atMs);
            return 'message' in answer ? { ...answer, message: told(answer.message) } : answer;
        },
    };
}
function prometheus_query_isPassing(answer) {
    return answer.kind === 'no-answer' || answer.status >= 500 || answer.status === 429 || answer.status === 408;
}
function prometheus_query_meaningOf(answer, atMs) {
    if (answer.kind === 'no-answer')
        return { kind: 'failed', message: answer.reason };
    const { status } = answer;
    const isDenied = status >= 400 && status < 500 && status !== 429 && status !== 408;
    const body = answer.kind === 'json' ? answer.body : undefined;
    const refusal = errorSchema.safeParse(body);
    if (refusal.success)
        return { kind: isDenied ? 'denied' : 'failed', message: `${refusal.data.errorType}: ${refusal.data.error}` };
    if (status !== 200)
        return { kind: isDenied ? 'denied' : 'failed', message: `HTTP ${status}` };
    const decoded = successSchema.safeParse(body);
    if (!decoded.success)
        return { kind: 'failed', message: 'the answer is not that of an instant query' };
    // Thanos and others warn when a part of the data could not be read.
    const [warning] = decoded.data.warnings ?? [];
    if (warning !== undefined)
        return { kind: 'failed', message: `warning: ${warning}` };
    return readingOf(decoded.data.data, atMs);
}
function readingOf(data, atMs) {
    const isScalar = data.resultType === 'scalar';
    const samples = data.resultType === 'scalar' ? [data.result] : data.result.map(({ value }) => value);
    if (samples.length > 1)
        return { kind: 'denied', message: `${samples.length} series instead of one: sum them` };
    const [sample] = samples;
    if (sample === undefined)
        return { kind: 'absent' };
    const [atSeconds, text] = sample;
    if (Math.abs(atSeconds - atMs / 1000) > LONGEST_TIME_APART_SECONDS)
        return { kind: 'failed', message: 'the answer is about another time than was asked for' };
    // Go writes NaN, +Inf and -Inf.
    if (/^\s*(?:NaN)?\s*$/i.test(text))
        return { kind: 'absent' };
    const value = Number(text);
    if (!Number.isFinite(value))
        return { kind: 'failed', message: `${text.slice(0, LONGEST_VALUE)} is no count` };
    return { kind: 'number', value, isScalar };
}
/** One short line without secrets, whatever a server or a proxy said. */
function tellerFor({ token, headers }) {
    const redact = (0,core_redact/* redactorFor */.s)([token ?? '', ...Object.values(headers)], (text) => Buffer.from(text).toString('base64'));
    return (message) => redact(message).replaceAll(/\s+/g, ' ').slice(0, prometheus_query_LONGEST_MESSAGE).toWellFormed();
}

;// CONCATENATED MODULE: ./lib/shell/metrics/prometheus.js







/** Counts by the values of raw counters at both ends of an interval. */
function connectPrometheus(spec, ports) {
    return {
        name: spec.name,
        lagSeconds: spec.lagSeconds,
        prepare: (question) => prometheus_prepare(spec, connectPrometheusApi(spec, ports), question),
        async count(question) {
            const counted = tooEarly(question.interval, spec.lagSeconds, ports.clock.now()) ?? (await prometheus_count(spec, connectPrometheusApi(spec, ports), question));
            return counted.kind === 'ok' ? counted : toldBy(spec.name, counted);
        },
    };
}
async function prometheus_prepare(spec, api, { script, baseline, nowMs }) {
    if (!(0,counter_template/* canBeFilledIn */.vO)(script))
        return { kind: 'refused', problem: `${spec.name}: ${script} cannot stand in a query`, remedy: 'Count with another source.' };
    const interval = newestComplete(nowMs, spec.lagSeconds);
    const metrics = [];
    for (const metric of spec.metrics) {
        for (const template of [metric.total, metric.bad]) {
            const query = (0,counter_template/* fillTemplate */.ou)(template, { version: baseline, script });
            const problem = prometheus_refusalOf(spec.name, query, await api.at(query, interval.toMs));
            if (problem !== undefined)
                return problem;
        }
        // A counter that is younger than an hour, or was reset in it, cannot tell what is usual.
        const usual = await prometheus_countsOf(api, metric, { script, version: baseline, interval });
        metrics.push(settingOf(spec, metric, usual.kind === 'ok' && usual.counts.bad <= usual.counts.total ? usual.counts : undefined));
    }
    return { kind: 'ok', metrics, thresholds: {} };
}
function prometheus_refusalOf(name, query, answer) {
    switch (answer.kind) {
        case 'number':
            return undefined;
        case 'absent':
            return { kind: 'refused', problem: `${name}: no sample for the live version: ${query}`, remedy: "Check the query's labels; end it with `or vector(0)` where no series means that nothing was bad." };
        case 'denied':
            return { kind: 'refused', problem: `${name}: ${answer.message}: ${query}`, remedy: "Mend the query, or check the source's `url` and `token`." };
        case 'failed':
            return { kind: 'refused', problem: `${name}: could not be read: ${answer.message}`, remedy: "Look at the server's state and the source's `url`, and run the deploy again." };
    }
}
async function prometheus_count(spec, api, question) {
    if (!(0,counter_template/* canBeFilledIn */.vO)(question.script) || question.interval.toMs <= question.interval.fromMs)
        return source_unknown('there is nothing to ask');
    const counted = [];
    const doubts = [];
    for (const metric of spec.metrics) {
        const told = await stratumOf(api, metric, question);
        if (told.kind === 'ok')
            counted.push([metric.name, told.stratum]);
        else
            doubts.push(toldBy(metric.name, told));
    }
    if (counted.length > 0)
        return { kind: 'ok', metrics: Object.fromEntries(counted) };
    return doubts.find(({ kind }) => kind === 'unknown') ?? doubts[0] ?? source_unknown('no metric');
}
async function stratumOf(api, metric, { script, candidate, baseline, interval, isAlone = false }) {
    const begun = await beginOf(api, (0,counter_template/* fillTemplate */.ou)(metric.total, { script, version: candidate }), interval);
    if (begun.kind !== 'ok')
        return begun.kind === 'silent' ? begun : toldBy(`total of ${candidate}`, begun);
    const asked = (version) => ({ script, version, interval: { ...interval, fromMs: begun.atMs } });
    const [ofCandidate, ofBaseline] = await Promise.all([
        prometheus_countsOf(api, metric, asked(candidate)),
        isAlone ? { kind: 'ok', counts: counts/* NOTHING */.K$ } : prometheus_countsOf(api, metric, asked(baseline)),
    ]);
    if (ofCandidate.kind === 'unknown')
        return ofCandidate;
    if (ofBaseline.kind === 'unknown')
        return ofBaseline;
    const stratum = { candidate: ofCandidate.counts, baseline: ofBaseline.counts };
    return Object.values(stratum).some(({ bad, total }) => bad > total) ? source_unknown('more bad requests than there were in all') : { kind: 'ok', stratum };
}
/**
 * From when on both versions are counted. A new version's counter has no sample at the step's start; then it is from its first
 * sample on: what it had counted by then may be of any time before, and to take it for this interval's would be a guess.
 */
async function beginOf(api, query, { fromMs, toMs }) {
    const start = await api.at(query, fromMs);
    if (start.kind === 'number')
        return { kind: 'ok', atMs: fromMs };
    const end = start.kind === 'absent' ? await api.at(query, toMs) : start;
    if (end.kind === 'absent')
        return silent('the candidate has no series yet');
    if (end.kind !== 'number')
        return source_unknown(end.message);
    const first = await api.at(firstOf(query, end.isScalar, toMs - fromMs), toMs);
    if (first.kind !== 'number')
        return source_unknown('message' in first ? first.message : 'when the counter began cannot be told');
    const atMs = Math.round(first.value * 1000);
    if (atMs < fromMs || atMs > toMs)
        return source_unknown('the counter began at another time than it was seen');
    return atMs === toMs ? silent('the candidate has only one sample yet') : { kind: 'ok', atMs };
}
async function prometheus_countsOf(api, metric, { interval, ...of }) {
    const [total, bad] = await Promise.all([riseOf(api, (0,counter_template/* fillTemplate */.ou)(metric.total, of), interval), riseOf(api, (0,counter_template/* fillTemplate */.ou)(metric.bad, of), interval)]);
    if (total.kind === 'unknown')
        return { ...total, message: `total of ${of.version}: ${total.message}` };
    if (bad.kind === 'unknown')
        return { ...bad, message: `bad of ${of.version}: ${bad.message}` };
    return { kind: 'ok', counts: { total: total.count, bad: bad.count } };
}
async function riseOf(api, query, { fromMs, toMs }) {
    const [start, end] = await Promise.all([api.at(query, fromMs), api.at(query, toMs)]);
    if ('message' in start)
        return { kind: 'unknown', message: start.message };
    if ('message' in end)
        return { kind: 'unknown', message: end.message };
    const rise = riseBetween(start, end);
    if (rise.kind === 'unknown' || end.kind === 'absent')
        return rise;
    // A counter that began anew and then rose past its old value looks as if it had only risen.
    const resets = await api.at(resetsOf(query, end.isScalar, toMs - fromMs), toMs);
    if (resets.kind !== 'number')
        return { kind: 'unknown', message: 'message' in resets ? resets.message : 'whether the counter was reset cannot be told' };
    return resets.value === 0 ? rise : { kind: 'unknown', message: 'the counter was reset within the interval' };
}
const LONGEST_RESOLUTION_SECONDS = 15;
const resetsOf = (query, isScalar, windowMs) => `resets(${within(query, isScalar, windowMs)})`;
/** When it first had a value, in seconds since 1970. */
const firstOf = (query, isScalar, windowMs) => `min_over_time(${within(`time() + 0 * (\n${query}\n)`, isScalar, windowMs)})`;
/** PromQL, "Subquery": any expression over a window, here in steps of at most 15 s. */
function within(query, isScalar, windowMs) {
    const seconds = Math.max(1, Math.round(windowMs / 1000));
    const resolution = Math.max(1, Math.min(LONGEST_RESOLUTION_SECONDS, Math.floor(seconds / 4)));
    // On lines of its own, since it may end with a comment.
    return `(${isScalar ? 'vector' : ''}(\n${query}\n))[${seconds}s:${resolution}s]`;
}

;// CONCATENATED MODULE: ./lib/shell/metrics/tail-answer.js



// What workers/tail answers, and how it is asked.
const whole = schemas/* number */.aig().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const versionCounts = schemas/* object */.Ikc({ requests: whole, exceptions: whole, serverErrors: whole, slower: schemas/* array */.YOg(whole), untimed: whole })
    .refine((one) => [one.exceptions, one.serverErrors, one.untimed, ...one.slower].every((part) => part <= one.requests), 'more of a part than requests in all')
    .refine(({ slower }) => slower.every((count, index) => count <= (slower[index - 1] ?? count)), 'more requests slower than the longer time');
const userCounts = schemas/* object */.Ikc({ exceptions: counts/* countsSchema */.GB, serverErrors: counts/* countsSchema */.GB });
const answerSchema = schemas/* object */.Ikc({
    schemaVersion: schemas/* literal */.euz(1),
    script: schemas/* string */.YjP(),
    fromMs: whole,
    toMs: whole,
    nowMs: whole,
    /** What is filed later is filed after this. */
    closedMs: whole,
    /** `null`: it has never counted a request of this script. */
    countedSinceMs: whole.nullable(),
    keptFromMs: whole,
    edgesMs: schemas/* array */.YOg(schemas/* number */.aig().positive()).min(1),
    versions: schemas/* record */.g1P(schemas/* string */.YjP(), versionCounts),
    /** Requests that carry no version. */
    unattributed: whole,
    /** `null`: it does not count them, or was not asked. Versions before had none. */
    users: schemas/* record */.g1P(schemas/* string */.YjP(), userCounts).nullish(),
})
    .refine(({ edgesMs }) => edgesMs.every((edge, index) => edge > (edgesMs[index - 1] ?? 0)), 'the edges are not in order')
    .refine(({ edgesMs, versions }) => Object.values(versions).every(({ slower }) => slower.length === edgesMs.length), 'not one count for each edge');
/** Further apart than this, either a clock is wrong or the answer is an old one. */
const MOST_CLOCK_DIFFERENCE_MS = 60_000;
async function askTail(spec, { script, interval, usersSinceMs }, options) {
    // Never sent: a header cannot carry it, and what `fetch` throws then would quote it.
    if (!/^[\x21-\x7e]+$/.test(spec.token))
        return { kind: 'denied', message: 'the token is empty, or holds a space or a line break' };
    const query = new URLSearchParams({ script, from: String(Math.floor(interval.fromMs)), to: String(Math.floor(interval.toMs)), ...(usersSinceMs === undefined ? {} : { since: String(Math.floor(usersSinceMs)) }) });
    const transport = { fetch: options.fetch ?? fetch, clock: options.clock, timeoutMs: options.timeoutMs ?? 10_000, tries: options.tries ?? 3 };
    const headers = { authorization: `Bearer ${spec.token}`, 'user-agent': 'sleepwell', 'cache-control': 'no-cache' };
    const answer = await (0,http/* sendRepeatedly */.g)({ method: 'GET', url: `${spec.url.replace(/\/+$/, '')}/counts?${query.toString()}`, headers }, transport, tail_answer_isPassing);
    return tail_answer_meaningOf(answer, script, options.clock.now());
}
function tail_answer_isPassing(answer) {
    return answer.kind === 'no-answer' || answer.status >= 500 || answer.status === 429 || answer.status === 408;
}
/** Nothing of the body is ever told: who answers at this address may send the token back. */
function tail_answer_meaningOf(answer, script, nowMs) {
    if (answer.kind === 'no-answer')
        return { kind: 'unavailable', message: answer.reason };
    const { status } = answer;
    if (status === 401 || status === 403)
        return { kind: 'denied', message: `the token is refused (HTTP ${status})` };
    if (tail_answer_isPassing(answer))
        return { kind: 'unavailable', message: `HTTP ${status}` };
    if (status !== 200 || answer.kind === 'not-json')
        return { kind: 'elsewhere', message: `HTTP ${status}, not as the Tail Worker answers` };
    const decoded = answerSchema.safeParse(answer.body);
    if (!decoded.success || decoded.data.script !== script)
        return { kind: 'elsewhere', message: 'the answer has another shape than the Tail Worker gives' };
    const apartMs = Math.abs(decoded.data.nowMs - nowMs);
    if (apartMs > MOST_CLOCK_DIFFERENCE_MS)
        return { kind: 'unavailable', message: `the answer is stale, or the clocks differ: it says that it is ${Math.round(apartMs / 1000)} s from now` };
    return { kind: 'ok', value: decoded.data };
}
/** Bad requests of a version by metric; slow ones are left out where their time is unknown or the edge is gone. */
function badOf(counts, edgesMs, thresholds) {
    const { requests: total, exceptions, serverErrors, slower, untimed } = counts;
    const bad = new Map([['exceptions', { total, bad: exceptions }], ['server-errors', { total, bad: serverErrors }]]);
    for (const [metric, threshold] of Object.entries(thresholds)) {
        const slow = slower[edgesMs.indexOf(threshold)];
        if (slow !== undefined && untimed === 0)
            bad.set(metric, { total, bad: slow });
    }
    return bad;
}
/** Bad users of a version by metric. */
function badUsersOf({ users }, version) {
    const { exceptions, serverErrors } = users?.[version] ?? { exceptions: counts/* NOTHING */.K$, serverErrors: counts/* NOTHING */.K$ };
    return new Map([['exceptions', exceptions], ['server-errors', serverErrors]]);
}

;// CONCATENATED MODULE: ./lib/shell/metrics/tail-setup.js






const tail_setup_settingsSchema = schemas/* object */.Ikc({ tail_consumers: schemas/* array */.YOg(schemas/* unknown */.L5J()).nullish() });
/** Sees that the Tail Worker answers and is told of this Worker's requests, and freezes what is slow by the baseline's last hour. */
async function prepareTail(spec, { script, baseline, nowMs }, { api, ...options }) {
    const interval = newestComplete(nowMs, spec.lagSeconds);
    const asked = await askTail(spec, { script, interval, usersSinceMs: spec.unit === 'user' ? interval.fromMs : undefined }, options);
    if (asked.kind !== 'ok')
        return tail_setup_refusedToCount(asked);
    const answer = asked.value;
    const attributed = Object.values(answer.versions).reduce((sum, { requests }) => sum + requests, 0);
    if (attributed === 0 && answer.unattributed > 0)
        return tail_setup_refused(`the requests of ${script} carry no version`, 'Count with another source.');
    const silence = attributed > 0 ? undefined : await refusalOfSilence(api, script, answer);
    if (silence !== undefined)
        return silence;
    if (spec.unit === 'user')
        return preparedByUser(spec, script, answer);
    const counts = answer.versions[baseline];
    const thresholds = counts === undefined ? {} : thresholdsOf(spec.slow, counts, answer.edgesMs);
    return { kind: 'ok', metrics: settingsOf(spec, answer, counts, thresholds), thresholds };
}
/** Nothing is called usual: users who fail in an hour are another share than those who fail in a poll. */
function preparedByUser(spec, script, { users, versions }) {
    if (users === undefined || users === null)
        return tail_setup_refused('it does not count users', 'Set the variable COUNT_USERS of the Tail Worker to "true" and deploy it, or remove `unit: user`.');
    if (Object.keys(users).length === 0 && Object.keys(versions).length > 0) {
        return tail_setup_refused(`no request of ${script} names its user`, 'Let the clients or a Transform Rule send the header Cloudflare-Workers-Version-Key, or remove `unit: user`.');
    }
    return { kind: 'ok', metrics: ['exceptions', 'server-errors'].map((name) => settingOf(spec, { name, kind: 'errors', unit: 'user' }, undefined)), thresholds: {} };
}
/** An hour without a request may be a quiet one, or one of which nobody told the Tail Worker. */
async function refusalOfSilence(api, script, { countedSinceMs }) {
    const settings = await readScriptSettings(api, script, tail_setup_settingsSchema);
    if (settings.kind !== 'ok')
        return tail_setup_refused(settings.problem, settings.remedy);
    if ((settings.value.tail_consumers ?? []).length === 0) {
        return tail_setup_refused(`it is not told of the requests of ${script}, which has no tail consumer`, `Add "tail_consumers": [{ "service": "sleepwell-tail" }] to the wrangler configuration of ${script}, and deploy it once without steps.`);
    }
    if (countedSinceMs !== null)
        return undefined;
    return tail_setup_refused(`it has never counted a request of ${script}`, `Send ${script} a request; where it is not counted then, see that "tail_consumers" in its wrangler configuration names this Tail Worker.`);
}
/** By metric, in milliseconds: the lowest edge that no larger share than the level's is slower than. */
function thresholdsOf(slow, { requests, slower, untimed }, edgesMs) {
    if (untimed > 0)
        return {};
    const thresholds = new Map();
    for (const level of tellableLevels(slow, requests)) {
        const edge = edgesMs.find((_, index) => (slower[index] ?? requests) <= requests * SHARE_ABOVE[level]);
        // The same requests would otherwise be judged twice.
        if (edge !== undefined && !thresholds.has(edge))
            thresholds.set(edge, `slow-${level}`);
    }
    return Object.fromEntries([...thresholds].map(([edge, metric]) => [metric, edge]));
}
function settingsOf(spec, { edgesMs }, counts, thresholds) {
    const usual = counts === undefined ? undefined : badOf(counts, edgesMs, thresholds);
    const names = ['exceptions', 'server-errors', ...Object.keys(thresholds)];
    return names.map((name) => settingOf(spec, { name, kind: Object.hasOwn(thresholds, name) ? 'latency' : 'errors', unit: 'request' }, usual?.get(name)));
}
function tail_setup_refusedToCount({ kind, message }) {
    switch (kind) {
        case 'denied':
            return tail_setup_refused(message, 'Run `npx wrangler secret put TAIL_TOKEN` in the folder of the Tail Worker, and give the same token to the source.');
        case 'elsewhere':
            return tail_setup_refused(message, 'Install workers/tail with `node install.mjs`, and give the address that it prints as `url`.');
        case 'unavailable':
            return tail_setup_refused(message, 'See that the Tail Worker answers at this address, and run the deploy again.');
    }
}
const tail_setup_refused = (problem, remedy) => ({ kind: 'refused', problem: `Tail Worker: ${problem}`, remedy });

;// CONCATENATED MODULE: ./lib/shell/metrics/tail.js





/** Counts from the Tail Worker of workers/tail: a metric per cause, each over all requests of a version. */
function connectTail(spec, ports) {
    return {
        name: spec.name,
        lagSeconds: spec.lagSeconds,
        prepare: (question) => prepareTail(spec, question, ports),
        async count(question) {
            const counted = tooEarly(question.interval, spec.lagSeconds, ports.clock.now()) ?? (await tail_count(spec, question, ports));
            return counted.kind === 'ok' ? counted : toldBy('Tail Worker', counted);
        },
    };
}
async function tail_count(spec, question, options) {
    const isByUser = spec.unit === 'user';
    const asked = await askTail(spec, { ...question, usersSinceMs: isByUser ? question.sinceMs : undefined }, options);
    if (asked.kind !== 'ok')
        return source_unknown(asked.message);
    const { versions, unattributed } = asked.value;
    const totals = Object.values(versions).map(({ requests }) => requests);
    return doubtOfTime(question.interval, asked.value) ?? doubtOfVersions(totals, unattributed) ?? (isByUser ? doubtOfUsers(question, asked.value) : undefined) ?? tail_strata(spec, question, asked.value);
}
function doubtOfTime({ fromMs, toMs }, answer) {
    // It rounds to whole seconds, both ends down.
    if (answer.fromMs > fromMs || fromMs - answer.fromMs >= 1000 || answer.toMs > toMs || toMs - answer.toMs >= 1000)
        return source_unknown('the answer is about another interval');
    if (answer.toMs <= answer.fromMs)
        return silent('the interval holds no whole second');
    if (answer.closedMs < answer.toMs)
        return silent(`the interval is complete in ${Math.ceil((answer.toMs - answer.closedMs) / 1000)} s`);
    if (answer.countedSinceMs === null)
        return source_unknown('it has never counted a request of this Worker');
    if (answer.countedSinceMs > fromMs)
        return source_unknown(`it counts since ${new Date(answer.countedSinceMs).toISOString()}, later than the interval began`);
    if (answer.keptFromMs > answer.fromMs)
        return source_unknown('counts of the interval have been deleted');
    return undefined;
}
function doubtOfUsers({ sinceMs }, { users, keptFromMs }) {
    if (users === undefined || users === null)
        return source_unknown('it does not count users');
    return keptFromMs > sinceMs ? source_unknown('who was bad since the step began has been deleted') : undefined;
}
function tail_strata({ unit }, { candidate, baseline, thresholds }, answer) {
    const { versions, edgesMs } = answer;
    const countsOf = (version) => (unit === 'user' ? badUsersOf(answer, version) : badOf(versions[version] ?? none(edgesMs), edgesMs, thresholds));
    const baselines = countsOf(baseline);
    const metrics = new Map();
    for (const [metric, counts] of countsOf(candidate)) {
        const other = baselines.get(metric);
        if (other !== undefined)
            metrics.set(metric, { candidate: counts, baseline: other });
    }
    return { kind: 'ok', metrics: Object.fromEntries(metrics) };
}
/** Of a version that served nobody. */
function none(edgesMs) {
    return { requests: 0, exceptions: 0, serverErrors: 0, slower: edgesMs.map(() => 0), untimed: 0 };
}

;// CONCATENATED MODULE: ./lib/shell/metrics/connect.js








/** Each source of counts, ready to be prepared. */
function connectSources(specs, ports) {
    return specs.map((spec) => guarded(connect(spec, ports)));
}
function connect(spec, ports) {
    const { cloudflare, clock } = ports;
    const api = connectAccountApi({ ...cloudflare, clock });
    switch (spec.kind) {
        case 'probes':
            return connectProbes(spec, ports);
        case 'observability':
            return connectObservability(spec, api);
        case 'graphql':
            return connectGraphql(spec, api);
        case 'tail':
            return connectTail(spec, { clock, api });
        case 'prometheus':
            return connectPrometheus(spec, ports);
        case 'command':
            return connectCommand(spec, ports);
    }
}

;// CONCATENATED MODULE: ./lib/shell/metrics/sample.js
function openSource(source, acts, { metrics, thresholds }) {
    const slow = metrics.filter(({ kind }) => kind === 'latency').map(({ name }) => name);
    const standing = { soakBeganMs: 0, countedToMs: 0, seenMs: 0, isCurrent: false, failuresInARow: 0 };
    return { source, acts, thresholds, names: metrics.map(({ name }) => name), slow: new Set(slow), standing };
}
/** Shorter intervals than this cost a question and show nothing. */
const SHORTEST_MS = 1000;
/**
 * What a source could not tell for longer is lost. `pollSeconds` is 180 at most, so that this has room for a look and
 * for what the look itself takes.
 */
const LONGEST_MS = 240_000;
/** From then on a source is not asked any more; what it never told stays unknown. */
const FAILURES_IN_A_ROW = 20;
/** One look at every source, each over its own newest interval; a source that fails costs only its own metrics. */
async function sampleAll(sources, question) {
    const counted = await Promise.all(sources.map(async (one) => sample(one, question)));
    const acting = sources.filter(({ acts }) => acts).map(({ standing }) => standing);
    return {
        metrics: Object.fromEntries(counted.flatMap(({ metrics }) => metrics)),
        unknown: counted.flatMap(({ unknown }) => (unknown === undefined ? [] : [unknown])),
        isLook: counted.some(({ isDue }) => isDue),
        seenSeconds: acting.length === 0 ? 0 : Math.min(...acting.map(({ seenMs }) => seenMs)) / 1000,
        isCurrent: acting.length > 0 && acting.every(({ isCurrent }) => isCurrent),
    };
}
async function sample({ source, standing, ...one }, { script, candidate, baseline, percent, soakBeganMs, nowMs, warmUpSeconds }) {
    if (standing.soakBeganMs !== soakBeganMs)
        Object.assign(standing, { soakBeganMs, seenMs: 0, isCurrent: false });
    const toMs = nowMs - source.lagSeconds * 1000;
    const fromMs = Math.max(standing.countedToMs, soakBeganMs, toMs - LONGEST_MS);
    if (toMs - fromMs < SHORTEST_MS)
        return { isDue: false, metrics: [] };
    if (standing.failuresInARow >= FAILURES_IN_A_ROW)
        return { isDue: true, metrics: [] };
    const counted = await source.count({ script, candidate, baseline, isAlone: percent === 100, sinceMs: soakBeganMs, interval: { fromMs, toMs }, thresholds: one.thresholds });
    const told = counted.kind === 'ok' ? counted.metrics : {};
    standing.isCurrent = counted.kind === 'ok' && one.names.every((name) => Object.hasOwn(told, name));
    standing.failuresInARow = counted.kind === 'unknown' ? standing.failuresInARow + 1 : 0;
    if (counted.kind !== 'ok') {
        const isGivenUp = standing.failuresInARow >= FAILURES_IN_A_ROW;
        return { isDue: true, metrics: [], unknown: `${counted.message}${isGivenUp ? '; it is not asked any more' : ''}` };
    }
    standing.countedToMs = toMs;
    if (standing.isCurrent)
        standing.seenMs += toMs - fromMs;
    const isWarm = fromMs >= soakBeganMs + warmUpSeconds * 1000;
    const metrics = Object.entries(told).filter(([name]) => isWarm || !one.slow.has(name));
    return { isDue: true, metrics: metrics.map(([name, stratum]) => [`${source.name}/${name}`, stratum]) };
}

;// CONCATENATED MODULE: ./lib/commands/prepare-comparison.js




/** Without steps that soak there is nothing to compare by. */
const NOT_COMPARED = { kind: 'ok' };
const ONLY_DRY_RUNS = 'Every source of counts is a dry run (acts: false), so no step could ever pass. Let one of them act, add one that does, or compare nothing by `rollout: { preset: immediate }`.';
function portsOf({ checkPorts, checkPlan, config }) {
    const { apiBaseUrl, accountId, apiToken: token } = config.cloudflare;
    return { ...checkPorts, baseUrl: checkPlan.checks.baseUrl, cloudflare: { apiBaseUrl, accountId, token }, random: Math.random };
}
/** Before anything changes: every source that acts can be read, what is slow is frozen, and the whole test is fixed. */
async function prepareComparison(session, baseline) {
    const { config, script, clock, runner } = session;
    const { ramp, metrics: specs } = config.rollout;
    if (!(0,presets/* hasSoak */.Tp)(ramp))
        return NOT_COMPARED;
    const named = (some) => new Set(some.map(({ name }) => name));
    const [dryRuns, probing] = [named(specs.filter(({ acts }) => !acts)), named(specs.filter(({ kind }) => kind === 'probes'))];
    const prepared = await Promise.all(connectSources(specs, portsOf(session)).map(async (source) => {
        runner.log(`Reading what is usual from ${source.name}.`);
        const { name } = source;
        return { source, acts: !dryRuns.has(name), traffic: probing.has(name) ? 'own' : 'users', answer: await source.prepare({ script, baseline, nowMs: clock.now() }) };
    }));
    return compareBy(prepared, config.rollout, (line) => runner.warn(line));
}
/** The test as these sources make it. One that acts and is not ready refuses the deploy; a dry run never does. */
function compareBy(prepared, { rules: { form, ...rules }, warmUpSeconds }, warn) {
    if (!prepared.some(({ acts }) => acts))
        return { kind: 'refused', details: [ONLY_DRY_RUNS] };
    const unready = prepared.flatMap(({ source, acts, answer }) => (answer.kind === 'refused' ? [{ acts, why: `${source.name}: ${answer.problem}. ${answer.remedy}` }] : []));
    const details = unready.filter(({ acts }) => acts).map(({ why }) => why);
    if (details.length > 0)
        return { kind: 'refused', details };
    for (const { why } of unready)
        warn(`A dry run goes without ${why}`);
    const ready = prepared.flatMap(({ answer, ...one }) => (answer.kind === 'ok' ? [{ ...one, answer }] : []));
    const metrics = ready.flatMap(({ source, traffic, answer }) => prepare_comparison_settingsOf(answer.metrics).map((metric) => ({ ...metric, traffic, ...(form === undefined ? {} : { form }), name: `${source.name}/${metric.name}` })));
    const sources = ready.map(({ source, acts, answer }) => openSource(source, acts, answer));
    return { kind: 'ok', comparison: { settings: analysisSettingsSchema.parse({ ...rules, metrics }), sources, warmUpSeconds } };
}
/** The thresholds of one source count the same slowness: they share one weight. */
function prepare_comparison_settingsOf(metrics) {
    const thresholds = metrics.filter(({ kind }) => kind === 'latency').length;
    return metrics.map((metric) => (metric.kind === 'latency' ? { ...metric, weight: metric.weight / thresholds } : metric));
}

;// CONCATENATED MODULE: ./lib/commands/plan-deploy.js






/** What a deploy would do, and each thing that it would miss; changes nothing. */
async function planDeploy(session, read, verdict) {
    const missing = [];
    const facts = { worker: session.script, environment: session.config.environment };
    if (verdict.kind === 'refuse') {
        const { sentence, next } = (0,errors/* explain */.W)({ kind: 'refused', reason: verdict.code }, { ...facts, details: verdict.details });
        missing.push({ what: sentence, remedy: next });
    }
    if (session.worker.worker.versionMetadataBinding === undefined) {
        missing.push({ what: 'The configuration binds no version metadata, so the Worker cannot prove its version.', remedy: 'Add `"version_metadata": { "binding": "CF_VERSION_METADATA" }` and answer with its id.' });
    }
    if (verdict.kind === 'go' && verdict.plan === 'staged') {
        const results = await (0,check_production/* checkBaseline */.iW)(session.checkPlan, verdict.baseline, session.checkPorts);
        const { checks } = (0,judge/* judgeChecks */.L)(results, results, { judged: 'baseline', preExisting: 'warn' });
        for (const { now } of checks.filter((check) => check.now.outcome.kind !== 'passed' && check.now.outcome.kind !== 'unproven')) {
            missing.push({ what: `The check "${now.name}" does not pass on what is live (${now.outcome.kind}).`, remedy: 'Mend the check or the Worker, or the candidate must be better than what is live.' });
        }
    }
    if (verdict.kind === 'go' && verdict.plan === 'staged') {
        const compared = await prepareComparison(session, verdict.baseline);
        const { next } = (0,errors/* explain */.W)({ kind: 'refused', reason: 'metrics-unready' }, { ...facts, details: [] });
        if (compared.kind === 'refused')
            missing.push(...compared.details.map((what) => ({ what, remedy: next })));
    }
    const ending = { kind: 'refused', reason: 'dry-run' };
    return { ending, details: [], warnings: warningsOf(read.facts), plan: { steps: stepsOf(session, read, verdict), missing } };
}
function describeStep({ percent, soakSeconds, approval }) {
    const compared = percent === 100 ? 'watch it for' : 'compare it with the baseline for';
    const soak = soakSeconds === 0 ? '' : `, and ${compared} ${(0,clock_face/* duration */.p0)(soakSeconds * 1000)}`;
    return `${approval ? 'When a person approves, give' : 'Give'} it ${percent} % and check it without the header${soak}.`;
}
function stepsOf({ script, config, checkPlan }, { facts }, verdict) {
    const live = facts.history[0]?.split.map((share) => `${share.versionId} at ${share.percentage} %`).join(', ') ?? 'nothing';
    if (verdict.kind === 'recover-first')
        return [`Finish the rollout that run ${verdict.marker.runId} left half-way: its baseline comes back.`, 'Begin again from what is live then.'];
    if (verdict.kind !== 'go')
        return [`Nothing: production serves ${live}, and the deploy would be refused.`];
    if (verdict.plan === 'full')
        return [`Run wrangler deploy for ${script}, which puts the new version before everybody at once.`, 'Check it; there is no way back.'];
    return [
        `Upload ${config.sha.slice(0, 7)} of ${script} and stage it at 0 % beside ${live}.`,
        `Run ${checkPlan.checks.specs.length} checks on it at ${checkPlan.checks.baseUrl.href} through the override header.`,
        ...config.rollout.ramp.steps.map(describeStep),
        'Put the baseline back if anything fails on the way.',
        ...(config.triggers === 'apply' ? ['Apply routes, crons, queue consumers and settings.'] : []),
    ];
}

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./lib/shell/build-directory.js
var build_directory = __webpack_require__(63608);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(48161);
// EXTERNAL MODULE: ./lib/shell/cloudflare.js
var cloudflare = __webpack_require__(8167);
// EXTERNAL MODULE: ./lib/core/schemas.js
var core_schemas = __webpack_require__(9975);
;// CONCATENATED MODULE: ./lib/shell/wrangler/entries.js


// Entries of WRANGLER_OUTPUT_FILE_PATH, one JSON object a line (workers-utils `output.ts`, wrangler 4.164.0).
const entrySchema = schemas/* discriminatedUnion */.gMt('type', [
    schemas/* looseObject */._H3({
        type: schemas/* literal */.euz('version-upload'),
        worker_name: schemas/* string */.YjP(),
        version_id: core_schemas/* versionIdSchema */.lM,
        preview_url: schemas/* string */.YjP().nullish(),
    }),
    schemas/* looseObject */._H3({
        type: schemas/* literal */.euz('deploy'),
        worker_name: schemas/* string */.YjP(),
        version_id: core_schemas/* versionIdSchema */.lM.nullish(),
        targets: schemas/* array */.YOg(schemas/* string */.YjP()).nullish(),
    }),
    schemas/* looseObject */._H3({
        type: schemas/* literal */.euz('command-failed'),
        code: schemas/* number */.aig().nullish(),
        message: schemas/* string */.YjP().nullish(),
        retry_after_ms: schemas/* number */.aig().nullish(),
    }),
]);
/** Reads the entries that matter; lines of other types, and lines that are none, are passed over. */
function readEntries(text) {
    return text.split('\n').flatMap((line) => {
        const decoded = entrySchema.safeParse(parseLine(line));
        return decoded.success ? [decoded.data] : [];
    });
}
function parseLine(line) {
    try {
        return JSON.parse(line);
    }
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: ./lib/shell/wrangler/variables.js
var variables = __webpack_require__(31848);
;// CONCATENATED MODULE: ./lib/shell/wrangler.js








/** Opens a private folder in which wrangler runs: it reads no `.env` and no other file of the repository. */
async function openWrangler(options) {
    const directory = await (0,promises_.mkdtemp)((0,external_node_path_.join)((0,external_node_os_.tmpdir)(), 'sleepwell-wrangler-'));
    const closing = new AbortController();
    const running = new Set();
    let runs = 0;
    const run = async (command, target, labels) => {
        runs += 1;
        const args = [...command, '--config', target.configPath, `--env=${target.environment ?? ''}`];
        const tagged = labels === undefined ? args : [...args, `--tag=${labels.tag}`, `--message=${labels.message}`];
        const stop = AbortSignal.any([options.stop, closing.signal]);
        const finished = runWrangler({ ...options, stop }, tagged, (0,external_node_path_.join)(directory, String(runs)));
        running.add(finished);
        return finished.finally(() => running.delete(finished));
    };
    return {
        async uploadVersion(target, labels) {
            const finished = await run(['versions', 'upload'], target, labels);
            const entry = entryOf(finished, 'version-upload');
            if (!succeeded(finished) || entry === undefined)
                return failureOf(finished, options);
            const url = entry.preview_url ?? undefined;
            return { kind: 'uploaded', versionId: entry.version_id, workerName: entry.worker_name, ...(url === undefined ? {} : { previewUrl: url }) };
        },
        async deployFully(target, labels) {
            const finished = await run(['deploy'], target, labels);
            const entry = entryOf(finished, 'deploy');
            const versionId = entry?.version_id ?? undefined;
            if (!succeeded(finished) || entry === undefined || versionId === undefined)
                return failureOf(finished, options);
            return { kind: 'deployed', versionId, workerName: entry.worker_name };
        },
        async applyTriggers(target) {
            const finished = await run(['triggers', 'deploy'], target);
            return succeeded(finished) ? { kind: 'applied' } : failureOf(finished, options);
        },
        async [Symbol.asyncDispose]() {
            closing.abort();
            await Promise.allSettled(running);
            await (0,promises_.rm)(directory, { recursive: true, force: true });
        },
    };
}
const KEPT_LINES = 20;
async function runWrangler(options, args, directory) {
    const output = (0,external_node_path_.join)(directory, 'output.ndjson');
    await (0,promises_.mkdir)(directory, { recursive: true });
    const lastLines = [];
    const end = await (0,child/* runChild */.w)({
        command: process.execPath,
        args: [options.executable, ...args],
        directory,
        variables: {
            ...(0,variables/* bareVariables */.G)(options.variables, directory),
            ...(0,variables/* wranglerVariables */.c)(directory, output),
            CLOUDFLARE_API_TOKEN: options.token,
            CLOUDFLARE_ACCOUNT_ID: options.accountId,
            ...(options.apiBaseUrl === cloudflare/* CLOUDFLARE_API */.N ? {} : { CLOUDFLARE_API_BASE_URL: options.apiBaseUrl }),
        },
        onLine(line, stream) {
            // Colours go first: one in the middle of a secret would hide it from the mask.
            const shown = hide((0,external_node_util_.stripVTControlCharacters)(line), options);
            // Where its log lies is of no use: the folder is gone when somebody reads this.
            if (stream === 'stderr' && shown.trim() !== '' && !shown.includes(directory))
                lastLines.push(shown);
            if (lastLines.length > KEPT_LINES)
                lastLines.shift();
            options.log(withoutCommands(shown));
        },
        stop: options.stop,
        limitSeconds: options.limitSeconds ?? 600,
    });
    const written = await (0,promises_.readFile)(output, 'utf8').catch(() => '');
    return { end, entries: readEntries(written), lastLines };
}
function hide(text, options) {
    return options.mask(options.token === '' ? text : text.replaceAll(options.token, '***'));
}
/** The runner takes `::name::` at the start of a line, and `##[name]` anywhere in it, for a command to itself. */
function withoutCommands(line) {
    return line.replace(/^(\s*):(?=:)/, '$1: ').replaceAll('##[', '## [');
}
function succeeded({ end, entries }) {
    return end.kind === 'exited' && end.code === 0 && !entries.some((entry) => entry.type === 'command-failed');
}
function entryOf({ entries }, type) {
    return entries.findLast((entry) => entry.type === type);
}
/**
 * Codes after which the same upload fails again: bad code, a missing binding or class, no such Worker, a pending
 * migration, exports that do not fit. Any other may come with a 5xx, which the entry does not tell.
 */
const LASTING = new Set([
    10_007, 10_021, 10_027, 10_034, 10_037, 10_053, 10_056, 10_057, 10_061, 10_063, 10_064, 10_068, 10_074, 10_090, 10_211, 100_402, 100_405, 100_406,
]);
function failureOf(finished, options) {
    const { end, lastLines } = finished;
    if (end.kind === 'stopped')
        return { kind: 'stopped' };
    if (end.kind === 'not-started')
        return { kind: 'failed', code: 'not-started', message: hide(end.message, options), retriable: false };
    const said = entryOf(finished, 'command-failed');
    const reason = hide(said?.message ?? '', options);
    const [firstLine = ''] = reason.split('\n');
    const shownAlready = reason === '' || lastLines.some((line) => line.includes(firstLine));
    const message = (shownAlready ? lastLines : [reason, ...lastLines]).join('\n');
    if (end.kind === 'timed-out')
        return { kind: 'failed', code: 'timed-out', message, retriable: true };
    const code = said?.code ?? undefined;
    const explained = message === '' ? `wrangler ended with ${end.code} and gave no reason` : message;
    if (code === undefined)
        return { kind: 'failed', code: 'wrangler-failed', message: explained, retriable: true };
    return { kind: 'failed', code: String(code), message: explained, retriable: !LASTING.has(code) };
}

// EXTERNAL MODULE: ./lib/shell/wrangler/provide.js + 1 modules
var provide = __webpack_require__(86368);
// EXTERNAL MODULE: ./lib/shell/wrangler-config.js + 13 modules
var wrangler_config = __webpack_require__(76478);
;// CONCATENATED MODULE: ./lib/commands/prepare-upload.js







/** Gets wrangler and the build ready, so that whatever is missing is known before anything changes. */
async function prepareUpload(session) {
    const { config, runner, stop, variables } = session;
    await (0,promises_.mkdir)(config.temporaryDirectory, { recursive: true });
    const directory = await (0,promises_.mkdtemp)((0,external_node_path_.join)(config.temporaryDirectory, 'sleepwell-upload-'));
    const target = await findTarget(session, directory);
    if (target.kind === 'refused')
        return target;
    const provided = await (0,provide/* provideWrangler */.Oe)({
        workingDirectory: config.place.workingDirectory,
        root: config.place.workspace,
        directory,
        variables,
        log: (line) => runner.log(line),
        stop,
        ...(config.wranglerDirectory === undefined ? {} : { packageDirectory: config.wranglerDirectory }),
    });
    if (provided.kind === 'failed')
        return { kind: 'refused', code: provided.code, message: provided.message };
    const wrangler = await openWrangler({
        executable: provided.executable,
        accountId: config.cloudflare.accountId,
        token: config.cloudflare.apiToken,
        apiBaseUrl: config.cloudflare.apiBaseUrl,
        variables,
        log: (line) => runner.log(line),
        mask: session.redact,
        stop,
    });
    return { kind: 'ok', forward: forwardMeans(session, wrangler, { target: target.target, directory }) };
}
/** What the build job handed over, or, without one, the workspace as it is. */
async function findTarget({ config, worker }, directory) {
    const environment = worker.worker.environment === undefined ? {} : { environment: worker.worker.environment };
    if (config.build === undefined)
        return { kind: 'ok', target: { configPath: worker.path, ...environment } };
    const { directory: build, digest } = config.build;
    const opened = await (0,build_directory/* openBuild */.Vb)(build, digest);
    if (opened.kind === 'refused')
        return { kind: 'refused', code: 'build-refused', message: opened.message };
    const { entry, hasAssets } = opened.manifest;
    const parts = { entry: (0,external_node_path_.join)(build, 'bundle', entry), ...(hasAssets ? { assetsDirectory: (0,external_node_path_.join)(build, 'assets') } : {}) };
    return { kind: 'ok', target: { configPath: await (0,wrangler_config/* writeDeployableConfig */.$)(worker, parts, directory), ...environment } };
}
function forwardMeans(session, wrangler, at) {
    const { config, marker, worker, runner, cloudflare, script } = session;
    const labels = { tag: config.sha, message: `${(0,core_marker/* formatMarker */.gJ)(marker)} ${config.sha}` };
    return {
        async upload() {
            const uploaded = await wrangler.uploadVersion(at.target, labels);
            if (uploaded.kind === 'uploaded')
                return { kind: 'uploaded', candidate: uploaded.versionId };
            if (uploaded.kind === 'failed')
                runner.warn(`The upload failed (${uploaded.code}): ${uploaded.message}`);
            return { kind: 'upload-failed', retriable: uploaded.kind === 'failed' && uploaded.retriable };
        },
        async deployFully() {
            const deployed = await wrangler.deployFully(at.target, labels);
            if (deployed.kind === 'deployed')
                return { kind: 'deployed-fully', candidate: deployed.versionId };
            if (deployed.kind === 'failed')
                runner.warn(`wrangler deploy failed (${deployed.code}): ${deployed.message}`);
            return { kind: 'full-deploy-failed' };
        },
        async applyTriggers() {
            const applied = await wrangler.applyTriggers(at.target);
            if (applied.kind === 'failed')
                runner.warn(`The triggers were not applied (${applied.code}): ${applied.message}`);
            const { settings } = worker.worker;
            if (applied.kind !== 'applied' || Object.keys(settings).length === 0)
                return applied.kind === 'applied';
            const set = await cloudflare.applyScriptSettings(script, settings);
            if (set.kind !== 'accepted')
                runner.warn(`The Worker's settings were not applied: ${set.message}`);
            return set.kind === 'accepted';
        },
        async [Symbol.asyncDispose]() {
            await wrangler[Symbol.asyncDispose]();
            await (0,promises_.rm)(at.directory, { recursive: true, force: true });
        },
    };
}

// EXTERNAL MODULE: ./lib/core/freeze.js
var core_freeze = __webpack_require__(43912);
;// CONCATENATED MODULE: ./lib/core/wrangler-config/one-way-doors.js
const ALLOW = 'Run a dispatched deploy with `full-deploy: allow` and a reason.';
/**
 * Finds what a version upload cannot do, or putting the old version back cannot undo
 * (docs "Gradual deployments, limitations" and "Rollbacks, limits").
 */
function findOneWayDoors(worker, deployed) {
    if (deployed === undefined)
        return [firstDeploy(worker)];
    const pending = pendingMigrations(worker, deployed.migrationTag);
    const doors = [];
    if (pending.length > 0) {
        doors.push({
            kind: 'migration',
            message: `The Durable Object migration ${pending.map((tag) => `\`${tag}\``).join(', ')} is not applied yet, and no version from before it can be deployed after it.`,
            remedy: `Ship the migration alone, without other changes. ${ALLOW}`,
        });
    }
    if (worker.hasContainers || deployed.hasContainers === true) {
        doors.push({
            kind: 'containers',
            message: 'The Worker has containers: their images are not part of a version, and putting the old version back does not put the old image back.',
            remedy: `${ALLOW} The old image comes back only by deploying it again.`,
        });
    }
    if (worker.hasWorkersSite) {
        doors.push({
            kind: 'workers-site',
            message: 'The Worker uses Workers Sites (`site`), whose files no version carries.',
            remedy: `Move to static assets (\`assets\`). Until then: ${ALLOW}`,
        });
    }
    if (worker.hasServiceWorkerModules) {
        doors.push({
            kind: 'service-worker',
            message: 'The Worker uses the service-worker syntax (`wasm_modules`, `text_blobs` or `data_blobs`), of which Cloudflare keeps no versions to upload.',
            remedy: `Move to the module syntax. Until then: ${ALLOW}`,
        });
    }
    return doors;
}
function firstDeploy(worker) {
    return {
        kind: 'first-deploy',
        message: `The Worker \`${worker.scriptName}\` does not exist yet, so there is no version to go back to.`,
        remedy: `Check the account, the name and the wrangler environment. If it is new: ${ALLOW}`,
    };
}
/** wrangler 4.164.0 `getMigrationsToUpload`: all after the applied one; all of them if that one is unknown here. */
function pendingMigrations(worker, applied) {
    // Declared `exports` take the place of migrations, and are reconciled when a version is deployed.
    if (worker.exportedClasses.length > 0)
        return [];
    const at = applied === undefined ? -1 : worker.migrationTags.indexOf(applied);
    return worker.migrationTags.slice(at + 1);
}

// EXTERNAL MODULE: ./lib/commands/read-stop.js
var read_stop = __webpack_require__(99585);
;// CONCATENATED MODULE: ./lib/commands/read-preflight.js






/** Reads all that preflight judges. What cannot be read refuses: nothing has changed yet. */
async function readPreflight(session) {
    const { cloudflare, script, config, worker } = session;
    const [history, secrets, deployed, holds, entries, rollbacks] = await Promise.all([
        cloudflare.history(script),
        cloudflare.secretNames(script),
        cloudflare.script(script),
        (0,keep_ledger/* readHolds */.RC)(session),
        (0,keep_ledger/* readLedger */.SC)(session, 'deploy'),
        (0,keep_ledger/* readLedger */.SC)(session, 'rollback'),
    ]);
    const failed = [history, secrets, deployed].find((read) => read.kind === 'denied' || read.kind === 'unavailable');
    if (failed?.kind === 'denied')
        return { kind: 'refused', code: 'token-invalid', details: [failed.message] };
    if (failed?.kind === 'unavailable')
        return { kind: 'refused', code: 'cloudflare-unavailable', details: [failed.message] };
    if (holds.kind !== 'ok' || entries.kind !== 'ok' || rollbacks.kind !== 'ok') {
        return { kind: 'refused', code: 'ledger-unavailable', details: [holds, entries, rollbacks].flatMap(unreadable) };
    }
    const seen = history.kind === 'ok' ? history.value : [];
    const doors = findOneWayDoors(worker.worker, await deployedFacts(session, seen, deployed));
    const known = secrets.kind === 'ok' ? secrets.value : [];
    return {
        kind: 'ok',
        holds: holds.value,
        entries: entries.value,
        facts: {
            history: seen,
            isTokenActive: true,
            missingSecrets: seen.length === 0 ? [] : worker.worker.requiredSecrets.filter((name) => !known.includes(name)),
            oneWayDoors: doors,
            isFullDeployAllowed: config.fullDeployReason !== undefined,
            stops: stopsOf(session, holds.value),
            ...freezesOf(session),
            drift: (0,ledger/* driftSince */.Sj)(newestFirst([...entries.value, ...rollbacks.value]), seen),
            driftPolicy: config.drift,
            openRollouts: entries.value.filter(ledger/* isUnfinished */.ui).map(markerOf),
        },
    };
}
function stopsOf({ config, clock }, holds) {
    const freeze = (0,read_stop/* freezeAgainst */.n)(config, clock.now());
    const held = config.releaseHold ? [] : holds.map((hold) => ({ code: 'held', text: (0,ledger/* describeHold */.TZ)(hold) }));
    return [...held, ...(freeze === undefined ? [] : [{ code: 'frozen', text: (0,core_freeze/* describeFreeze */.LU)(freeze) }])];
}
/** An override counts for the whole run, and is recorded where a freeze is open. */
function freezesOf({ config, clock, redact }) {
    const { freezeOverride: reason, actor } = config;
    const soakSeconds = config.rollout.ramp.steps.reduce((sum, step) => sum + step.soakSeconds, 0);
    const [open, ahead] = [(0,core_freeze/* openFreeze */.AK)(config.freeze, clock.now()), (0,core_freeze/* openFreeze */.AK)(config.freeze, clock.now() + soakSeconds * 1000)];
    if (reason !== undefined)
        return open === undefined ? {} : { freezeOverride: { freeze: (0,core_freeze/* describeFreeze */.LU)(open), actor, reason: redact(reason) } };
    return ahead === undefined || open !== undefined ? {} : { freezeAhead: (0,core_freeze/* describeFreeze */.LU)(ahead) };
}
async function deployedFacts({ cloudflare, script }, history, deployed) {
    const live = history[0];
    if (live === undefined || deployed.kind !== 'ok')
        return undefined;
    const version = (0,production/* soleVersion */.WG)(live.split);
    const facts = version === undefined ? undefined : await cloudflare.version(script, version);
    return { ...deployed.value, hasContainers: facts?.kind === 'ok' && facts.value.hasContainers };
}
/** GitHub numbers its Deployments upwards. */
function newestFirst(entries) {
    return entries.toSorted((one, other) => other.id - one.id);
}
function markerOf(entry) {
    if ('policy' in entry.payload)
        return entry.payload.policy.marker;
    return { command: 'deploy', runId: entry.payload.runId, runAttempt: entry.payload.runAttempt };
}
/** The version that serves everybody now. */
function liveVersion(history) {
    const live = history[0];
    return live === undefined ? undefined : (0,production/* soleVersion */.WG)(live.split);
}
function unreadable(read) {
    return read.kind === 'denied' || read.kind === 'unavailable' ? [read.message] : [];
}

// EXTERNAL MODULE: ./lib/commands/recover.js
var recover = __webpack_require__(29090);
// EXTERNAL MODULE: ./lib/core/ramp.js
var core_ramp = __webpack_require__(89815);
// EXTERNAL MODULE: ./lib/core/analysis/served.js
var served = __webpack_require__(60665);
;// CONCATENATED MODULE: ./lib/core/analysis/advice.js

/** Silence never advances: without a comparison in this step, its least number of requests and a newest look that told, nothing is decided. */
function adviceAt(judgement, watched) {
    const { finding } = judgement;
    if (finding.verdict === 'regressed')
        return 'restore';
    // What was found at an earlier share says nothing of this one.
    if (judgement.overTime.at(-1)?.step !== watched.step)
        return undecidedAt(watched);
    switch (finding.verdict) {
        case 'shared-incident':
            return 'hold';
        case 'exonerated':
            return watched.isCurrent ? 'advance' : undecidedAt(watched);
        case 'inconclusive': {
            const isEnough = (0,served/* servedIn */.N)(judgement, watched.step) >= watched.leastRequests;
            const mayAdvance = finding.because === 'no-proof-yet' && watched.isSoaked && watched.isCurrent && isEnough;
            return mayAdvance ? 'advance' : undecidedAt(watched);
        }
    }
}
/** After promotion only harm is looked for. `undecided`: the watch could not see its time, or had nothing to compare. */
function adviceOfWatch({ finding }, watched) {
    if (finding.verdict === 'regressed')
        return 'restore';
    const hasSeen = watched.isSoaked && watched.isCurrent && finding.because !== 'nothing-compared';
    return hasSeen ? 'advance' : undecidedAt(watched);
}
function undecidedAt({ isSoaked, isCurrent, isTimeUp }) {
    return isTimeUp || (isSoaked && isCurrent) ? 'undecided' : 'wait';
}

// EXTERNAL MODULE: ./lib/core/analysis/verdict.js + 12 modules
var verdict = __webpack_require__(44273);
// EXTERNAL MODULE: ./lib/core/analysis/watch.js
var watch = __webpack_require__(45497);
;// CONCATENATED MODULE: ./lib/core/analysis/look.js




/** At 100 % there is nobody to compare with but the baseline's counts before: that only ever finds harm, never proves health. */
function judgeStep(looked) {
    const { settings, polls, ramp, percent, seenSeconds, isCurrent } = looked;
    const watched = watchedOf(looked);
    if (percent !== 100) {
        const judgement = (0,verdict/* judgeAnalysis */.W)(settings, polls);
        return { judgement, seenSeconds, isCurrent, advice: adviceAt(judgement, watched) };
    }
    const judgement = (0,watch/* judgeWatch */.v)(settings, polls, ramp);
    return { judgement, seenSeconds, isCurrent, advice: adviceOfWatch(judgement, watched) };
}
function watchedOf({ ramp, percent, elapsedSeconds, lagSeconds, seenSeconds, isCurrent }) {
    const step = (0,core_ramp/* placeOf */.$t)(ramp, percent);
    const { soakSeconds = 0, leastRequests = 0 } = ramp.steps[step] ?? {};
    return {
        step,
        leastRequests,
        isCurrent,
        // To the nearest look: the next one would be further away.
        isSoaked: seenSeconds >= soakSeconds - ramp.pollSeconds / 2,
        // One look more than it should take, for a source that failed at the last one.
        isTimeUp: elapsedSeconds >= soakSeconds + lagSeconds + ramp.pollSeconds,
    };
}

// EXTERNAL MODULE: ./lib/core/report/finding.js
var finding = __webpack_require__(14843);
// EXTERNAL MODULE: ./lib/core/report/escape.js
var report_escape = __webpack_require__(38111);
// EXTERNAL MODULE: ./lib/core/report/numerals.js
var numerals = __webpack_require__(34951);
;// CONCATENATED MODULE: ./lib/core/report/progress.js



const LONGEST_LINE = 168;
const BAR_CELLS = 10;
/** One line for the log, at most 168 characters. */
function renderProgress({ candidatePercent, elapsedSeconds, soakSeconds, requests, harm, health, awaits }) {
    const parts = [
        `${bar(doneShare(elapsedSeconds, soakSeconds))} ${clock(elapsedSeconds)} of ${clock(soakSeconds)}`,
        requests === undefined ? 'no counts yet' : `${(0,numerals/* compact */.oE)(requests.candidate)}${requests.wanted === 0 ? '' : ` of ${(0,numerals/* compact */.oE)(requests.wanted)}`} requests`,
        ...(harm === undefined ? [] : [`harm ${(0,numerals/* eValue */.di)(harm.now)} of ${(0,numerals/* eValue */.di)(harm.needed)} (proof)`]),
        ...(health === undefined ? [] : [`health ${(0,numerals/* eValue */.di)(health.now)} of ${(0,numerals/* eValue */.di)(health.needed)}`]),
        wordsOf(awaits, candidatePercent),
    ];
    return (0,report_escape/* truncate */.xv)(`at ${(0,numerals/* sharePercent */.LH)(candidatePercent)}: ${parts.join(', ')}`, LONGEST_LINE);
}
function wordsOf(awaits, candidatePercent) {
    switch (awaits.kind) {
        case 'soak':
            return `awaits the end in ${clock(awaits.secondsLeft)}`;
        case 'traffic':
            return 'awaits more traffic';
        case 'counts':
            return `awaits the first counts, told ${clock(awaits.lateSeconds)} late`;
        case 'silence':
            return 'awaits counts: a source is silent';
        case 'proof-of-health':
            return 'awaits proof of health';
        case 'signs-of-harm':
            return 'awaits that signs of harm fade';
        case 'shared-incident':
            return 'awaits the end of a shared incident';
        case 'approval':
            return 'awaits an approval';
        case 'resume':
            return `paused by ${(0,report_escape/* plainLine */.h0)(awaits.by, 40)}`;
        case 'baseline':
            return 'harm is proven, the baseline comes back';
        case 'nothing':
            return candidatePercent === 100 ? 'the watch is over' : 'ready for the next step';
    }
}
/** Full only when it is over. */
function doneShare(elapsedSeconds, soakSeconds) {
    if (!(soakSeconds > 0))
        return 1;
    return Math.max(0, Math.min(1, elapsedSeconds / soakSeconds)) || 0;
}
function bar(done) {
    const filled = Math.floor(done * BAR_CELLS + 1e-9);
    return `[${'#'.repeat(filled)}${'-'.repeat(BAR_CELLS - filled)}]`;
}
/** Whole seconds: of a wait that a person reads along with. */
function clock(seconds) {
    const whole = Math.max(0, Math.round(seconds));
    return whole < 60 ? `${whole} s` : (0,clock_face/* duration */.p0)(whole * 1000);
}

;// CONCATENATED MODULE: ./lib/core/report/step-progress.js


/** What its line in the log shows. */
function progressOf({ ramp, percent, elapsedSeconds, lagSeconds, verdict, pausedBy, isApprovalAwaited }) {
    const place = (0,core_ramp/* placeOf */.$t)(ramp, percent);
    const { soakSeconds = 0, leastRequests = 0 } = ramp.steps[place] ?? {};
    const common = { candidatePercent: percent, elapsedSeconds, soakSeconds: soakSeconds === 0 ? 0 : soakSeconds + lagSeconds };
    // Nobody is waited for once harm is proven.
    const people = verdict?.advice === 'restore' ? undefined : pausedBy !== undefined ? { kind: 'resume', by: pausedBy } : isApprovalAwaited && verdict?.advice !== 'wait' ? { kind: 'approval' } : undefined;
    if (verdict === undefined)
        return { ...common, awaits: people ?? { kind: 'nothing' } };
    const { judgement, seenSeconds } = verdict;
    const isWatch = percent === 100;
    const requests = { candidate: (0,served/* servedIn */.N)(judgement, place), wanted: isWatch ? 0 : leastRequests };
    const isFirst = seenSeconds === 0 && elapsedSeconds <= lagSeconds + ramp.pollSeconds;
    const counted = judgement.overTime.at(-1)?.step === place ? { requests, harm: judgement.harm, ...(isWatch ? {} : { health: judgement.health }) } : {};
    return { ...common, ...counted, awaits: people ?? awaitedBy(verdict, { requests, isWatch, secondsLeft: soakSeconds - seenSeconds, lateSeconds: isFirst ? lagSeconds : 0 }) };
}
function awaitedBy({ judgement, advice, isCurrent }, { requests, isWatch, secondsLeft, lateSeconds }) {
    if (advice === 'restore')
        return { kind: 'baseline' };
    if (advice === 'advance' || (isWatch && advice === 'undecided'))
        return { kind: 'nothing' };
    if (advice === 'hold')
        return { kind: 'shared-incident' };
    if (!isCurrent)
        return lateSeconds > 0 ? { kind: 'counts', lateSeconds } : { kind: 'silence' };
    if (advice === 'wait')
        return { kind: 'soak', secondsLeft };
    if (judgement.finding.because === 'signs-of-harm')
        return { kind: 'signs-of-harm' };
    return requests.candidate < requests.wanted ? { kind: 'traffic' } : { kind: 'proof-of-health' };
}

;// CONCATENATED MODULE: ./lib/commands/soak.js






/** Looks at a step that soaks, once a poll; what it has seen stays in the record. */
function openSoak(soaking) {
    const { session: { clock, stop, runner }, policy, record, steering, comparison } = soaking;
    const { ramp } = policy;
    let soak = { percent: 0, beganMs: 0 };
    let told = '';
    return async (effect) => {
        const { percent } = effect;
        // The checks of this step came before it: they are no users, and their requests are not counted.
        if (soak.percent !== percent)
            soak = { percent, beganMs: clock.now() };
        await clock.sleep(ramp.pollSeconds, stop);
        if (stop.aborted)
            return { kind: 'soaked', advice: 'wait', isOverdue: false };
        const isCompared = ((0,core_ramp/* stepAt */.OH)(ramp, percent)?.soakSeconds ?? 0) > 0;
        const looked = comparison === undefined || !isCompared ? undefined : await soak_look(soaking, comparison, { effect, soakBeganMs: soak.beganMs });
        const advice = looked?.advice ?? 'advance';
        const isOverdue = steering.isOverdue();
        const next = (0,core_ramp/* nextStep */.sk)(ramp, percent);
        const said = await steering.next({ ...effect, next, isGoingBack: advice === 'restore' || (isOverdue && next !== undefined) });
        const isPaused = said?.command === 'pause' || (effect.isPaused && said?.command !== 'resume');
        const isApprovalAwaited = next?.approval === true && !effect.isApproved && said?.command !== 'approve';
        const elapsedSeconds = (clock.now() - soak.beganMs) / 1000;
        runner.log(renderProgress(progressOf({ ramp, percent, elapsedSeconds, lagSeconds: lagOf(comparison), verdict: looked, isApprovalAwaited, pausedBy: isPaused ? steering.pausedBy() : undefined })));
        if (looked !== undefined && advice !== 'wait' && advice !== told)
            record.note(`At ${percent} %: ${wordsFor(looked, policy, percent)}`);
        told = advice;
        return { kind: 'soaked', advice, isOverdue, ...(said === undefined ? {} : { steering: said.command }) };
    };
}
function wordsFor({ judgement, advice, seenSeconds, isCurrent }, { ramp }, percent) {
    if (percent !== 100)
        return `${(0,finding/* describeFinding */.jb)(judgement)}${advice === 'undecided' && !isCurrent ? ' But a source is silent since, so no step goes forward on that.' : ''}`;
    const soakSeconds = (0,core_ramp/* stepAt */.OH)(ramp, percent)?.soakSeconds ?? 0;
    return advice === 'undecided' ? (0,finding/* describeBlindWatch */.q3)(judgement, { seenSeconds, soakSeconds }) : (0,finding/* describeWatch */.PO)(judgement);
}
/** Nobody waits for a dry run. */
function lagOf(comparison) {
    const acting = (comparison?.sources ?? []).filter(({ acts }) => acts);
    return Math.max(0, ...acting.map(({ source }) => source.lagSeconds));
}
async function soak_look({ session, policy, record }, comparison, { effect, soakBeganMs }) {
    const { clock, script, runner } = session;
    const { candidate, percent } = effect;
    const { ramp, baseline } = policy;
    const { settings, sources, warmUpSeconds } = comparison;
    const nowMs = clock.now();
    const { metrics, unknown, isLook, seenSeconds, isCurrent } = await sampleAll(sources, { script, candidate, baseline, percent, soakBeganMs, nowMs, warmUpSeconds });
    for (const why of unknown)
        runner.log(`Not known at this look: ${why}`);
    const before = record.current().analysis?.polls ?? [];
    const step = (0,core_ramp/* placeOf */.$t)(ramp, percent);
    const seenBefore = before.filter((poll) => poll.step === step).reduce((sum, { seconds = 0 }) => sum + seconds, 0);
    const poll = { step, atSeconds: Math.round((nowMs - (firstShareMs(record) ?? soakBeganMs)) / 1000), seconds: Math.max(0, Math.round(10 * (seenSeconds - seenBefore)) / 10), metrics };
    // One that told nothing is kept as well: it is unknown, and shown as that.
    const polls = isLook ? [...before, poll] : before;
    record.update({ analysis: { settings, polls: [...polls] } });
    const elapsedSeconds = (nowMs - soakBeganMs) / 1000;
    return judgeStep({ settings, polls, ramp, percent, elapsedSeconds, lagSeconds: lagOf(comparison), seenSeconds, isCurrent });
}
/** When the candidate's first share of users was read back. */
function firstShareMs(record) {
    const first = record.current().splits.find(({ candidatePercent }) => candidatePercent > 0);
    return first === undefined ? undefined : Date.parse(first.at);
}

// EXTERNAL MODULE: ./lib/commands/stopped.js
var stopped = __webpack_require__(35599);
;// CONCATENATED MODULE: ./lib/commands/read-commands.js

/** One page; a rollout is seldom told more than a few things. */
const MOST_COMMANDS = 30;
/** What people have said to this rollout and nobody has answered yet. One request while there is nothing new. */
async function readCommands(session, aimedAt, alreadyTaken) {
    const { github, key, config } = session;
    const raw = await github.entries({ task: (0,ledger/* taskOf */.Xb)('command', key.worker), environment: key.environment, limit: MOST_COMMANDS, withStatuses: false });
    if (raw.kind !== 'ok')
        return { kind: 'unreadable' };
    const entries = (0,ledger/* commandsAimedAt */.W_)(aimedAt, (0,ledger/* readEntries */.$2)('command', key, raw.value)).filter(({ id }) => !alreadyTaken.includes(id));
    const repository = { id: config.github.repositoryId, defaultBranch: config.github.defaultBranch };
    const commands = [];
    const settled = [];
    for (const entry of entries) {
        const [statuses, run] = await Promise.all([github.statusesOf(entry.id), github.run(entry.payload.runId)]);
        // A run that does not exist is a claim; one that could not be read is looked at again, and none is taken before it.
        if (statuses.kind !== 'ok' || (run.kind !== 'ok' && run.kind !== 'absent'))
            return { kind: 'unreadable' };
        const seen = { ...entry, statuses: (0,ledger/* ownStatuses */.pO)(statuses.value) };
        const claimed = run.kind === 'ok' ? run.value : undefined;
        if ((0,ledger/* isOpen */.nT)(seen) && (0,ledger/* isByAPerson */.cE)(seen, claimed, repository))
            commands.push((0,ledger/* steerCommandOf */.Kp)(seen, claimed));
        else
            settled.push(entry.id);
    }
    return { kind: 'ok', commands, settled };
}
/** Tells whoever gave the command what came of it. A rollout never waits for this: a failure is only logged. */
async function answerCommand({ github, runUrl, runner, redact }, id, { taken, text }) {
    const description = redact((0,ledger/* formatAnswer */.mO)({ kind: taken ? 'taken-up' : 'turned-down', text }));
    const told = await github.addStatus(id, { state: 'inactive', description, logUrl: runUrl });
    if (told.kind !== 'ok')
        runner.warn(`The answer to command ${id} could not be delivered: ${told.kind === 'absent' ? 'GitHub does not know it' : told.message}`);
}

// EXTERNAL MODULE: ./lib/commands/session.js
var commands_session = __webpack_require__(5454);
;// CONCATENATED MODULE: ./lib/commands/take-commands.js




/** Listens to people from now on. Each word is taken once, and answered; one that cannot be read changes nothing. */
function openSteering(session, record, ramp) {
    const { clock, marker } = session;
    const overdueAtMs = clock.now() + ramp.deadlineSeconds * 1000;
    const done = [];
    const hurried = (0,commands_session/* inHurry */.QB)(session);
    let pausedBy = 'somebody';
    async function hear(situation) {
        const read = await readCommands(hurried, marker, done);
        if (read.kind === 'unreadable')
            return 'unreadable';
        done.push(...read.settled);
        const { take, turnDown } = (0,ledger/* chooseCommand */.F6)(read.commands, situation);
        for (const { command, why } of turnDown) {
            done.push(command.id);
            await answerCommand(hurried, command.id, { taken: false, text: why });
        }
        if (take === undefined)
            return 'nothing';
        done.push(take.id);
        if (take.command === 'pause')
            pausedBy = take.actor;
        record.note(`${take.actor} says ${take.command} at ${situation.percent} %: ${take.reason}`);
        await answerCommand(hurried, take.id, { taken: true, text: `${take.command} at ${situation.percent} %` });
        return take;
    }
    return {
        async next(situation) {
            const heard = await hear(situation);
            if (heard === 'unreadable')
                session.runner.log('Commands could not be read from GitHub; they are asked for again at the next look.');
            return typeof heard === 'string' ? undefined : heard;
        },
        async beforeRaise() {
            const percent = record.current().splits.at(-1)?.candidatePercent ?? 0;
            const heard = await hear({ percent, next: (0,core_ramp/* nextStep */.sk)(ramp, percent), isGoingBack: false, isPaused: false, isApproved: true });
            if (heard === 'unreadable')
                return heard;
            return heard !== 'nothing' && (heard.command === 'abort' || heard.command === 'pause') ? heard.command : 'none';
        },
        pausedBy: () => pausedBy,
        isOverdue: () => clock.now() >= overdueAtMs,
    };
}

// EXTERNAL MODULE: ./lib/commands/tell-team.js
var tell_team = __webpack_require__(90817);
;// CONCATENATED MODULE: ./lib/commands/deploy.js
var __addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});




















/** A preflight that another run's unfinished rollout may make necessary a second time. */
const MAX_PREFLIGHTS = 3;
/** Gate, preflight, upload, stage, check, promote or restore: everything but the report. */
async function deploy(session, prepare = prepareUpload) {
    const { config, runner, clock, stop, github, script } = session;
    if (config.expectedWorker !== undefined && config.expectedWorker !== script) {
        return (0,commands_finished/* refused */.J)('worker-mismatch', [`the gate saw ${config.expectedWorker}, this checkout names ${script}`]);
    }
    const ask = { sha: config.sha, rules: config.gate, run: config.github, timeoutSeconds: 0, discoverySeconds: 0 };
    const gate = await (0,pass_gate/* passGate */.l)(ask, { github, clock, stop, log: (line) => runner.log(line) });
    if (gate.kind === 'refused')
        return (0,commands_finished/* refused */.J)(gate.code, [gate.why]);
    for (let tried = 0; tried < MAX_PREFLIGHTS; tried += 1) {
        const read = await readPreflight(session);
        if (read.kind === 'refused')
            return (0,commands_finished/* refused */.J)(read.code, read.details);
        const verdict = judgePreflight(read.facts);
        if (config.dryRun)
            return planDeploy(session, read, verdict);
        if (verdict.kind !== 'recover-first')
            return proceed(session, { read, verdict, prepare });
        const entry = read.entries.find((one) => (0,core_marker/* isSameMarker */.jR)(markerOf(one), verdict.marker));
        const [trusted] = entry === undefined ? [] : await (0,keep_ledger/* trustedOnly */.cy)(session, [entry]);
        if (trusted === undefined)
            return (0,commands_finished/* refused */.J)('production-split', ['an unfinished rollout whose record cannot be trusted']);
        runner.log(`Run ${trusted.payload.runId} left its rollout unfinished; its baseline comes back first.`);
        await (0,recover/* recoverEntry */.t)(session, trusted);
    }
    return (0,commands_finished/* refused */.J)('production-split', ['an unfinished rollout could not be recovered']);
}
async function proceed(session, { read, verdict, prepare }) {
    const { config, runner } = session;
    const { history } = read.facts;
    const warnings = warningsOf(read.facts);
    for (const warning of warnings)
        runner.warn(warning);
    if (verdict.kind === 'refuse')
        return (0,commands_finished/* refused */.J)(verdict.code, verdict.details, warnings);
    if (await findSuperseding(session, liveVersion(history)))
        return (0,commands_finished/* refused */.J)('superseded', [], warnings);
    const preflight = verdict.plan === 'staged' ? await (0,check_production/* checkBaseline */.iW)(session.checkPlan, verdict.baseline, session.checkPorts) : [];
    if (session.stop.aborted)
        return (0,commands_finished/* refused */.J)('cancelled', [], warnings);
    if (verdict.plan === 'staged' && !(0,result/* provesItself */.Bi)(preflight))
        runner.warn('The baseline gives no proof of its version; the candidate still must.');
    const compared = verdict.plan === 'staged' ? await prepareComparison(session, verdict.baseline) : NOT_COMPARED;
    if (compared.kind === 'refused')
        return (0,commands_finished/* refused */.J)('metrics-unready', compared.details, warnings);
    await settleOthers(session, read.entries);
    const policy = policyOf(verdict, { marker: session.marker, ramp: config.rollout.ramp, applyTriggers: config.triggers === 'apply' });
    const prepared = await prepare(session);
    if (prepared.kind === 'refused')
        return (0,commands_finished/* refused */.J)(prepared.code, [prepared.message], warnings);
    const finished = await rollOut(session, policy, { read, preflight, prepared, comparison: compared.comparison });
    return { ...finished, warnings };
}
/** Entries of runs that ended long ago without settling: production is not theirs any more, say so. */
async function settleOthers(session, entries) {
    for (const entry of (0,ledger/* openEntries */.Jh)(entries)) {
        if (entry.payload.runId === session.config.github.runId)
            continue;
        await session.github.addStatus(entry.id, { state: 'inactive', description: 'its run ended without settling; production was not its own', logUrl: session.runUrl });
    }
}
async function rollOut(session, policy, { read, preflight, prepared, comparison }) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { config, script } = session;
        const forward = __addDisposableResource(env_1, prepared.forward
        // Last, so that a deploy that is refused leaves the hold as it was.
        , true);
        // Last, so that a deploy that is refused leaves the hold as it was.
        if (config.releaseHold && !(await (0,keep_ledger/* releaseHolds */.yg)(session, read.holds, `a deploy by ${config.actor}`))) {
            return { ending: { kind: 'refused', reason: 'ledger-unavailable' }, details: ['the hold could not be released'] };
        }
        const first = (0,rollout/* begin */.qN)(policy);
        const initial = { schemaVersion: 1, policy, phase: first.phase, script, sha: config.sha, preflight: [...preflight], rounds: [], timeline: [], splits: [] };
        const record = (0,carry_out/* keepRecord */.rP)(session, initial);
        const { freezeOverride } = read.facts;
        const payload = { kind: 'deploy', ...(0,keep_ledger/* payloadBase */.iO)(session, config.sha), policy, preflight: [...preflight], ...(freezeOverride === undefined ? {} : { freezeOverride }) };
        const opened = await (0,keep_ledger/* openEntry */.vW)(session, payload, `Sleepwell rolls out ${config.sha.slice(0, 7)}`);
        if (opened.kind !== 'ok') {
            const why = opened.kind === 'absent' ? 'GitHub does not know this repository or commit' : opened.message;
            return { ending: { kind: 'refused', reason: 'ledger-unavailable' }, details: [why] };
        }
        record.update({ ledgerId: opened.value.id });
        record.note(`The record is open (${opened.value.url}).`);
        record.update({ messages: await (0,tell_team/* tellBegun */.r)(session, config.sha) });
        const reason = config.fullDeployReason === undefined ? {} : { givenReason: config.fullDeployReason };
        const done = await (0,carry_out/* carryOut */.u0)(session, { policy, first, record, ...(policy.plan === 'staged' ? steered(session, { policy, record, comparison }) : {}) }, forward);
        if (done.kind === 'settled')
            return { ending: done.ending, details: [], journal: record.current(), ...reason };
        throw new stopped/* StoppedError */.K();
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = __disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** What a rollout in steps goes by on its way. */
function steered(session, about) {
    const steering = openSteering(session, about.record, about.policy.ramp);
    return { steering, soak: openSoak({ session, steering, ...about }) };
}


/***/ }),

/***/ 15001:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   l: () => (/* binding */ passGate)
/* harmony export */ });
/* harmony import */ var _core_gate_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(58532);

/** Whether the tests have passed for exactly this commit; every workflow must, and nothing found is a failure. */
async function passGate(ask, ports) {
    const startedAtMs = ports.clock.now();
    const { rules } = ask;
    if (rules.kind === 'needs') {
        return poll(() => readNeeds(rules.jobs, ask, ports), rules.jobs.map((name) => `job "${name}" of this run`), { ask, ports, startedAtMs });
    }
    const proof = [];
    for (const workflow of rules.workflows) {
        const result = await poll(() => readVerdict(workflow, ask, ports), [], { ask, ports, startedAtMs });
        if (result.kind !== 'passed')
            return result;
        proof.push(...result.proof);
    }
    return { kind: 'passed', proof };
}
/** Reads until there is a verdict; one clock runs for all workflows together. */
async function poll(readOnce, proof, { ask, ports, startedAtMs }) {
    while (!ports.stop.aborted) {
        const verdict = await readOnce();
        if (verdict.kind === 'passed')
            return { kind: 'passed', proof: 'run' in verdict ? [verdict.run.url] : proof };
        if (verdict.kind === 'failed')
            return { kind: 'refused', code: 'gate-failed', why: verdict.why };
        const elapsedSeconds = (ports.clock.now() - startedAtMs) / 1000;
        const patience = (0,_core_gate_js__WEBPACK_IMPORTED_MODULE_0__/* .waitForGate */ .e2)(verdict, { elapsedSeconds, timeoutSeconds: ask.timeoutSeconds, discoverySeconds: ask.discoverySeconds });
        if (patience.kind === 'give-up')
            return { kind: 'refused', code: patience.code, why: verdict.why };
        ports.log(`Gate: ${verdict.why}; looking again in ${Math.round(patience.afterSeconds)} s.`);
        await ports.clock.sleep(patience.afterSeconds, ports.stop);
    }
    return { kind: 'refused', code: 'cancelled', why: 'the run was cancelled while it waited for the tests' };
}
async function readVerdict(workflow, { sha, run }, { github }) {
    const query = {
        sha,
        repositoryId: run.repositoryId,
        ownRunId: run.runId,
        path: workflow.path,
        events: workflow.events,
        branch: run.defaultBranch,
        requiredJobs: workflow.requiredJobs,
    };
    const runs = await github.runsOfCommit(workflow.path, sha);
    if (runs.kind === 'absent')
        return { kind: 'failed', why: `${workflow.path} is not a workflow of this repository` };
    if (runs.kind === 'denied')
        return { kind: 'failed', why: runs.message };
    if (runs.kind === 'unavailable')
        return { kind: 'waiting', isFound: true, why: runs.message };
    const newest = (0,_core_gate_js__WEBPACK_IMPORTED_MODULE_0__/* .newestRun */ .KO)(query, runs.value);
    if (newest === undefined || newest.status !== 'completed')
        return (0,_core_gate_js__WEBPACK_IMPORTED_MODULE_0__/* .judgeGate */ .$U)(query, newest, []);
    const jobs = await github.jobs(newest.id, newest.attempt);
    if (jobs.kind === 'ok')
        return (0,_core_gate_js__WEBPACK_IMPORTED_MODULE_0__/* .judgeGate */ .$U)(query, newest, jobs.value);
    return { kind: 'waiting', isFound: true, why: `the jobs of ${newest.url} cannot be read` };
}
async function readNeeds(required, { run }, { github }) {
    const jobs = await github.jobs(run.runId, run.runAttempt);
    return jobs.kind === 'ok' ? (0,_core_gate_js__WEBPACK_IMPORTED_MODULE_0__/* .judgeNeeds */ .pw)(required, jobs.value) : { kind: 'waiting', isFound: true, why: 'the jobs of this run cannot be read' };
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
/* harmony import */ var _carry_out_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(29179);
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

/***/ 58532:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $U: () => (/* binding */ judgeGate),
/* harmony export */   KO: () => (/* binding */ newestRun),
/* harmony export */   W7: () => (/* binding */ fileOf),
/* harmony export */   e2: () => (/* binding */ waitForGate),
/* harmony export */   pw: () => (/* binding */ judgeNeeds)
/* harmony export */ });
/** The path of a run's workflow file without the ref that GitHub may append. */
function fileOf(run) {
    return run.path.split('@')[0] ?? run.path;
}
/** The newest attempt of the newest run of this workflow for exactly this commit; nothing else counts. */
function newestRun(query, runs) {
    const isOnBranch = (run) => query.branch === undefined || run.event !== 'push' || run.headBranch === query.branch;
    const fitting = runs.filter((run) => run.id !== query.ownRunId &&
        fileOf(run) === query.path &&
        run.headSha === query.sha &&
        query.events.includes(run.event) &&
        run.headRepositoryId === query.repositoryId &&
        isOnBranch(run));
    // A re-run keeps its id and number: an attempt in flight takes the place of an old green one.
    return fitting.toSorted((one, other) => other.runNumber - one.runNumber || other.attempt - one.attempt)[0];
}
/**
 * The tests' verdict by file, full commit, event and repository (a check's name can be forged, a run cannot).
 * Only `success` passes, and a skipped job is not a test that has run: GitHub reports it as success to required checks.
 */
function judgeGate(query, run, jobs) {
    if (run === undefined) {
        return { kind: 'waiting', isFound: false, why: `no run of ${query.path} for ${query.sha} on ${query.events.join(' or ')} was found` };
    }
    if (run.status !== 'completed')
        return { kind: 'waiting', isFound: true, why: `${query.path} is ${run.status}: ${run.url}` };
    if (run.conclusion !== 'success')
        return { kind: 'failed', why: `${query.path} ended ${run.conclusion ?? 'without a conclusion'}: ${run.url}` };
    const running = jobs.find((job) => job.status !== 'completed');
    // The list of jobs may lag behind the run that it is of.
    if (jobs.length === 0 || running !== undefined)
        return { kind: 'waiting', isFound: true, why: `the jobs of ${query.path} are not all listed as ended: ${run.url}` };
    const unmet = unmetJobs(query.requiredJobs, jobs);
    if (unmet.length > 0)
        return { kind: 'failed', why: `${query.path} succeeded, but ${unmet.join(' and ')}: ${run.url}` };
    return { kind: 'passed', run };
}
/**
 * The form without a run to look for: the named jobs of this very run. It names at least one, since the run's own
 * other jobs (the gate is one) prove nothing; a list that does not show them ended yet is waited for.
 */
function judgeNeeds(required, jobs) {
    if (required.length === 0)
        return { kind: 'failed', why: 'no job of this run is named that must have succeeded' };
    const running = required.flatMap((name) => jobsNamed(name, jobs)).find((job) => job.status !== 'completed');
    if (running !== undefined)
        return { kind: 'waiting', isFound: true, why: `the job "${running.name}" of this run is ${running.status}` };
    const missing = required.find((name) => jobsNamed(name, jobs).length === 0);
    if (missing !== undefined)
        return { kind: 'waiting', isFound: false, why: `this run has no job "${missing}"` };
    const unmet = unmetJobs(required, jobs);
    return unmet.length === 0 ? { kind: 'passed' } : { kind: 'failed', why: `in this run ${unmet.join(' and ')}` };
}
/** What is wrong with the jobs, in words; with no name required, at least one must have succeeded. */
function unmetJobs(required, jobs) {
    if (required.length === 0) {
        return jobs.some((job) => job.conclusion === 'success') ? [] : ['none of its jobs succeeded'];
    }
    return required.flatMap((name) => {
        const named = jobsNamed(name, jobs);
        if (named.length === 0)
            return [`the job "${name}" is not there`];
        const bad = named.find((job) => job.conclusion !== 'success');
        return bad === undefined ? [] : [`the job "${bad.name}" ended ${bad.conclusion ?? bad.status}`];
    });
}
/** A matrix appends ` (v1, v2)` to the name of each of its jobs; all of them are meant. */
function jobsNamed(name, jobs) {
    return jobs.filter((job) => job.name === name || job.name.startsWith(`${name} (`));
}
/** How long to wait for a verdict: 5 s at first, 30 s at most. Nothing found is a failure in the end, never a pass. */
function waitForGate(verdict, clock) {
    if (!verdict.isFound && clock.elapsedSeconds >= Math.min(clock.discoverySeconds, clock.timeoutSeconds))
        return { kind: 'give-up', code: 'gate-absent' };
    if (clock.elapsedSeconds >= clock.timeoutSeconds)
        return { kind: 'give-up', code: 'gate-timeout' };
    return { kind: 'poll-again', afterSeconds: Math.min(30, 5 + clock.elapsedSeconds / 10) };
}


/***/ }),

/***/ 63608:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Vb: () => (/* binding */ openBuild),
/* harmony export */   yu: () => (/* binding */ packBuild)
/* harmony export */ });
/* unused harmony export digestOf */
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77598);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(76760);
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(55491);




const MANIFEST = 'sleepwell-build.json';
const manifestSchema = zod__WEBPACK_IMPORTED_MODULE_3__/* .object */ .Ikc({
    schemaVersion: zod__WEBPACK_IMPORTED_MODULE_3__/* .literal */ .euz(1),
    /** Entry module, from `bundle/`. */
    entry: zod__WEBPACK_IMPORTED_MODULE_3__/* .string */ .YjP().regex(/^[\w.-]+$/),
    hasAssets: zod__WEBPACK_IMPORTED_MODULE_3__/* .boolean */ .zMY(),
});
/** Copies the parts into `target` and returns the digest of all of it. */
async function packBuild(parts, target) {
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.mkdir)(target, { recursive: true });
    await copyOwn(parts.bundle, (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(target, 'bundle'));
    if (parts.assets !== undefined)
        await copyOwn(parts.assets, (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(target, 'assets'));
    const manifest = { schemaVersion: 1, entry: parts.entry, hasAssets: parts.assets !== undefined };
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.writeFile)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(target, MANIFEST), `${JSON.stringify(manifest)}\n`);
    return digestOf(target);
}
/** Links are followed only within the folder: one that leads out could publish a file of the build job. */
async function copyOwn(from, to) {
    const root = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.realpath)(from);
    const isOwn = async (path) => {
        const way = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.relative)(root, await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.realpath)(path));
        if (way === '..' || way.startsWith(`..${node_path__WEBPACK_IMPORTED_MODULE_2__.sep}`) || (0,node_path__WEBPACK_IMPORTED_MODULE_2__.isAbsolute)(way))
            throw new Error(`${(0,node_path__WEBPACK_IMPORTED_MODULE_2__.relative)(from, path)} is a link that leads out of ${from}`);
        return true;
    };
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.cp)(from, to, { recursive: true, dereference: true, filter: isOwn });
}
/**
 * Checks a build that another job made with the caller's own code: nothing but plain files (a link could
 * name a file of this job), and exactly those whose digest the build job gave.
 */
async function openBuild(directory, digest) {
    const odd = await firstOddEntry(directory);
    if (odd !== undefined)
        return { kind: 'refused', message: `the build holds ${odd}, which is neither a plain file nor a folder` };
    const seen = await digestOf(directory);
    if (seen !== digest)
        return { kind: 'refused', message: `the build's digest is ${seen}, but the build job gave ${digest}` };
    const manifest = manifestSchema.safeParse(parseJson(await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.readFile)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(directory, MANIFEST), 'utf8').catch(() => '')));
    if (!manifest.success)
        return { kind: 'refused', message: `the build has no readable ${MANIFEST}` };
    return { kind: 'ok', manifest: manifest.data };
}
/** SHA-256 over each file's path and content, in the order of their paths; hexadecimal. */
async function digestOf(directory) {
    const entries = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.readdir)(directory, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => (0,node_path__WEBPACK_IMPORTED_MODULE_2__.relative)(directory, (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(entry.parentPath, entry.name)));
    const digest = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256');
    for (const path of paths.toSorted()) {
        const content = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256').update(await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.readFile)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(directory, path))).digest('hex');
        digest.update(`${path}\0${content}\n`);
    }
    return digest.digest('hex');
}
async function firstOddEntry(directory) {
    if (!(await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.lstat)(directory)).isDirectory())
        return directory;
    const entries = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.readdir)(directory, { recursive: true, withFileTypes: true });
    const odd = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
    return odd === undefined ? undefined : (0,node_path__WEBPACK_IMPORTED_MODULE_2__.relative)(directory, (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(odd.parentPath, odd.name));
}
function parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}


/***/ }),

/***/ 86368:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  EA: () => (/* binding */ PINNED_WRANGLER),
  Oe: () => (/* binding */ provideWrangler)
});

// UNUSED EXPORTS: lockedVersion

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 13 modules
var schemas = __webpack_require__(55491);
// EXTERNAL MODULE: ./lib/shell/child.js
var child = __webpack_require__(50564);
// EXTERNAL MODULE: ./node_modules/jsonc-parser/lib/umd/main.js
var main = __webpack_require__(99547);
// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __webpack_require__(38815);
;// CONCATENATED MODULE: ./lib/shell/wrangler/locked-version.js



const EXACT = /^\d+\.\d+\.\d+(?:-[\w.-]+)?$/;
/** Names that `readLockedVersion` knows. */
const LOCKFILES = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'];
/** Finds the exact version of wrangler that a lockfile gives the Worker; `undefined` if there is none. */
function readLockedVersion(lockfile) {
    const version = readerOf(lockfile)?.(lockfile);
    return version !== undefined && EXACT.test(version) ? version : undefined;
}
function readerOf({ name }) {
    if (name === 'package-lock.json' || name === 'npm-shrinkwrap.json')
        return fromNpm;
    if (name === 'pnpm-lock.yaml')
        return fromPnpm;
    if (name === 'yarn.lock')
        return fromYarn;
    return name === 'bun.lock' ? fromBun : undefined;
}
const versioned = schemas/* looseObject */._H3({ version: schemas/* string */.YjP().optional() });
const npmSchema = schemas/* looseObject */._H3({
    /** lockfileVersion 2 and 3 (docs "package-lock.json"). */
    packages: schemas/* record */.g1P(schemas/* string */.YjP(), versioned).optional(),
    /** lockfileVersion 1. */
    dependencies: schemas/* record */.g1P(schemas/* string */.YjP(), versioned).optional(),
});
/** Looks where Node would: in the folder's own `node_modules`, then in each one above. */
function fromNpm({ text, workerPath }) {
    const lock = npmSchema.safeParse((0,main.parse)(text)).data;
    const folders = workerPath === '' ? [] : workerPath.split('/');
    for (let depth = folders.length; depth >= 0; depth -= 1) {
        const place = [...folders.slice(0, depth), 'node_modules/wrangler'].join('/');
        const found = lock?.packages?.[place]?.version;
        if (found !== undefined)
            return found;
    }
    return lock?.dependencies?.['wrangler']?.version;
}
const pnpmDependencies = schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* union */.KCZ([schemas/* string */.YjP(), schemas/* looseObject */._H3({ version: schemas/* string */.YjP() })])).optional();
const pnpmImporter = schemas/* looseObject */._H3({
    dependencies: pnpmDependencies,
    devDependencies: pnpmDependencies,
    optionalDependencies: pnpmDependencies,
});
const pnpmSchema = pnpmImporter.extend({ importers: schemas/* record */.g1P(schemas/* string */.YjP(), pnpmImporter).optional() });
/** The Worker's own importer, else the workspace's root, whose binaries pnpm also puts on the path. */
function fromPnpm({ text, workerPath }) {
    const lock = pnpmSchema.safeParse(parseOrNothing(text)).data;
    const importers = [lock?.importers?.[workerPath === '' ? '.' : workerPath], lock?.importers?.['.'], lock];
    for (const importer of importers) {
        const found = importer?.devDependencies?.['wrangler'] ?? importer?.dependencies?.['wrangler'] ?? importer?.optionalDependencies?.['wrangler'];
        // "4.164.0(@cloudflare/workers-types@4.2…)": the peers that it was resolved with follow.
        if (found !== undefined)
            return (typeof found === 'string' ? found : found.version).replace(/[(_].*$/, '');
    }
    return undefined;
}
/** Both forms of yarn.lock: `wrangler@^4.0.0:` / `  version "4.1.0"`, and `"wrangler@npm:^4.0.0":` / `  version: 4.1.0`. */
function fromYarn({ text, wanted }) {
    const entries = [...text.matchAll(/^"?((?:wrangler@[^\n"]+)(?:"?, "?wrangler@[^\n"]+)*)"?:\n(?: {2}.*\n)*? {2}version:? "?([^"\n]+)"?$/gm)];
    const found = entries.map(([, header = '', version = '']) => ({ ranges: header.split(/"?, "?/).map(rangeOf), version }));
    const asked = found.find((entry) => wanted !== undefined && entry.ranges.includes(wanted));
    if (asked !== undefined)
        return asked.version;
    const versions = new Set(found.map((entry) => entry.version));
    return versions.size === 1 ? found[0]?.version : undefined;
}
/** A range of another protocol (`patch:`, `git+…`) stays as it is, and equals none that npm could install. */
function rangeOf(descriptor) {
    return descriptor.replace(/^wrangler@(?:npm:)?/, '');
}
const bunSchema = schemas/* looseObject */._H3({
    workspaces: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* looseObject */._H3({ name: schemas/* string */.YjP().optional() })).optional(),
    packages: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* array */.YOg(schemas/* unknown */.L5J())).optional(),
});
/** `packages` maps a name, or `workspace/name` where it is not hoisted, to `["wrangler@4.1.0", …]`. */
function fromBun({ text, workerPath }) {
    const lock = bunSchema.safeParse((0,main.parse)(text)).data;
    const workspace = lock?.workspaces?.[workerPath]?.name;
    const entry = (workspace === undefined ? undefined : lock?.packages?.[`${workspace}/wrangler`]) ?? lock?.packages?.['wrangler'];
    const [resolved] = entry ?? [];
    return typeof resolved === 'string' ? resolved.replace(/^wrangler@/, '') : undefined;
}
function parseOrNothing(text) {
    try {
        return (0,dist/* parse */.qg)(text);
    }
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: ./lib/shell/wrangler/variables.js
var wrangler_variables = __webpack_require__(31848);
;// CONCATENATED MODULE: ./lib/shell/wrangler/provide.js






/** For callers that have no wrangler of their own. */
const PINNED_WRANGLER = '4.164.0';
/** The first one whose `deploy` takes `--tag` and `--message` (workers-sdk 12445). */
const OLDEST_WRANGLER = [4, 66];
/**
 * Provides the caller's locked version of wrangler, or the pinned one, installed anew and without scripts.
 * Nothing out of the caller's `node_modules` is ever run: an install script may have replaced it.
 */
async function provideWrangler(query) {
    if (query.packageDirectory !== undefined && query.packageDirectory !== '')
        return inspect(query.packageDirectory, 'given');
    const locked = await lockedVersion(query.workingDirectory, query.root);
    const version = locked ?? PINNED_WRANGLER;
    if (isTooOld(version))
        return tooOld(version);
    query.log(`wrangler ${version} ${locked === undefined ? '(no lockfile names one)' : '(as locked)'}: installing it without scripts`);
    const problem = await install(version, query);
    if (problem !== undefined)
        return { kind: 'failed', code: 'wrangler-not-installed', message: problem };
    return inspect((0,external_node_path_.join)(query.directory, 'node_modules/wrangler'), locked === undefined ? 'pinned' : 'lockfile');
}
/** The nearest lockfile that names a version decides. */
async function lockedVersion(workingDirectory, root) {
    const wanted = await wantedRange(workingDirectory);
    for (let folder = workingDirectory;; folder = (0,external_node_path_.dirname)(folder)) {
        for (const name of LOCKFILES) {
            const text = await (0,promises_.readFile)((0,external_node_path_.join)(folder, name), 'utf8').catch(() => undefined);
            if (text === undefined)
                continue;
            const found = readLockedVersion({ name, text, workerPath: (0,external_node_path_.relative)(folder, workingDirectory), ...(wanted === undefined ? {} : { wanted }) });
            if (found !== undefined)
                return found;
        }
        if (folder === root || folder === (0,external_node_path_.dirname)(folder))
            return undefined;
    }
}
const ranges = schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* string */.YjP()).optional();
const manifestSchema = schemas/* looseObject */._H3({ dependencies: ranges, devDependencies: ranges });
async function wantedRange(directory) {
    const manifest = manifestSchema.safeParse(await readJson((0,external_node_path_.join)(directory, 'package.json'))).data;
    return manifest?.devDependencies?.['wrangler'] ?? manifest?.dependencies?.['wrangler'];
}
async function install(version, query) {
    const [command, ...args] = query.npm ?? ['npm'];
    const { directory, variables } = query;
    await (0,promises_.mkdir)(directory, { recursive: true });
    const lines = [];
    const end = await (0,child/* runChild */.w)({
        command,
        args: [...args, 'install', '--ignore-scripts', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--prefix', directory, `wrangler@${version}`],
        directory,
        variables: { ...(0,wrangler_variables/* bareVariables */.G)(variables, directory), ...npmVariables(variables) },
        onLine(line) {
            lines.push(line);
            query.log(line);
        },
        stop: query.stop,
        limitSeconds: 300,
    });
    if (end.kind === 'exited' && end.code === 0)
        return undefined;
    const reason = end.kind === 'not-started' ? end.message : lines.slice(-10).join('\n');
    return `wrangler ${version} could not be installed: ${reason || end.kind}`;
}
/** npm lies where the runner's PATH says; a mirror of the registry is named by a variable, never by a file of the repository. */
function npmVariables(here) {
    const names = ['PATH', 'npm_config_registry', 'NPM_CONFIG_REGISTRY'];
    return Object.fromEntries(names.flatMap((name) => (here[name] === undefined ? [] : [[name, here[name]]])));
}
const packageSchema = schemas/* looseObject */._H3({
    name: schemas/* literal */.euz('wrangler'),
    version: schemas/* string */.YjP(),
    bin: schemas/* looseObject */._H3({ wrangler: schemas/* string */.YjP() }),
});
async function inspect(directory, from) {
    const decoded = packageSchema.safeParse(await readJson((0,external_node_path_.join)(directory, 'package.json')));
    if (!decoded.success)
        return { kind: 'failed', code: 'wrangler-not-installed', message: `${directory} holds no wrangler package` };
    const { version, bin } = decoded.data;
    return isTooOld(version) ? tooOld(version) : { kind: 'ok', executable: (0,external_node_path_.join)(directory, bin.wrangler), version, from };
}
function isTooOld(version) {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const [oldestMajor, oldestMinor] = OLDEST_WRANGLER;
    return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}
function tooOld(version) {
    const oldest = `${OLDEST_WRANGLER.join('.')}.0`;
    return { kind: 'failed', code: 'wrangler-too-old', message: `wrangler ${version} is too old: lock ${oldest} or newer` };
}
async function readJson(path) {
    try {
        return JSON.parse(await (0,promises_.readFile)(path, 'utf8'));
    }
    catch {
        return undefined;
    }
}


/***/ }),

/***/ 31848:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   G: () => (/* binding */ bareVariables),
/* harmony export */   c: () => (/* binding */ wranglerVariables)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(76760);

/** How this machine reaches the network and names its language; everything else stays behind. */
const PASSED_ON = [
    'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy',
    'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'LANG', 'LC_ALL', 'TZ', 'DOCKER_HOST',
];
/**
 * The environment of a child that must not see ours: no NODE_OPTIONS, and nothing of the runner's (GITHUB_*,
 * ACTIONS_*, INPUT_*). Home and temporary folders lie in `directory`, so that no file of the user's is read.
 */
function bareVariables(here, directory) {
    const passed = PASSED_ON.flatMap((name) => {
        const value = here[name];
        return value === undefined || value === '' ? [] : [[name, value]];
    });
    return {
        ...Object.fromEntries(passed),
        CI: 'true',
        NO_COLOR: '1',
        FORCE_COLOR: '0',
        HOME: directory,
        TMPDIR: directory,
        XDG_CONFIG_HOME: (0,node_path__WEBPACK_IMPORTED_MODULE_0__.join)(directory, 'config'),
        PATH: [(0,node_path__WEBPACK_IMPORTED_MODULE_0__.dirname)(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    };
}
/** What keeps wrangler 4.164.0 quiet: no metrics, no error reports, and no banner, which asks npm for updates. */
function wranglerVariables(directory, outputFile) {
    return {
        WRANGLER_SEND_METRICS: 'false',
        WRANGLER_SEND_ERROR_REPORTS: 'false',
        WRANGLER_HIDE_BANNER: 'true',
        WRANGLER_LOG_PATH: (0,node_path__WEBPACK_IMPORTED_MODULE_0__.join)(directory, 'logs'),
        WRANGLER_OUTPUT_FILE_PATH: outputFile,
    };
}


/***/ })

};
