import { describe, expect, it } from 'vitest'
import { connectCloudflare } from '../../src/shell/cloudflare.ts'
import { systemClock } from '../../src/shell/clock.ts'
import { deployTwice, TOKEN, WORKER, type TwoVersions } from './two-versions.ts'

function portOf({ platform: { cloudflare } }: TwoVersions) {
  return connectCloudflare({ apiBaseUrl: cloudflare.apiBaseUrl, accountId: cloudflare.accountId, token: TOKEN, clock: systemClock })
}

async function historySeen(shop: TwoVersions) {
  const read = await portOf(shop).history(WORKER)
  if (read.kind !== 'ok') throw new Error(`the history cannot be read: ${read.kind}`)
  return read.value
}

async function versionsSeen(shop: TwoVersions) {
  const read = await portOf(shop).versions(WORKER, { deployableOnly: true })
  if (read.kind !== 'ok') throw new Error(`the versions cannot be read: ${read.kind}`)
  return read.value
}

describe('what a person types into wrangler', () => {
  it('is what Sleepwell reads: an upload adds a version and deploys nothing', async () => {
    await using shop = await deployTwice()
    shop.write('third')
    const { code, output } = await shop.wrangler('versions', 'upload', '--tag', 'by-hand', '--message', 'typed')
    expect(code, output).toBe(0)
    const printed = /Worker Version ID:\s*([0-9a-f-]{36})/.exec(output)?.[1]
    const versions = await versionsSeen(shop)
    expect(versions.map(({ id }) => id)).toEqual([printed, shop.second, shop.first])
    expect(versions[0]).toMatchObject({ id: printed, tag: 'by-hand', message: 'typed' })
    const history = await historySeen(shop)
    expect(history.map(({ split }) => split)).toEqual([
      [{ versionId: shop.second, percentage: 100 }],
      [{ versionId: shop.first, percentage: 100 }],
    ])
  })

  it('is what Sleepwell reads: a rollback is the newest deployment, and nobody takes it for ours', async () => {
    await using shop = await deployTwice()
    const before = await historySeen(shop)
    const { code, output } = await shop.wrangler('rollback', shop.first, '--name', WORKER, '--message', 'typed by a person', '--yes')
    expect(code, output).toBe(0)
    const after = await historySeen(shop)
    expect(after.slice(1).map(({ id }) => id)).toEqual(before.map(({ id }) => id))
    expect(after[0]).toMatchObject({ split: [{ versionId: shop.first, percentage: 100 }] })
    expect(after[0]?.marker).toBeUndefined()
    expect(after[0]?.id).toBe(shop.platform.cloudflare.model.live(WORKER)?.id)
    const status = await shop.wrangler('deployments', 'status', '--name', WORKER, '--json')
    expect(JSON.parse(status.output.slice(status.output.indexOf('{')))).toMatchObject({
      id: after[0]?.id,
      versions: [{ version_id: shop.first, percentage: 100 }],
    })
  })
})
