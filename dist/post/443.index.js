export const id = 443;
export const ids = [443];
export const modules = {

/***/ 75443:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  check: () => (/* binding */ check)
});

// EXTERNAL MODULE: ./lib/core/checks/judge.js
var judge = __webpack_require__(95358);
// EXTERNAL MODULE: ./lib/core/report/annotations.js
var annotations = __webpack_require__(60796);
// EXTERNAL MODULE: ./lib/core/report/check-table.js
var check_table = __webpack_require__(78375);
// EXTERNAL MODULE: ./lib/core/report/clock-face.js
var clock_face = __webpack_require__(18712);
// EXTERNAL MODULE: ./lib/core/report/escape.js
var report_escape = __webpack_require__(38111);
;// CONCATENATED MODULE: ./lib/core/report/alone.js



const TITLES = { healthy: 'Healthy', regressed: 'Not healthy', unknown: 'Not known' };
const DETAIL = { mostWrongs: 20, longestSeen: 2600 };
/** One line for the log: how it is, and which checks are not well. */
function describeAlone({ verdict, url, checks }) {
    const wrong = checks.filter(({ standing }) => standing === 'failed' || standing === 'unknown' || standing === 'blocked');
    const named = wrong.map(({ now, standing }) => `${now.name} (${standing})`).join(', ');
    return `${TITLES[verdict]}: ${url}, ${checks.length - wrong.length} of ${checks.length} checks passed${named === '' ? '' : `; not ${named}`}.`;
}
/** The job summary of checks on their own. */
function renderAlone(report) {
    const took = (((0,clock_face/* secondsOf */.TM)(report.endedAt) ?? 0) - ((0,clock_face/* secondsOf */.TM)(report.startedAt) ?? 0)) * 1000;
    const round = (0,check_table/* renderRound */.dr)({ title: `Asked at ${report.startedAt.slice(0, 16).replace('T', ' ')} UTC, took ${(0,clock_face/* duration */.p0)(took)}`, checks: report.checks }, DETAIL);
    return `## ${TITLES[report.verdict]}: ${(0,report_escape/* code */.aY)(report.url)}\n\n${round}\n`;
}

// EXTERNAL MODULE: ./lib/shell/cloudflare.js
var shell_cloudflare = __webpack_require__(8167);
// EXTERNAL MODULE: ./lib/shell/checks/probe.js
var checks_probe = __webpack_require__(52860);
// EXTERNAL MODULE: ./lib/commands/check-production.js + 32 modules
var check_production = __webpack_require__(990);
// EXTERNAL MODULE: ./lib/commands/session.js
var session = __webpack_require__(5454);
;// CONCATENATED MODULE: ./lib/commands/check.js
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







/** The checks on their own: for schedules, and for a laptop before anything is merged. Changes nothing. */
async function check(config, { runner, clock, stop, redact, variables }) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { checks, version, cloudflare } = config;
        const probe = __addDisposableResource(env_1, (0,checks_probe/* openProbe */.R)(session/* USER_AGENT */._O), true);
        const count = checks.ready.length + checks.specs.length;
        runner.log(`Running ${count} ${count === 1 ? 'check' : 'checks'} on ${checks.baseUrl.href}`);
        const startedAt = new Date(clock.now()).toISOString();
        const via = version === undefined ? { kind: 'plain' } : { kind: 'override', scriptName: version.worker };
        const subject = version === undefined ? { via } : { versionId: version.id, via };
        const storage = cloudflare === undefined ? {} : { storage: (0,shell_cloudflare/* connectCloudflare */._)({ ...cloudflare, token: cloudflare.apiToken, clock }) };
        const commands = { workspace: config.place.workspace, variables, redact };
        const results = await (0,check_production/* checkOnce */.Gb)({ checks, redact }, subject, { probe, clock, signal: stop, commands, ...storage });
        const judgement = (0,judge/* judgeChecks */.L)(results, [], { judged: 'alone', preExisting: 'warn' });
        const report = { url: checks.baseUrl.href, startedAt, endedAt: new Date(clock.now()).toISOString(), ...judgement };
        for (const annotation of (0,annotations/* renderAnnotations */.H)({ rounds: [{ title: 'Check', checks: report.checks }] }))
            runner.annotate(annotation);
        runner.writeSummary(renderAlone(report));
        runner.log(describeAlone(report));
        const listed = report.checks.map(({ standing, now: { name, attempts, observed } }) => ({ name, standing, attempts, ...(observed === undefined ? {} : { observed }) }));
        runner.setOutputs({ verdict: report.verdict, result: JSON.stringify({ schemaVersion: 1, verdict: report.verdict, url: report.url, startedAt, endedAt: report.endedAt, checks: listed }) });
        return report.verdict === 'healthy' ? 0 : 1;
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


/***/ })

};
