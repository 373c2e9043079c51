export const id = 203;
export const ids = [203];
export const modules = {

/***/ 32203:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  steer: () => (/* binding */ steer)
});

// EXTERNAL MODULE: ./lib/core/ledger.js + 7 modules
var ledger = __webpack_require__(40629);
// EXTERNAL MODULE: ./lib/core/report/escape.js
var report_escape = __webpack_require__(38111);
;// CONCATENATED MODULE: ./lib/core/report/steered.js

const TITLES = { 'taken-up': 'Taken up', refused: 'Not taken up', 'dry-run': 'Dry run' };
/** The job summary of a command; `sentence` says how it finished. */
function renderSteered(kind, { steering, worker, environment, actor, reason }, sentence) {
    return `## ${TITLES[kind]}: ${(0,report_escape/* code */.aY)(steering)} on ${(0,report_escape/* code */.aY)(worker)} in ${(0,report_escape/* code */.aY)(environment)}\n\n${(0,report_escape/* prose */.CS)(sentence)}\n\nSaid by ${(0,report_escape/* code */.aY)(actor)}: ${(0,report_escape/* code */.aY)(reason)}\n`;
}

// EXTERNAL MODULE: ./lib/errors.js + 4 modules
var errors = __webpack_require__(13935);
// EXTERNAL MODULE: ./lib/shell/github.js + 29 modules
var github = __webpack_require__(10283);
// EXTERNAL MODULE: ./lib/commands/deliver.js + 14 modules
var deliver = __webpack_require__(5994);
// EXTERNAL MODULE: ./lib/commands/keep-ledger.js
var keep_ledger = __webpack_require__(64531);
;// CONCATENATED MODULE: ./lib/commands/give-command.js


const LOOK_SECONDS = 10;
/** A round of checks may take minutes, and a rollout looks for commands between two. */
const LONGEST_WAIT_SECONDS = 600;
/** Says a person's word to the rollout under way, and waits for what it answers. */
async function giveCommand(session) {
    const { config, key, github, runner } = session;
    const rollout = await findRollout(session);
    if (rollout.kind === 'refused')
        return rollout;
    const payload = payloadFor(session, rollout.entry);
    const untrusted = await refuseUntrusted(session, payload);
    if (untrusted !== undefined)
        return untrusted;
    const { runId, sha } = rollout.entry.payload;
    const announcement = `${config.actor} says ${config.steering} to the rollout of ${sha.slice(0, 7)} on ${key.worker} in ${key.environment} (run ${runId}). Reason: ${config.reason}`;
    if (config.dryRun)
        return { kind: 'dry-run', text: announcement };
    const description = session.redact(`${config.actor} says ${config.steering}; nothing is deployed by this`);
    const given = await github.createEntry({ sha, task: (0,ledger/* taskOf */.Xb)('command', key.worker), environment: key.environment, payload, description, isNote: true });
    if (given.kind !== 'ok')
        return refusedBy(given);
    runner.log(announcement);
    return awaitAnswer(session, given.value.id, rollout.entry);
}
/** The open rollout whose run lives; one whose run has died is finished by recover, and listens to nobody. */
async function findRollout(session) {
    const read = await (0,keep_ledger/* readLedger */.SC)(session, 'deploy');
    if (read.kind !== 'ok')
        return refusedBy(read);
    const dead = [];
    for (const entry of read.value.filter(ledger/* isOpen */.nT)) {
        const run = await session.github.run(entry.payload.runId);
        if (run.kind === 'unavailable' || run.kind === 'denied')
            return refusedBy(run);
        const isSteerable = (0,ledger/* isOfLivingRun */.ar)(entry, run.kind === 'ok' ? run.value : undefined, repositoryOf(session));
        if (isSteerable && entry.payload.policy.plan === 'staged')
            return { kind: 'found', entry };
        dead.push(isSteerable ? `run ${entry.payload.runId} is a full deploy, which has no steps` : `record ${entry.id} is open, but its run ${entry.payload.runId} does not live`);
    }
    return { kind: 'refused', reason: 'nothing-to-steer', details: dead };
}
function payloadFor(session, { payload, statuses, id }) {
    const { config, redact } = session;
    const atPercent = (0,ledger/* announcedPercent */.jm)({ id, payload, statuses });
    return {
        kind: 'command',
        ...(0,keep_ledger/* payloadBase */.iO)(session, payload.sha),
        command: config.steering,
        aimedAt: { runId: payload.runId, runAttempt: payload.runAttempt },
        ...(atPercent === undefined ? {} : { atPercent }),
        actor: config.actor,
        reason: redact(config.reason),
    };
}
/** The rollout would not believe it, so that nobody has to wait to learn why. */
async function refuseUntrusted(session, payload) {
    const run = await session.github.run(payload.runId);
    if (run.kind === 'unavailable' || run.kind === 'denied')
        return refusedBy(run);
    const isBelieved = (0,ledger/* isByAPerson */.cE)({ id: 0, payload, statuses: [] }, run.kind === 'ok' ? run.value : undefined, repositoryOf(session));
    return isBelieved ? undefined : { kind: 'refused', reason: 'untrusted-run', details: [`run ${payload.runId} of ${payload.caller} on the event ${session.config.github.eventName}`] };
}
function repositoryOf({ config: { github } }) {
    return { id: github.repositoryId, defaultBranch: github.defaultBranch };
}
function refusedBy(read) {
    switch (read.kind) {
        case 'absent':
            return { kind: 'refused', reason: 'permission-missing', details: ['GitHub does not know this repository or commit'] };
        case 'denied':
            return { kind: 'refused', reason: 'permission-missing', details: [read.message] };
        case 'unavailable':
            return { kind: 'refused', reason: 'github-unavailable', details: [read.message] };
    }
}
async function awaitAnswer(session, id, rollout) {
    const { clock, stop, runner } = session;
    const startedAtMs = clock.now();
    for (;;) {
        const answer = await readAnswerTo(session, id);
        if (answer !== undefined)
            return steeredBy(answer);
        const waitedSeconds = Math.round((clock.now() - startedAtMs) / 1000);
        const now = await readRollout(session, rollout);
        if (!(0,ledger/* isOpen */.nT)(now))
            return withdraw(session, id, { kind: 'refused', reason: 'came-too-late', details: [`the rollout ended ${(0,ledger/* describeEnd */.lA)(now)}`] });
        if (stop.aborted)
            return withdraw(session, id, { kind: 'refused', reason: 'withdrawn', details: [] });
        if (waitedSeconds >= LONGEST_WAIT_SECONDS)
            return withdraw(session, id, { kind: 'refused', reason: 'not-taken-up', details: [`no answer within ${waitedSeconds} s`] });
        const share = (0,ledger/* announcedPercent */.jm)(now);
        runner.log(`Waiting for the answer (${waitedSeconds} s of at most ${LONGEST_WAIT_SECONDS} s)${share === undefined ? '' : `; the candidate is at ${share} %`}.`);
        await clock.sleep(LOOK_SECONDS, stop);
    }
}
/** Takes the command back, unless the rollout has answered at the same moment. */
async function withdraw(session, id, refused) {
    const { github, runUrl, runner } = session;
    const description = (0,ledger/* formatAnswer */.mO)({ kind: 'withdrawn', text: [refused.reason, ...refused.details].join(', ') });
    const told = await github.addStatus(id, { state: 'inactive', description, logUrl: runUrl });
    if (told.kind !== 'ok')
        runner.warn('The command could not be taken back in words; no rollout believes it once this run has ended.');
    const answer = await readAnswerTo(session, id);
    return answer === undefined || answer.kind === 'withdrawn' ? refused : steeredBy(answer);
}
function steeredBy({ kind, text }) {
    switch (kind) {
        case 'taken-up':
            return { kind, text };
        case 'turned-down':
        case 'withdrawn':
            return { kind: 'refused', reason: kind, details: [text] };
    }
}
/** `undefined` also while GitHub does not answer: the next look may tell. */
async function readAnswerTo({ github }, id) {
    const statuses = await github.statusesOf(id);
    return statuses.kind === 'ok' ? (0,ledger/* readAnswer */.JN)((0,ledger/* ownStatuses */.pO)(statuses.value)) : undefined;
}
async function readRollout({ github }, rollout) {
    const statuses = await github.statusesOf(rollout.id);
    return statuses.kind === 'ok' ? { ...rollout, statuses: (0,ledger/* ownStatuses */.pO)(statuses.value) } : rollout;
}

