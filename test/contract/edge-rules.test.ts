import { expect, test } from 'vitest'
import { objectVersion, type ObjectDeployment } from '../../sandbox/cloudflare/edge/object-version.ts'
import { versionOverrides } from '../../sandbox/cloudflare/edge/override-header.ts'
import { everywhereAt, locationNamed, seenAt, spreadDelays, stillSeen } from '../../sandbox/cloudflare/edge/propagation.ts'
import { chooseVersion, pointOf, versionAt } from '../../sandbox/cloudflare/edge/split.ts'
import { countByVersion, type Visit } from '../../sandbox/cloudflare/edge/tally.ts'
import type { CodeUpdateStrategy, Share } from '../../sandbox/cloudflare/types.ts'
import { seededRandom } from '../../sandbox/random.ts'

function shares(...parts: readonly (readonly [string, number])[]): readonly Share[] {
  return parts.map(([id, percentage]) => ({ versionId: id, percentage }))
}

test.each([
  ['shop="v1"', { shop: 'v1' }],
  ['  shop="v1", other="v2"  ', { shop: 'v1', other: 'v2' }],
  ['shop="v1"\t,\tother="v2"', { shop: 'v1', other: 'v2' }],
  ['shop="v1";a=1;b, other="v2"', { shop: 'v1', other: 'v2' }],
  ['shop="v1", shop="v2"', { shop: 'v2' }],
  [String.raw`shop="a\"b\\c"`, { shop: String.raw`a"b\c` }],
  ['*a.b-c_d="v1"', { '*a.b-c_d': 'v1' }],
  ['flag, list=("a" b 1;x);y, shop="v1"', { shop: 'v1' }],
  ['number=1.5, bool=?1, bytes=:aGk=:, token=a/b, shop="v1"', { shop: 'v1' }],
  ['shop="v1", shop=v2', {}],
])('reads the dictionary %s', (header, expected) => {
  expect(Object.fromEntries(versionOverrides(header))).toEqual(expected)
})

test.each([
  'shop="v1',
  'shop="v1",',
  'shop="v1",,other="v2"',
  'Shop="v1"',
  '1shop="v1"',
  'shop = "v1"',
  'shop="v1" other="v2"',
  String.raw`shop="a\b"`,
  'shop="é"',
  'shop=("a"',
  'shop="v1"; other="v2", B',
])('ignores the malformed dictionary %s as a whole', (header) => {
  expect(versionOverrides(header).size).toBe(0)
})

test('asks for nothing when there is no header', () => {
  expect([versionOverrides(undefined).size, versionOverrides('').size]).toEqual([0, 0])
})

test('an override outranks the affinity key, and only a live version can be asked for', () => {
  const split = { scriptName: 'shop', shares: shares(['a', 100], ['b', 0]), affinityKey: 'user' }
  const random = seededRandom(1)
  expect(chooseVersion({ ...split, overrides: 'shop="b"' }, random)).toBe('b')
  expect(chooseVersion({ ...split, overrides: 'shop="c"' }, random)).toBe('a')
  expect(chooseVersion({ ...split, overrides: 'shop=b' }, random)).toBe('a')
  expect(chooseVersion({ ...split, overrides: 'other="b"' }, random)).toBe('a')
})

function drawn(): number {
  throw new Error('a random number was drawn')
}

test('an affinity key draws no random number', () => {
  const split = { scriptName: 'shop', shares: shares(['a', 50], ['b', 50]), overrides: undefined }
  const first = chooseVersion({ ...split, affinityKey: 'user' }, drawn)
  expect(chooseVersion({ ...split, affinityKey: 'user' }, drawn)).toBe(first)
})

test('shares lie end to end in the order of the deployment', () => {
  const split = shares(['a', 90], ['b', 10])
  expect([0, 89.99, 90, 99.99].map((point) => versionAt(split, point))).toEqual(['a', 'a', 'b', 'b'])
  expect(versionAt(shares(['a', 0], ['b', 100]), 0)).toBe('b')
  expect(versionAt(shares(['a', 100], ['b', 0]), 99.999)).toBe('a')
})

test('a split that sums to a little under 100 still serves every point', () => {
  expect(versionAt(shares(['a', 33.3333], ['b', 66.6666], ['c', 0]), 99.99995)).toBe('b')
})

test('a deployment without traffic for anyone is an error', () => {
  expect(() => versionAt(shares(['a', 0]), 1)).toThrow('no version')
})

test('points of keys are spread evenly', () => {
  const points = Array.from({ length: 2000 }, (_, index) => pointOf(`key-${index}`))
  const inTenths = Array.from({ length: 10 }, (_, tenth) => points.filter((point) => Math.floor(point / 10) === tenth).length)
  // 200 expected in each, standard deviation 13.4.
  expect(Math.min(...inTenths)).toBeGreaterThan(140)
  expect(Math.max(...inTenths)).toBeLessThan(260)
})

const deferred = (maxDelaySeconds: number): CodeUpdateStrategy => ({ mode: 'deferred', maxDelaySeconds })

