// Renders job summaries as GitHub does, tables and Mermaid charts included, and takes pictures of them:
// node scripts/screenshots.ts <summary.md> <picture.png> [<summary.md> <picture.png> ...]
// Wants a Chromium (CHROMIUM names it, else /usr/bin/chromium); Mermaid is brought by npm, outside the project's own packages.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import markdownIt from 'markdown-it'
import { chromium } from 'playwright-core'

const MERMAID = '12.3.0'
const folder = fileURLToPath(new URL('../.sandbox/screenshots', import.meta.url))
const mermaid = `${folder}/node_modules/mermaid/dist/mermaid.min.js`
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

const STYLE = `
  body { font: 14px/1.5 'DejaVu Sans', sans-serif; color: #1f2328; margin: 24px; width: 980px }
  h2 { border-bottom: 1px solid #d1d9e0; padding-bottom: 6px } h2, h3, h4 { margin: 24px 0 12px }
  table { border-collapse: collapse; margin: 12px 0; font-size: 13px } td, th { border: 1px solid #d1d9e0; padding: 5px 11px }
  tr:nth-child(2n) { background: #f6f8fa } code { background: #eff1f3; padding: 2px 4px; border-radius: 4px; font-size: 85% }
  details > summary { cursor: pointer }`

/** In the page, where Mermaid is; what it says of a chart that it cannot read. */
const DRAW_CHARTS = `(async () => {
  mermaid.initialize({ startOnLoad: false, theme: 'default' })
  let count = 0
  for (const code of document.querySelectorAll('code.language-mermaid')) {
    try {
      const { svg } = await mermaid.render('chart-' + count++, code.textContent)
      const drawn = document.createElement('div')
      drawn.innerHTML = svg
      code.parentElement.replaceWith(drawn)
    } catch (error) { return String(error) }
  }
  return ''
})()`

const pairs = process.argv.slice(2)
if (pairs.length === 0 || pairs.length % 2 === 1) {
  console.error('usage: node scripts/screenshots.ts <summary.md> <picture.png> [...]')
  process.exit(2)
}
if (!existsSync(executablePath)) {
  console.error(`There is no Chromium at ${executablePath}. Install one, or name it by CHROMIUM.`)
  process.exit(2)
}
if (!existsSync(mermaid)) {
  const { status } = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder, `mermaid@${MERMAID}`], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'] })
try {
  for (let at = 0; at < pairs.length; at += 2) await takePicture(pairs[at] ?? '', pairs[at + 1] ?? '')
} finally {
  await browser.close()
}

async function takePicture(summary: string, picture: string): Promise<void> {
  // HTML is allowed, as on GitHub: a summary folds what is long.
  const html = markdownIt({ html: true, linkify: true }).render(readFileSync(summary, 'utf8'))
  const page = await browser.newPage({ deviceScaleFactor: 1.25, viewport: { width: 1060, height: 800 } })
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>${STYLE}</style><body>${html}</body>`)
  await page.addScriptTag({ path: mermaid })
  const wrong = await page.evaluate(DRAW_CHARTS)
  if (wrong !== '') throw new Error(`${summary}: Mermaid refuses a chart: ${String(wrong)}`)
  await page.screenshot({ path: picture, fullPage: true })
  await page.close()
  console.log(`${picture}: ${summary}`)
}
