import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { digestOf, openBuild, packBuild } from '../../src/shell/build-directory.ts'

let area = ''
let target = ''
beforeEach(() => {
  area = mkdtempSync(join(tmpdir(), 'sleepwell-handed-over-'))
  target = join(area, 'target')
  mkdirSync(join(area, 'bundle/modules'), { recursive: true })
  mkdirSync(join(area, 'assets'))
  writeFileSync(join(area, 'bundle/index.js'), 'export default {}\n')
  writeFileSync(join(area, 'bundle/modules/data.wasm'), Buffer.from([0, 1, 255]))
  writeFileSync(join(area, 'assets/index.html'), '<h1>Shop</h1>\n')
})
afterEach(() => rmSync(area, { recursive: true, force: true }))

const pack = () => packBuild({ bundle: join(area, 'bundle'), assets: join(area, 'assets'), entry: 'index.js' }, target)

describe('a build that is handed over', () => {
  it('is opened when it is exactly what the build job packed', async () => {
    const digest = await pack()
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    expect(await openBuild(target, digest)).toEqual({ kind: 'ok', manifest: { schemaVersion: 1, entry: 'index.js', hasAssets: true } })
    expect(readFileSync(join(target, 'bundle/modules/data.wasm'))).toEqual(Buffer.from([0, 1, 255]))
  })

  it('has the same digest wherever it lies', async () => {
    const digest = await pack()
    renameSync(target, join(area, 'elsewhere'))
    expect(await digestOf(join(area, 'elsewhere'))).toBe(digest)
  })

  it.each([
    { change: 'one byte', by: () => writeFileSync(join(target, 'bundle/index.js'), 'export default {};') },
    { change: 'a file more', by: () => writeFileSync(join(target, 'bundle/more.js'), '') },
    { change: 'a file less', by: () => rmSync(join(target, 'assets/index.html')) },
    { change: 'another name', by: () => renameSync(join(target, 'bundle/index.js'), join(target, 'bundle/other.js')) },
    { change: 'another entry', by: () => writeFileSync(join(target, 'sleepwell-build.json'), '{"schemaVersion":1,"entry":"other.js","hasAssets":true}\n') },
    { change: 'a file moved between folders', by: () => renameSync(join(target, 'assets/index.html'), join(target, 'bundle/index.html')) },
  ])('is refused with $change', async ({ by }) => {
    const digest = await pack()
    by()
    const opened = await openBuild(target, digest)
    expect(opened).toMatchObject({ kind: 'refused', message: expect.stringContaining(`but the build job gave ${digest}`) })
  })

  it.each([
    { entry: 'a link to the environment of whoever reads it', by: () => symlinkSync('/proc/self/environ', join(target, 'bundle/environ.txt')), name: 'bundle/environ.txt' },
    { entry: 'a link to a folder', by: () => symlinkSync('/etc', join(target, 'assets/etc')), name: 'assets/etc' },
    { entry: 'a link that leads nowhere', by: () => symlinkSync('nowhere', join(target, 'assets/nowhere')), name: 'assets/nowhere' },
    { entry: 'a link within itself', by: () => symlinkSync('index.js', join(target, 'bundle/again.js')), name: 'bundle/again.js' },
    { entry: 'a named pipe, which would never end', by: () => execFileSync('mkfifo', [join(target, 'bundle/pipe')]), name: 'bundle/pipe' },
  ])('is refused with $entry, whatever its digest', async ({ by, name }) => {
    await pack()
    by()
    expect(await openBuild(target, await digestOf(target))).toEqual({
      kind: 'refused',
      message: `the build holds ${name}, which is neither a plain file nor a folder`,
    })
  })

  it('is refused when the folder itself is a link', async () => {
    const digest = await pack()
    symlinkSync(target, join(area, 'link'))
    expect(await openBuild(join(area, 'link'), digest)).toMatchObject({ kind: 'refused' })
  })

  it.each([
    { manifest: 'no manifest', text: undefined },
    { manifest: 'no JSON', text: 'entry: index.js' },
    { manifest: 'an entry outside of the bundle', text: '{"schemaVersion":1,"entry":"../../etc/passwd","hasAssets":false}' },
    { manifest: 'a schema of another release', text: '{"schemaVersion":2,"entry":"index.js","hasAssets":false}' },
  ])('is refused with $manifest', async ({ text }) => {
    await pack()
    if (text === undefined) rmSync(join(target, 'sleepwell-build.json'))
    else writeFileSync(join(target, 'sleepwell-build.json'), text)
    expect(await openBuild(target, await digestOf(target))).toEqual({ kind: 'refused', message: 'the build has no readable sleepwell-build.json' })
  })

  it('holds the content of links that the build made, never the links', async () => {
    symlinkSync('index.html', join(area, 'assets/home.html'))
    linkSync(join(area, 'bundle/index.js'), join(area, 'bundle/hard.js'))
    const digest = await pack()
    expect((await openBuild(target, digest)).kind).toBe('ok')
    expect(readdirSync(join(target, 'assets')).toSorted()).toEqual(['home.html', 'index.html'])
    expect(readFileSync(join(target, 'assets/home.html'), 'utf8')).toBe('<h1>Shop</h1>\n')
  })
})

it('refuses to pack a link that leads out of what is handed over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sleepwell-pack-'))
  mkdirSync(join(folder, 'bundle'))
  writeFileSync(join(folder, 'bundle/index.js'), 'export default {}')
  writeFileSync(join(folder, 'outside.txt'), 'of the build job')
  symlinkSync(join(folder, 'outside.txt'), join(folder, 'bundle/inside.txt'))
  await expect(packBuild({ bundle: join(folder, 'bundle'), entry: 'index.js' }, join(folder, 'out'))).rejects.toThrow('inside.txt is a link that leads out')
  rmSync(folder, { recursive: true })
})
