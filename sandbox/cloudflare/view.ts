import { secretsOf } from './secret-values.ts'
import type { Plane, ScriptState } from './state.ts'
import type { Deployment, Version } from './types.ts'

/** API reference "Deployments": the shape of one. */
export function deploymentView(deployment: Deployment) {
  return {
    id: deployment.id,
    created_on: deployment.createdOn.toISOString(),
    source: deployment.source,
    strategy: 'percentage',
    versions: deployment.versions.map((share) => ({ version_id: share.versionId, percentage: share.percentage })),
    annotations: deployment.annotations,
    author_email: deployment.authorEmail,
  }
}

/** API reference "List versions": an item; annotations come on the wire, wrangler 4.164.0 prints them. */
export function versionItem(script: ScriptState, version: Version) {
  return {
    id: version.id,
    number: version.number,
    metadata: {
      created_on: version.createdOn.toISOString(),
      modified_on: version.createdOn.toISOString(),
      source: version.source,
      author_id: '0123456789abcdef0123456789abcdef',
      author_email: 'deploys@example.com',
      hasPreview: hasPreview(script),
    },
    annotations: annotationsOf(version),
  }
}

/** API reference "Get version": secrets come without their values. */
export function versionView(script: ScriptState, version: Version) {
  const exports = script.exportsOf.get(version.id)
  return {
    ...versionItem(script, version),
    resources: {
      bindings: bindingsView(version),
      script: {
        etag: version.etag,
        handlers: ['fetch'],
        last_deployed_from: version.source,
      },
      script_runtime: {
        compatibility_date: version.compatibilityDate,
        compatibility_flags: version.compatibilityFlags,
        usage_model: 'standard',
        ...(version.migrationTag === undefined ? {} : { migration_tag: version.migrationTag }),
        ...(version.containers === undefined ? {} : { containers: version.containers }),
        ...(exports === undefined ? {} : { exports }),
      },
    },
  }
}

/** The answer to an upload: wrangler 4.164.0 reads `metadata.has_preview` and `startup_time_ms` here. */
export function uploadedVersionView(script: ScriptState, version: Version) {
  const view = versionView(script, version)
  return {
    ...view,
    metadata: { ...view.metadata, has_preview: hasPreview(script) },
    startup_time_ms: 3,
  }
}

export function secretView(secret: { readonly name: string; readonly type: string }) {
  return { name: secret.name, type: secret.type }
}

export function secretsView(version: Version | undefined) {
  return version === undefined ? [] : secretsOf(version).map(secretView)
}

export function bindingsView(version: Version) {
  return version.bindings.map((binding) => {
    const { text, ...rest } = binding
    return binding.type === 'secret_text' || text === undefined ? rest : binding
  })
}

/** `default_environment.script` of the service: the script as its newest version and its settings make it. */
export function serviceScriptView(script: ScriptState) {
  const [newest] = script.versions
  return {
    id: script.name,
    tag: script.id,
    tags: script.settings.tags,
    created_on: script.createdOn.toISOString(),
    modified_on: (newest?.createdOn ?? script.createdOn).toISOString(),
    etag: newest?.etag,
    handlers: ['fetch'],
    usage_model: 'standard',
    compatibility_date: newest?.compatibilityDate,
    compatibility_flags: newest?.compatibilityFlags,
    // "The client most recently used to deploy this Worker" (API reference): wrangler warns after `dash` and `api`.
    last_deployed_from: newest?.source,
    migration_tag: script.migrationTag,
    observability: script.settings.observability,
    tail_consumers: script.settings.tail_consumers,
    logpush: script.settings.logpush,
  }
}

export function serviceView(script: ScriptState) {
  const environment = {
    environment: 'production',
    created_on: script.createdOn.toISOString(),
    modified_on: script.createdOn.toISOString(),
    script: serviceScriptView(script),
  }
  return {
    id: script.name,
    created_on: environment.created_on,
    modified_on: environment.modified_on,
    default_environment: environment,
    environments: [environment],
  }
}

/** API reference "Workers (beta)": what wrangler 4.164.0 reads before it sets triggers and prints preview URLs. */
export function workerView(plane: Plane, script: ScriptState) {
  const suffix = `-${script.name}.${plane.account.workersDevSubdomain}.workers.dev`
  return {
    id: script.id,
    name: script.name,
    created_on: script.createdOn.toISOString(),
    updated_on: (script.versions[0]?.createdOn ?? script.createdOn).toISOString(),
    logpush: script.settings.logpush,
    observability: script.settings.observability ?? { enabled: false },
    // What else points at this Worker: nothing in the sandbox does.
    references: { dispatch_namespace_outbounds: [], domains: [], durable_objects: [], queues: [], workers: [] },
    tags: script.settings.tags,
    tail_consumers: script.settings.tail_consumers,
    subdomain: {
      ...script.subdomain,
      url: `https://${script.name}.${plane.account.workersDevSubdomain}.workers.dev`,
      preview_url_suffix: suffix,
    },
  }
}

/** Answer to PUT script: wrangler 4.164.0 reads the version's id, without hyphens, from `deployment_id`. */
export function scriptView(script: ScriptState, version: Version) {
  return {
    ...serviceScriptView(script),
    deployment_id: version.id.replaceAll('-', ''),
    startup_time_ms: 3,
    entry_point: version.mainModule,
    has_assets: version.assets !== undefined,
    has_modules: true,
  }
}

/** Docs "Preview URLs, limitations": none for a Worker that implements a Durable Object. */
function hasPreview(script: ScriptState): boolean {
  return script.durableObjectClasses.size === 0
}

function annotationsOf(version: Version): Readonly<Record<string, string>> {
  return {
    ...(version.tag === undefined ? {} : { 'workers/tag': version.tag }),
    ...(version.message === undefined ? {} : { 'workers/message': version.message }),
    'workers/triggered_by': version.triggeredBy,
  }
}
