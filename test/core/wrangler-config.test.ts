import { describe, expect, it } from 'vitest'
import { resolveWorker, type Worker } from '../../src/core/wrangler-config.ts'
import { deployableConfig } from '../../src/core/wrangler-config/deployable.ts'
import { findOneWayDoors, type DeployedFacts } from '../../src/core/wrangler-config/one-way-doors.ts'
import { rawConfigSchema } from '../../src/core/wrangler-config/raw-config.ts'

function worker(config: unknown, environment?: string, isGenerated = false): Worker {
  const resolved = resolveWorker(config, { environment, isGenerated })
  if (resolved.kind === 'problems') throw new Error(JSON.stringify(resolved.problems))
  return resolved.worker
}

function problems(config: unknown, environment?: string, isGenerated = false) {
  const resolved = resolveWorker(config, { environment, isGenerated })
  return resolved.kind === 'ok' ? [] : resolved.problems.map((problem) => `${problem.path.join('.')}: ${problem.message}`)
}

describe('a Worker of an environment', () => {
  const config = {
    name: 'ferry',
    account_id: 'top',
    build: { command: 'make' },
    observability: { enabled: true },
    logpush: true,
    tail_consumers: [{ service: 'watcher' }],
    migrations: [{ tag: 'v1', new_sqlite_classes: ['Counter'] }],
    secrets: { required: ['API_KEY'] },
    version_metadata: { binding: 'VERSION' },
    workflows: [{ name: 'nightly', binding: 'NIGHTLY', class_name: 'Nightly' }],
    env: { production: {}, staging: { name: 'other', account_id: '', migrations: [{ tag: 's1' }], observability: { enabled: false } } },
  }

  it('has the top level alone without one', () => {
    expect(worker(config)).toEqual({
      scriptName: 'ferry',
      accountId: 'top',
      buildCommand: 'make',
      migrationTags: ['v1'],
      exportedClasses: [],
      hasContainers: false,
      hasWorkersSite: false,
      hasServiceWorkerModules: false,
      workflows: ['nightly'],
      requiredSecrets: ['API_KEY'],
      versionMetadataBinding: 'VERSION',
      settings: { observability: { enabled: true }, logpush: true, tail_consumers: [{ service: 'watcher' }] },
    })
  })

  it('inherits migrations, build and observability, but no binding, secret or tail consumer', () => {
    const { requiredSecrets, versionMetadataBinding, workflows, ...rest } = worker(config, 'production')
    expect({ requiredSecrets, versionMetadataBinding, workflows }).toEqual({ requiredSecrets: [], versionMetadataBinding: undefined, workflows: [] })
    expect(rest).toMatchObject({ buildCommand: 'make', migrationTags: ['v1'], settings: { observability: { enabled: true }, logpush: true } })
    expect(rest.settings.tail_consumers).toBeUndefined()
  })

  it('overrides what it names, and an empty account id counts for nothing', () => {
    expect(worker(config, 'staging')).toMatchObject({ scriptName: 'other', accountId: 'top', migrationTags: ['s1'], settings: { observability: { enabled: false } } })
  })
})

describe('a configuration is refused', () => {
  it.each([
    ['no name', {}, undefined, ['name: the Worker has no name: set `name`']],
    ['a name in capitals', { name: 'Ferry' }, undefined, ['name: the Worker\'s name would be "Ferry": allowed are a-z, 0-9, - and _, not beginning with -']],
    ['an environment that is not there', { name: 'a', env: { staging: {} } }, 'production', ['env: there is no environment "production": the file has "staging"']],
    ['a name that is no text', { name: 7 }, undefined, ['name: Invalid input: expected string, received number']],
    ['an environment of another type', { name: 'a', env: { x: 'y' } }, 'x', ['env.x: Invalid input: expected object, received string']],
    ['a list', [], undefined, [': Invalid input: expected object, received array']],
    ['a migration without a tag', { name: 'a', migrations: [{}] }, undefined, ['migrations.0.tag: Invalid input: expected string, received undefined']],
  ])('for %s', (_name, config, environment, expected) => {
    expect(problems(config, environment)).toEqual(expected)
  })

  it('when a generated one is for another environment, or has environments of its own', () => {
    expect(problems({ name: 'a', targetEnvironment: 'staging' }, 'production', true)).toEqual([
      'targetEnvironment: the file was generated for the environment "staging", but "production" is asked for',
    ])
    expect(problems({ name: 'a', env: { x: {} } }, undefined, true)).toEqual(['env: a generated configuration cannot have environments'])
  })
})

