export const id = 575;
export const ids = [575];
export const modules = {

/***/ 21575:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  build: () => (/* binding */ build)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./node_modules/@actions/exec/lib/exec.js + 5 modules
var exec = __webpack_require__(22876);
;// CONCATENATED MODULE: ./lib/core/package-manager.js
const MANAGERS = [
    { name: 'npm', lockfile: 'package-lock.json', install: ['npm', 'ci'] },
    { name: 'npm', lockfile: 'npm-shrinkwrap.json', install: ['npm', 'ci'] },
    { name: 'pnpm', lockfile: 'pnpm-lock.yaml', install: ['pnpm', 'install', '--frozen-lockfile'] },
    { name: 'yarn', lockfile: 'yarn.lock', install: ['yarn', 'install', '--immutable'] },
    { name: 'bun', lockfile: 'bun.lock', install: ['bun', 'install', '--frozen-lockfile'] },
    { name: 'bun', lockfile: 'bun.lockb', install: ['bun', 'install', '--frozen-lockfile'] },
];
/** Chooses by the nearest lockfile; `folders` go from the Worker's own up to the repository's root. */
function choosePackageManager(folders) {
    for (const { path, files } of folders) {
        const found = MANAGERS.filter((manager) => files.includes(manager.lockfile));
        const [manager] = found;
        if (manager === undefined)
            continue;
        if (new Set(found.map((one) => one.name)).size > 1) {
            return { kind: 'ambiguous', folder: path, lockfiles: found.map((one) => one.lockfile) };
        }
        return { kind: 'chosen', manager, folder: path };
    }
    return { kind: 'none' };
}

// EXTERNAL MODULE: ./lib/shell/build-directory.js
var build_directory = __webpack_require__(63608);
// EXTERNAL MODULE: ./lib/shell/wrangler/provide.js + 1 modules
var provide = __webpack_require__(86368);
// EXTERNAL MODULE: ./lib/commands/session.js
var session = __webpack_require__(5454);
;// CONCATENATED MODULE: ./lib/commands/build.js







/** As the runner starts it: nobody's start-up files, and the first failure ends it. */
const BASH = ['--noprofile', '--norc', '-euo', 'pipefail', '-c'];
/** Wrangler calls nobody on its own account, unless the caller wants it to. */
const QUIET_WRANGLER = { WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' };
/** Installs, builds and bundles with the caller's own tools; this job has no token, and the next runs none of them. */
async function build(config, around) {
    const read = await (0,session/* readWorker */.X_)(config);
    if (read.kind === 'problems')
        return { kind: 'failed', problems: read.problems };
    const { workingDirectory } = config.place;
    const env = { ...QUIET_WRANGLER, ...definedOnly(around.variables), ...config.buildSecrets };
    const run = (command, args, cwd) => (0,exec/* exec */.m)(command, [...args], { cwd, env, ignoreReturnCode: true }).catch(() => 127);
    const installed = await install(config, run);
    if (installed !== undefined)
        return { kind: 'failed', problems: [installed] };
    if (config.buildCommand !== undefined && (await run('bash', [...BASH, config.buildCommand], workingDirectory)) !== 0) {
        return { kind: 'failed', problems: [`input "build-command": ${JSON.stringify(config.buildCommand)} failed; its output is above.`] };
    }
    const area = (0,external_node_fs_.mkdtempSync)((0,external_node_path_.join)(config.temporaryDirectory, 'sleepwell-build-'));
    const bundle = (0,external_node_path_.join)(area, 'bundle');
    const environment = config.place.wranglerEnvironment;
    const args = ['deploy', '--dry-run', '--outdir', bundle, '--config', read.config.path, `--env=${environment ?? ''}`];
    const [command, ...before] = wranglerCommand(config);
    if ((await run(command, [...before, ...args], workingDirectory)) !== 0)
        return { kind: 'failed', problems: ['wrangler could not bundle the Worker; its output is above.'] };
    const entry = entryOf(bundle, read.config.worker.main);
    if (entry === undefined)
        return { kind: 'failed', problems: [`wrangler bundled no entry module into ${bundle}.`] };
    const { assetsDirectory } = read.config.worker;
    const assets = assetsDirectory === undefined ? undefined : (0,external_node_path_.resolve)((0,external_node_path_.dirname)(read.config.path), assetsDirectory);
    if (assets !== undefined && !(0,external_node_fs_.existsSync)(assets))
        return { kind: 'failed', problems: [`the assets' folder ${(0,external_node_path_.relative)(config.place.workspace, assets)} is not there after the build.`] };
    const target = (0,external_node_path_.join)(area, 'handed-over');
    const packed = await (0,build_directory/* packBuild */.yu)({ bundle, entry, ...(assets === undefined ? {} : { assets }) }, target).catch((error) => ({ problem: String(error) }));
    if (typeof packed !== 'string')
        return { kind: 'failed', problems: [`the build cannot be handed over: ${packed.problem}`] };
    around.runner.log(`Bundled ${read.config.worker.scriptName}: digest ${packed}.`);
    return { kind: 'built', outputs: { 'build-directory': target, 'build-digest': packed } };
}
async function install({ installCommand, place }, run) {
    if (installCommand !== undefined) {
        const failed = (await run('bash', [...BASH, installCommand], place.workingDirectory)) !== 0;
        return failed ? `input "install-command": ${JSON.stringify(installCommand)} failed; its output is above.` : undefined;
    }
    const choice = choosePackageManager(foldersUp(place.workingDirectory, place.workspace).map((path) => ({ path, files: (0,external_node_fs_.readdirSync)(path) })));
    switch (choice.kind) {
        case 'none':
            return undefined;
        case 'ambiguous':
            return `${(0,external_node_path_.relative)(place.workspace, choice.folder) || '.'} has ${choice.lockfiles.join(' and ')}: remove one, or give input "install-command".`;
        case 'chosen': {
            const [command, ...args] = choice.manager.install;
            // pnpm and yarn come with Node through corepack; bun does not come at all.
            const viaCorepack = choice.manager.name === 'pnpm' || choice.manager.name === 'yarn';
            const code = viaCorepack ? await run('corepack', [command, ...args], choice.folder) : await run(command, args, choice.folder);
            return code === 0 ? undefined : `${choice.manager.install.join(' ')} failed with ${code}; its output is above. Input "install-command" replaces it.`;
        }
    }
}
/** The caller's own wrangler if it is installed, else the pinned one. */
function wranglerCommand({ wranglerDirectory, place }) {
    const own = foldersUp(place.workingDirectory, place.workspace).map((folder) => (0,external_node_path_.join)(folder, 'node_modules/.bin/wrangler')).find((path) => (0,external_node_fs_.existsSync)(path));
    if (own === undefined && wranglerDirectory !== undefined)
        return [process.execPath, (0,external_node_path_.join)(wranglerDirectory, 'bin/wrangler.js')];
    return own === undefined ? ['npx', '--yes', `wrangler@${provide/* PINNED_WRANGLER */.EA}`] : [own];
}
function foldersUp(from, to) {
    return from === to || from === (0,external_node_path_.dirname)(from) ? [from] : [from, ...foldersUp((0,external_node_path_.dirname)(from), to)];
}
/** Wrangler names the bundle after the entry point; a Worker of several modules has more files beside it. */
function entryOf(bundle, main) {
    const scripts = (0,external_node_fs_.readdirSync)(bundle).filter((name) => /\.m?js$/.test(name));
    const wanted = main === undefined ? undefined : `${(0,external_node_path_.basename)(main).replace(/\.[cm]?[jt]sx?$/, '')}.js`;
    return scripts.find((name) => name === wanted) ?? (scripts.length === 1 ? scripts[0] : undefined);
}
/** What the caller's own commands may see: neither our inputs nor the runner's own tokens. */
function definedOnly(variables) {
    return Object.fromEntries(Object.entries(variables).flatMap(([name, value]) => (value === undefined || isHidden(name) ? [] : [[name, value]])));
}
function isHidden(name) {
    return name === 'BUILD_SECRETS' || name.startsWith('INPUT_') || name.startsWith('ACTIONS_');
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
// EXTERNAL MODULE: ./lib/shell/child.js + 1 modules
var child = __webpack_require__(69160);
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