function deployed(deployedAt: number, id: string, codeUpdateStrategy: CodeUpdateStrategy): ObjectDeployment {
  return { deployedAt, shares: shares([id, 100]), codeUpdateStrategy }
}

test('an object out of memory starts on the newest deployment', () => {
  const deployments = [deployed(1000, 'b', deferred(300)), deployed(0, 'a', deferred(300))]
  expect(objectVersion({ object: 'x', deployments, running: undefined, now: 1001 })).toBe('b')
})

test('a running object keeps its code until max_delay', () => {
  const deployments = [deployed(1000, 'b', deferred(2)), deployed(0, 'a', deferred(300))]
  const at = (now: number) => objectVersion({ object: 'x', deployments, running: 'a', now })
  expect([at(1000), at(2999), at(3000)]).toEqual(['a', 'a', 'b'])
})

test('a running object changes at once when the deployment is immediate', () => {
  const deployments = [deployed(1000, 'b', { mode: 'immediate' }), deployed(0, 'a', deferred(300))]
  expect(objectVersion({ object: 'x', deployments, running: 'a', now: 1000 })).toBe('b')
})

test('a later deployment does not put off what an earlier one has begun', () => {
  const deployments = [deployed(2500, 'c', deferred(300)), deployed(1000, 'b', deferred(2)), deployed(0, 'a', deferred(300))]
  expect(objectVersion({ object: 'x', deployments, running: 'a', now: 3000 })).toBe('c')
  expect(objectVersion({ object: 'x', deployments, running: 'b', now: 3000 })).toBe('b')
})

test('a deployment that gives the object back its running version leaves it alone', () => {
  const deployments = [deployed(2000, 'a', { mode: 'immediate' }), deployed(1000, 'b', deferred(1)), deployed(0, 'a', deferred(1))]
  expect(objectVersion({ object: 'x', deployments, running: 'a', now: 9000 })).toBe('a')
})

test('objects go over to a growing version and none comes back', () => {
  const objects = Array.from({ length: 300 }, (_, index) => `shop/Counter/${index}`)
  const at = (percentage: number) => {
    const split = shares(['b', percentage], ['a', 100 - percentage])
    const deployments = [{ deployedAt: 0, shares: split, codeUpdateStrategy: deferred(0) }]
    return new Set(objects.filter((object) => objectVersion({ object, deployments, running: undefined, now: 0 }) === 'b'))
  }
  const [small, large] = [at(20), at(60)]
  expect([...small].filter((object) => !large.has(object))).toEqual([])
  expect(small.size).toBeGreaterThan(30)
  expect(large.size).toBeGreaterThan(small.size)
  expect(at(0).size).toBe(0)
  expect(at(100).size).toBe(300)
})

test('each location sees a split after its own delay', () => {
  const history = [
    { publishedAt: 0, delaysMilliseconds: spreadDelays(0, 1), value: 'old' },
    { publishedAt: 1000, delaysMilliseconds: spreadDelays(900, 3), value: 'new' },
  ]
  expect([0, 1, 2].map((location) => seenAt(history, location, 1600))).toEqual(['new', 'new', 'old'])
  expect(seenAt(history, 2, 1900)).toBe('new')
  expect(seenAt(history.slice(1), 2, 1600)).toBeUndefined()
})

test('a split is forgotten once all locations have seen a later one', () => {
  const old = { publishedAt: 0, delaysMilliseconds: [0], value: 'old' }
  const next = { publishedAt: 1000, delaysMilliseconds: [300, 600], value: 'new' }
  expect(everywhereAt(next)).toBe(1600)
  expect(stillSeen([old, next], 1599)).toEqual([old, next])
  expect(stillSeen([old, next], 1600)).toEqual([next])
})

test('a location without a number is always the same one', () => {
  expect(locationNamed('2')).toBe(2)
  expect(locationNamed('ZRH')).toBe(locationNamed('ZRH'))
  expect(Number.isInteger(locationNamed('ZRH'))).toBe(true)
})

function visit(change: Partial<Visit>): Visit {
  return {
    at: '2026-11-23T10:00:00.000Z',
    scriptName: 'shop',
    versionId: 'a',
    location: 0,
    method: 'GET',
    path: '/',
    userAgent: '',
    override: false,
    status: 200,
    durationMs: 1,
    ...change,
  }
}

test('visits are counted by script, version and kind of traffic', () => {
  const visits = [
    visit({}),
    visit({ status: 500, durationMs: 2 }),
    visit({ versionId: 'b', override: true }),
    visit({ versionId: undefined, status: 404 }),
    visit({ scriptName: 'other' }),
  ]
  expect(countByVersion(visits, 'shop', 'users')).toEqual([
    { versionId: 'a', requests: 2, statuses: { 200: 1, 500: 1 }, durationsMs: [1, 2] },
  ])
  expect(countByVersion(visits, 'shop', 'overrides')).toMatchObject([{ versionId: 'b', requests: 1 }])
})