it('takes the name of a generated configuration as it is', () => {
  expect(worker({ name: 'ferry-production', targetEnvironment: 'production' }, 'production', true).scriptName).toBe('ferry-production')
})

const kinds = (config: object, deployed: DeployedFacts | undefined) =>
  findOneWayDoors(worker({ name: 'ferry', ...config }), deployed).map((door) => door.kind)

describe('a one-way door', () => {
  const two = { migrations: [{ tag: 'v1' }, { tag: 'v2' }] }

  it.each([
    ['a first deploy', {}, undefined, ['first-deploy']],
    ['nothing', {}, {}, []],
    ['migrations, none of them applied', two, {}, ['migration']],
    ['the last migration, not yet applied', two, { migrationTag: 'v1' }, ['migration']],
    ['migrations that are all applied', two, { migrationTag: 'v2' }, []],
    ['an applied migration that the file does not know', two, { migrationTag: 'v9' }, ['migration']],
    ['declared exports in place of migrations', { ...two, exports: { Counter: { type: 'durable-object' } } }, {}, []],
    ['exports of something else', { ...two, exports: { Page: { type: 'worker' } } }, {}, ['migration']],
    ['containers', { containers: [{ class_name: 'Box', image: './Dockerfile' }] }, {}, ['containers']],
    ['containers that only the live version has', {}, { hasContainers: true }, ['containers']],
    ['Workers Sites', { site: { bucket: './public' } }, {}, ['workers-site']],
    ['the service-worker syntax', { wasm_modules: { LIB: 'lib.wasm' } }, {}, ['service-worker']],
    ['empty fields of the older syntax', { text_blobs: {}, containers: [] }, {}, []],
  ])('is seen for %s', (_name, config, deployed, expected) => {
    expect(kinds(config, deployed)).toEqual(expected)
  })

  it('names the migrations that are pending, and a remedy', () => {
    const [door] = findOneWayDoors(worker({ name: 'ferry', ...two }), { migrationTag: 'v1' })
    expect(door?.message).toContain('`v2`')
    expect(door?.message).not.toContain('`v1`')
    expect(door?.remedy).toContain('full-deploy: allow')
  })
})

it('makes a configuration that builds nothing and reads nothing of the repository', () => {
  const raw = rawConfigSchema.parse({
    $schema: './node_modules/wrangler/config-schema.json',
    name: 'ferry',
    main: 'src/index.ts',
    base_dir: 'src',
    tsconfig: 'tsconfig.json',
    build: { command: 'curl evil' },
    alias: { a: './b' },
    assets: { directory: './public', binding: 'ASSETS' },
    vars: { COLOUR: 'blue' },
    site: { bucket: './site' },
    containers: [{ image: './Dockerfile' }, { image: 'docker/Dockerfile.prod', image_build_context: '.' }, { image: 'registry.cloudflare.com/a/b:1' }],
    env: { production: { main: 'src/other.ts', build: { command: 'curl evil' }, vars: { COLOUR: 'red' }, assets: { directory: 'dist' } } },
  })
  expect(deployableConfig(raw, { entry: '/build/bundle/index.js', assetsDirectory: '/build/assets' }, '/repo/app')).toEqual({
    name: 'ferry',
    main: '/build/bundle/index.js',
    no_bundle: true,
    assets: { directory: '/build/assets', binding: 'ASSETS' },
    vars: { COLOUR: 'blue' },
    site: { bucket: '/repo/app/./site' },
    containers: [
      { image: '/repo/app/./Dockerfile' },
      { image: '/repo/app/docker/Dockerfile.prod', image_build_context: '/repo/app/.' },
      { image: 'registry.cloudflare.com/a/b:1' },
    ],
    env: { production: { vars: { COLOUR: 'red' }, assets: { directory: '/build/assets' } } },
  })
})
