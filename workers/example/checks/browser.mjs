// A browser step, for a check of the kind "command": the admin page in a real Chromium, with its scripts run.
//
//   - name: admin in a browser
//     kind: command
//     run: [node, checks/browser.mjs]
//
// Needs the package playwright-core, and a Chromium: CHROMIUM names it, else /usr/bin/chromium.
import { chromium } from 'playwright-core'

const { SLEEPWELL_URL, SLEEPWELL_OVERRIDE_HEADER, CHROMIUM = '/usr/bin/chromium' } = process.env
const origin = new URL(SLEEPWELL_URL).origin
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
const faults = []
const versions = new Set()

try {
  const page = await browser.newPage()
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`))
  page.on('requestfailed', (request) => faults.push(`${request.url()}: ${request.failure()?.errorText}`))
  page.on('response', async (response) => {
    if (!response.url().startsWith(origin)) return
    const version = response.headers()['x-version-id']
    if (version !== undefined) versions.add(version)
    if (response.status() >= 400) faults.push(`${response.url()}: status ${response.status()}`)
  })
  // Only our own origin may see which version is asked for.
  await page.route(`${origin}/**`, (route) => route.continue({ headers: { ...route.request().headers(), ...override() } }))
  await page.goto(new URL('/admin', origin).href, { timeout: 20_000 })
  await page.waitForFunction(() => document.getElementById('health')?.textContent !== '…', undefined, { timeout: 10_000 })
  console.log(`The page says: ${await page.locator('#health').textContent()}`)
} catch (error) {
  faults.push(error.message.split('\n')[0])
} finally {
  await browser.close()
}

// Whoever answered says so; that proves which version was tested.
for (const version of versions) console.log(`sleepwell-version: ${version}`)
for (const fault of faults) console.error(fault)
process.exitCode = faults.length === 0 ? 0 : 1

function override() {
  const [name, ...value] = (SLEEPWELL_OVERRIDE_HEADER ?? '').split(': ')
  return name === '' ? {} : { [name.toLowerCase()]: value.join(': ') }
}
