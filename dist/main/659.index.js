export const id = 659;
export const ids = [659];
export const modules = {

/***/ 12659:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   gate: () => (/* binding */ gate)
/* harmony export */ });
/* harmony import */ var _shell_github_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(10283);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(13935);
/* harmony import */ var _pass_gate_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(15001);
/* harmony import */ var _session_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5454);




/** Waits for the tests' verdict, without secrets and without the lock, and says which Worker it is about. */
async function gate(config, around) {
    const read = await (0,_session_js__WEBPACK_IMPORTED_MODULE_2__/* .readWorker */ .X_)(config);
    if (read.kind === 'problems')
        return { kind: 'refused', ending: { kind: 'refused', reason: 'config-invalid' }, problems: read.problems };
    const { clock, stop, runner } = around;
    const github = (0,_shell_github_js__WEBPACK_IMPORTED_MODULE_0__/* .connectGitHub */ .U)({ ...config.github, clock });
    const ask = {
        sha: config.sha,
        rules: config.gate,
        run: config.github,
        timeoutSeconds: config.timeoutMinutes * 60,
        discoverySeconds: config.discoveryTimeoutMinutes * 60,
    };
    const worker = read.config.worker.scriptName;
    const passed = await (0,_pass_gate_js__WEBPACK_IMPORTED_MODULE_3__/* .passGate */ .l)(ask, { github, clock, stop, log: (line) => runner.log(line) });
    if (passed.kind === 'passed')
        return { kind: 'passed', outputs: { sha: config.sha, worker }, proof: passed.proof };
    const ending = { kind: 'refused', reason: passed.code };
    const { sentence, next } = (0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .explain */ .W)(ending, { worker, environment: config.environment, details: [passed.why] });
    return { kind: 'refused', ending, problems: [`${sentence} ${next}`] };
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


/***/ })

};
