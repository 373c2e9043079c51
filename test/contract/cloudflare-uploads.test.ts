import { describe, expect, it } from 'vitest'
import {
  accountId,
  applied,
  call,
  classCode,
  cloudflare,
  counter,
  created,
  deploy,
  form,
  migration,
  name,
  plainCode,
  put,
  script,
  secret,
  split,
  upload,
  uploaded,
  withNewAccount,
} from './cloudflare-api.ts'

withNewAccount()

const tagged = (bytes: number) => upload({ metadata: { annotations: { 'workers/tag': 't'.repeat(bytes) } } })
const bind = (...bindings: readonly unknown[]) => upload({ metadata: { bindings } })

describe('an upload', () => {
  it('of a version needs a Worker that exists', async () => {
    expect(await upload()).toMatchObject({ status: 404, code: 10_007 })
    expect(await call('GET', `${script}/deployments`)).toMatchObject({ status: 404, code: 10_007 })
    expect(await call('GET', `/accounts/${accountId}/workers/services/${name}`)).toMatchObject({ code: 10_007 })
  })

  it('of a script deploys it to everyone; its deployment_id is the version without hyphens', async () => {
    const answer = await put()
    const [version] = cloudflare.model.versions(name)
    expect(answer.result).toMatchObject({ deployment_id: version?.id.replaceAll('-', '') })
    expect(split()).toEqual([[version?.id, 100]])
    expect(applied.map((live) => live.deployment)).toEqual([cloudflare.model.live(name)])
  })

  it('numbers versions, keeps what was sent, and leaves the live one alone', async () => {
    const first = await created()
    const annotations = { 'workers/tag': 'abc', 'workers/message': 'why' }
    const second = await uploaded({ metadata: { annotations, bindings: [{ type: 'plain_text', name: 'V', text: '1' }] } })
    expect(split()).toEqual([[first, 100]])
    const view = await call('GET', `${script}/versions/${second}`)
    expect(view.result).toMatchObject({
      id: second,
      number: 2,
      annotations: { ...annotations, 'workers/triggered_by': 'version_upload' },
      metadata: { source: 'api', hasPreview: true },
      resources: {
        bindings: [{ type: 'plain_text', name: 'V', text: '1' }],
        script_runtime: { compatibility_date: '2026-01-01' },
      },
    })
  })

  it('never shows a secret', async () => {
    await created({ metadata: secret('hush') })
    const [version] = cloudflare.model.versions(name)
    for (const path of [`/versions/${version?.id}`, '/secrets', '/secrets/KEY', '/settings']) {
      const { result, status } = await call('GET', `${script}${path}`)
      expect(status).toBe(200)
      expect(JSON.stringify(result)).toContain('KEY')
      expect(JSON.stringify(result)).not.toContain('hush')
    }
  })

  it('says who made it by its user agent', async () => {
    await created()
    await call('POST', `${script}/versions`, { body: form({}), agent: 'wrangler/4.164.0' })
    expect(cloudflare.model.versions(name).map((version) => version.source)).toEqual(['wrangler', 'api'])
  })

  it('truncates a message at 1000 bytes without breaking a character, and refuses a tag over 100', async () => {
    await created()
    await uploaded({ metadata: { annotations: { 'workers/message': `${'a'.repeat(999)}é` } } })
    expect(cloudflare.model.versions(name)[0]?.message).toBe('a'.repeat(999))
    expect(await tagged(100)).toMatchObject({ status: 200 })
    expect(await tagged(101)).toMatchObject({ status: 400 })
    expect(cloudflare.model.versions(name)).toHaveLength(3)
  })

  it.each([
    ['does not parse', 'export default { fetch( }', 'SyntaxError'],
    ['throws in its global scope', 'throw new Error("no key"); export default {}', 'no key'],
    ['imports what was not sent', 'import "./gone.js"; export default {}', 'No such module "gone.js"'],
  ])('of code that %s is refused', async (_, code, reason) => {
    await created()
    const answer = await upload({ code })
    expect(answer).toMatchObject({ status: 400, code: 10_021 })
    expect(answer.text).toContain(reason)
    expect(cloudflare.model.versions(name)).toHaveLength(1)
  })

  it('whose main module is missing is refused', async () => {
    expect(await put({ metadata: { main_module: 'other.js' } })).toMatchObject({ status: 400, code: 10_021 })
    expect(cloudflare.model.scripts.size).toBe(0)
  })

  it('starts with the variables and secrets that it will run with', async () => {
    const code = 'import { env } from "cloudflare:workers"\nif (env.KEY !== "k") throw new Error("unset")\n' + plainCode
    expect(await put({ code })).toMatchObject({ code: 10_021 })
    expect(await put({ code, metadata: secret('k') })).toMatchObject({ status: 200 })
    expect(await upload({ code, metadata: { keep_bindings: ['secret_text'] } })).toMatchObject({ status: 200 })
  })

  it('inherits from the newest version, deployed or not, and keeps what it is told to keep', async () => {
    await created({ metadata: secret('one') })
    await uploaded({ metadata: secret('two') })
    await uploaded({ metadata: { keep_bindings: ['secret_text'] } })
    await uploaded({ metadata: { ...secret('three'), keep_bindings: ['secret_text'] } })
    await uploaded({ metadata: { bindings: [{ type: 'inherit', name: 'KEY' }] } })
    await uploaded()
    const values = cloudflare.model.versions(name).map((version) => version.bindings.map((binding) => binding['text']))
    expect(values).toEqual([[], ['three'], ['three'], ['two'], ['two'], ['one']])
  })

  it('cannot inherit what is not there', async () => {
    await created()
    const answer = await upload({ metadata: { bindings: [{ type: 'inherit', name: 'KEY' }] } })
    expect(answer).toMatchObject({ status: 400, code: 10_057 })
    expect(answer.text).toMatch(/^inherit binding 'KEY' is invalid/)
  })

  it('cannot bind two things to one name, nor what does not exist', async () => {
    await created()
    const text = { type: 'plain_text', name: 'A', text: 'a' }
    expect(await bind(text, text)).toMatchObject({ code: 10_053 })
    expect(await bind({ type: 'kv_namespace', name: 'A', namespace_id: 'x' })).toMatchObject({ code: 10_041 })
    expect(await bind({ type: 'r2_bucket', name: 'A', bucket_name: 'x' })).toMatchObject({ code: 10_085 })
    expect(await bind(counter)).toMatchObject({ code: 10_061 })
  })

  it('of the same code twice is two versions with one etag', async () => {
    await created()
    const [a, b] = [await uploaded(), await uploaded()]
    expect(a).not.toBe(b)
    const [newest, older] = cloudflare.model.versions(name)
    expect([newest?.id, older?.id]).toEqual([b, a])
    expect(newest?.etag).toBe(older?.etag)
  })
})

