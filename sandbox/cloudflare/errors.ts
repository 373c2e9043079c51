import type { ScriptName } from './state.ts'

/** One refusal as the API words it. Clients key on the code; the HTTP statuses are not documented. */
export class ApiError extends Error {
  readonly status: number
  readonly code: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/**
 * Stands for every refusal that the docs describe without a code: no client may come to rely on a
 * number that was made up here, so they all share one that Cloudflare does not use.
 */
export const unconfirmedCode = 99_999

function unconfirmed(message: string): ApiError {
  return new ApiError(400, unconfirmedCode, message)
}

// Authentication: docs "API fundamentals, troubleshooting"; wrangler 4.164.0 treats 9106 and 10000 alike.

export const missingToken = () =>
  new ApiError(400, 9106, 'Missing X-Auth-Key, X-Auth-Email or Authorization headers')

export const unknownToken = () => new ApiError(401, 10_000, 'Authentication error')

export const permissionMissing = () => new ApiError(403, 10_000, 'Authentication error')

/** `GET /user/tokens/verify` has a code of its own; it also answers so to a token that an account owns. */
export const tokenNotVerified = () => new ApiError(401, 1000, 'Invalid API Token')

/** Docs "API fundamentals, troubleshooting": an account id that does not exist is a route that does not exist. */
export const noRoute = (path: string) =>
  new ApiError(404, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`)

/** Text and code from workers-sdk issue 10025; headers from docs "API fundamentals, rate limits". */
export const rateLimited = (retryAfterSeconds: number) =>
  new ApiError(429, 971, 'Please wait and consider throttling your request speed', {
    'retry-after': String(retryAfterSeconds),
    ratelimit: `"default";r=0;t=${retryAfterSeconds}`,
    'ratelimit-policy': '"default";q=1200;w=300',
  })

/** wrangler 4.164.0 (`isWorkerNotFoundError`): the start of the first-deploy path. */
export const scriptNotFound = (name: ScriptName) =>
  new ApiError(404, 10_007, `This Worker does not exist on your account. (${name})`)

// Uploads.

/** wrangler 4.164.0 explains 10021 as "script validation"; the text is workerd's own. */
export const invalidScript = (reason: string) => new ApiError(400, 10_021, reason)

/** Text as users report it (flo-bit/blento issue 2). */
export const kvNamespaceNotFound = (id: string) => new ApiError(400, 10_041, `KV namespace '${id}' not found.`)

/** Text from workers-sdk issue 9418. */
export const bucketNotFound = (name: string) =>
  new ApiError(400, 10_085, `R2 bucket '${name}' not found. Please use a different name and try again.`)

/** Text from workers-sdk issue 12812. */
export const bindingNameTaken = (name: string) => new ApiError(400, 10_053, `Binding name '${name}' already in use.`)

/** Text from workers-sdk issue 12812 (`secret delete` of a name that is not bound). */
export const bindingNotFound = (name: string) => new ApiError(404, 10_056, `Binding '${name}' not found.`)

/** wrangler 4.164.0 matches /^inherit binding '(.+?)' is invalid/ to name the secrets that are missing. */
export const inheritUnresolved = (name: string) =>
  new ApiError(400, 10_057, `inherit binding '${name}' is invalid: there is no such binding to inherit`)

/** Text from workers-sdk issue 10246. */
export const classNotConfigured = (className: string) =>
  new ApiError(
    400,
    10_061,
    `Cannot create binding for class '${className}' because it is not currently configured to implement Durable Objects. Ensure a --new-class migration has been applied to it.`,
  )

/**
 * Code as reported when a class that has objects is no longer exported; text unconfirmed. The sandbox
 * says the same of a class that the upload itself creates, whose code at Cloudflare is unconfirmed.
 */
export const classNoLongerExported = (className: string) =>
  new ApiError(
    400,
    10_064,
    `New version of script does not export class '${className}' which is depended on by existing Durable Objects.`,
  )

/** Code as reported for migrations that do not fit the classes that exist; text unconfirmed. */
export const migrationDoesNotFit = (reason: string) => new ApiError(400, 10_074, reason)

/** Text from workers-sdk issue 705. */
export const migrationTagMismatch = (currentTag: string | undefined) =>
  new ApiError(412, 10_079, `Migration tag precondition failed; current tag is ${currentTag ?? ''}`)

/** Text from cloudflare-docs issue 32982. */
export const migrationInVersionUpload = () =>
  new ApiError(
    400,
    10_211,
    'Version upload failed. You attempted to upload a version of a Worker that includes a Durable Object migration, but migrations must be fully applied via a non-versioned deployment. Refer to the documentation for more information.',
  )

/** wrangler 4.164.0 `ACTOR_BINDING_DEPENDS_ON_EXPORT_CODE`: bound, but its `exports` entry is not yet deployed. */
export const bindingNeedsExport = (className: string) =>
  new ApiError(400, 100_406, `Binding to class '${className}' depends on an export that is not yet deployed.`)

/** No public report shows what an upload over this limit is told. */
export const tagTooLong = () => unconfirmed('workers/tag must be at most 100 bytes')

// Secrets.

/** wrangler 4.164.0 `VERSION_SETTINGS_NOT_DEPLOYED_ERR_CODE`; text from wrangler-action issue 374. */
export const latestNotDeployedForSettings = () =>
  new ApiError(
    400,
    10_214,
    `Script edit failed. You attempted to deploy the latest version with modified settings, but the latest version isn't currently deployed. Either upload a new version to edit the version settings, or use the script-level settings API (/workers/scripts/{script_name}/script-settings) to modify the "logpush" and "tail_consumers" settings.`,
  )

/** wrangler 4.164.0 `VERSION_NOT_DEPLOYED_ERR_CODE`, which it rewords for `secret put`; API text unconfirmed. */
export const latestNotDeployedForSecret = () =>
  new ApiError(
    400,
    10_215,
    "Secret edit failed. You attempted to modify a secret, but the latest version of your Worker isn't currently deployed.",
  )

/** wrangler 4.164.0 `NO_VERSIONS_ERR_CODE`. */
export const noVersions = () => new ApiError(404, 10_222, 'There are no uploaded versions of this Worker.')

// Deployments.

/** wrangler 4.164.0 reads the names after "The following secrets have changed: ", separated by ", ". */
export const secretsChanged = (names: readonly string[]) =>
  new ApiError(
    400,
    10_220,
    `Deployment failed. Secrets have changed since the version was created, which could break the Worker. Use force to deploy it all the same. The following secrets have changed: ${names.join(', ')}`,
  )

/** wrangler 4.164.0 `INCONSISTENT_EXPORTS_ACROSS_VERSIONS_CODE`. */
export const exportsDiffer = () =>
  new ApiError(400, 100_405, 'All versions in a deployment must declare the same Durable Object exports.')

/** 404 as wrangler's own tests have it; the code is unconfirmed. */
export const versionNotFound = (id: string) =>
  new ApiError(404, unconfirmedCode, `Version ${id} does not exist on this Worker.`)

export const deploymentNotFound = (id: string) =>
  new ApiError(404, unconfirmedCode, `Deployment ${id} does not exist on this Worker.`)

/** API reference "Delete a deployment": the latest one, which serves traffic, cannot be deleted. */
export const deploymentIsLive = () =>
  unconfirmed('The latest deployment, which is actively serving traffic, cannot be deleted.')

/** API reference "Create a deployment": one or two versions whose percentages total 100. */
export const sharesInvalid = (reason: string) => unconfirmed(reason)

/** Docs "Rollbacks, limits": only the 100 most recently uploaded versions. */
export const versionTooOld = (id: string) =>
  unconfirmed(`Version ${id} is not among the 100 most recent versions and cannot be deployed.`)

/** Docs "Rollbacks, limits": not across a Durable Object migration. */
export const migrationBetween = (id: string) =>
  unconfirmed(`Version ${id} was made before the current Durable Object migration and cannot be deployed.`)

/** Docs "Rollbacks, limits": not to a version whose bound resource no longer exists. */
export const boundResourceGone = (id: string, binding: string) =>
  unconfirmed(`Version ${id} binds '${binding}' to a resource that no longer exists.`)

// Neighbouring resources.

/** wrangler 4.164.0 takes 10006 from the R2 API for "no such bucket". */
export const bucketUnknown = (name: string) =>
  new ApiError(404, 10_006, `The specified bucket does not exist. (${name})`)

export const resourceNotFound = (what: string) => new ApiError(404, unconfirmedCode, `${what} not found`)