// EXTERNAL MODULE: ./lib/commands/session.js
var commands_session = __webpack_require__(5454);
;// CONCATENATED MODULE: ./lib/commands/steer.js







/** A person's word to the rollout under way. It needs no Cloudflare token, and takes no lock. */
async function steer(config, around) {
    const { runner, clock, stop } = around;
    const read = await (0,commands_session/* readWorker */.X_)(config);
    if (read.kind === 'problems') {
        (0,deliver/* deliverBare */.I)(runner, { kind: 'refused', reason: 'config-invalid' }, read.problems);
        return 1;
    }
    const session = {
        ...around,
        config,
        key: { account: config.accountId, worker: read.config.worker.scriptName, environment: config.environment },
        github: (0,github/* connectGitHub */.U)({ ...config.github, clock, stop }),
        runUrl: (0,commands_session/* runUrlOf */.Qm)(config),
    };
    const steered = await giveCommand(session);
    tell(session, steered);
    return (0,ledger/* exitCodeOfSteered */.Lq)(steered);
}
function tell({ config, key, runner }, steered) {
    const { steering, actor, reason, environment } = config;
    const { worker } = key;
    const sentence = sentenceFor(steered, { worker, environment });
    if (steered.kind === 'refused')
        runner.annotate({ level: 'error', title: `Not taken up: ${steering}`, message: sentence });
    else
        runner.log(sentence);
    runner.writeSummary(renderSteered(steered.kind, { steering, worker, environment, actor, reason }, sentence));
    const answer = steered.kind === 'refused' ? steered.reason : steered.kind;
    runner.setOutputs({
        answer,
        ...(steered.kind === 'refused' ? { ending: 'refused', reason: steered.reason } : {}),
        result: JSON.stringify({ schemaVersion: 1, command: steering, answer, worker, environment, actor, sentence }),
    });
}
function sentenceFor(steered, about) {
    switch (steered.kind) {
        case 'taken-up':
            return `The rollout has taken it up: ${steered.text}.`;
        case 'dry-run':
            return `A dry run, so nothing was said: ${steered.text}`;
        case 'refused': {
            const { sentence, next } = (0,errors/* explain */.W)({ kind: 'refused', reason: steered.reason }, { ...about, details: steered.details });
            return `${sentence} ${next}`;
        }
    }
}


/***/ })

};