describe('a Durable Object migration', () => {
  it('is applied by a script upload, and gives the class a namespace', async () => {
    await created({ code: classCode, metadata: { ...migration('v1', 'Counter'), bindings: [counter] } })
    const [version] = cloudflare.model.versions(name)
    const namespaceId = cloudflare.model.script(name).durableObjectClasses.get('Counter')?.namespaceId
    expect(version?.bindings).toEqual([{ ...counter, namespace_id: namespaceId }])
    expect(version?.migrationTag).toBe('v1')
    expect(applied[0]?.durableObjectClasses).toEqual({ Counter: 'sql' })
    expect((await call('GET', `/accounts/${accountId}/workers/services/${name}`)).result).toMatchObject({
      default_environment: { script: { migration_tag: 'v1' } },
    })
    expect((await call('GET', `${script}/versions/${version?.id}`)).result).toMatchObject({
      metadata: { hasPreview: false },
      resources: { script_runtime: { migration_tag: 'v1' } },
    })
  })

  it('cannot come with a version', async () => {
    await created()
    const answer = await upload({ code: classCode, metadata: migration('v1', 'Counter') })
    expect(answer).toMatchObject({ status: 400, code: 10_211 })
  })

  it('must start where the last one ended, and fit the classes', async () => {
    await created({ code: classCode, metadata: migration('v1', 'Counter') })
    expect(await put({ code: classCode, metadata: migration('v2', 'Gauge') })).toMatchObject({ status: 412, code: 10_079 })
    expect(await put({ code: classCode, metadata: migration('v2', 'Counter', 'v1') })).toMatchObject({ code: 10_074 })
    const steps = [{ renamed_classes: [{ from: 'Counter', to: 'Gauge' }] }]
    const rename = { migrations: { old_tag: 'v1', new_tag: 'v2', steps } }
    const before = cloudflare.model.script(name).durableObjectClasses.get('Counter')
    expect(await put({ code: classCode, metadata: rename })).toMatchObject({ status: 200 })
    expect([...cloudflare.model.script(name).durableObjectClasses]).toEqual([['Gauge', before]])
  })

  it('that fails leaves nothing behind', async () => {
    const metadata = { ...migration('v1', 'Counter'), bindings: [{ ...counter, class_name: 'Nobody' }] }
    expect(await put({ code: classCode, metadata })).toMatchObject({ code: 10_061 })
    expect(cloudflare.model.scripts.size).toBe(0)
    await created()
    expect(await put({ code: classCode, metadata })).toMatchObject({ code: 10_061 })
    expect(cloudflare.model.script(name).migrationTag).toBeUndefined()
    expect(cloudflare.model.script(name).durableObjectClasses.size).toBe(0)
  })

  it('keeps its class in the code from then on', async () => {
    await created({ code: classCode, metadata: migration('v1', 'Counter') })
    expect(await upload({ code: plainCode })).toMatchObject({ status: 400, code: 10_064 })
  })

  it('has no way back across it', async () => {
    const before = await created({ code: classCode })
    await created({ code: classCode, metadata: migration('v1', 'Counter') })
    const answer = await deploy({ [before]: 100 }, { query: '?force=true' })
    expect(answer).toMatchObject({ status: 400 })
    expect(answer.text).toContain('Durable Object migration')
  })

  it('can be declared as exports: bound only once deployed, and alike in all versions of a split', async () => {
    const exports = { Counter: { type: 'durable-object', storage: 'sqlite' } }
    const plain = await created({ code: classCode })
    expect(await upload({ code: classCode, metadata: { exports, bindings: [counter] } })).toMatchObject({ code: 100_406 })
    const declared = await uploaded({ code: classCode, metadata: { exports } })
    expect(await deploy({ [plain]: 50, [declared]: 50 })).toMatchObject({ code: 100_405 })
    expect(await deploy({ [declared]: 100 })).toMatchObject({ status: 200 })
    expect(applied.at(-1)?.durableObjectClasses).toEqual({ Counter: 'sql' })
    expect(await upload({ code: classCode, metadata: { exports, bindings: [counter] } })).toMatchObject({ status: 200 })
  })
})
