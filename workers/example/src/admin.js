import { methodNotAllowed } from './answers.js'
import { isBroken } from './switches.js'

// Named after their own SHA-256 (`sha256sum public/admin/*`): a changed file is a new file.
const SCRIPT = { path: '/admin/console.71b8bb28.js', integrity: 'sha256-cbi7KLnz1Fy7hGmN7dXgz+D83bhoTw31qmbPrIiEM+w=' }
const STYLE = { path: '/admin/console.58ad7674.css', integrity: 'sha256-WK12dLGcMjSZDAlis2DE9vQl0+iVCAomAMUgd1j6g3Q=' }
const IMAGE = { path: '/admin/lighthouse.fb26cd11.svg' }

/** What the page refers to. Broken: a script of another build, which was never uploaded. */
export function adminAssets(env) {
  return [isBroken(env, 'admin') ? { ...SCRIPT, path: '/admin/console.00000000.js' } : SCRIPT, STYLE, IMAGE]
}

/** The page, and its assets: they too come through the Worker, so that each says which version gave it. */
export async function answerAdmin(request, env) {
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed()
  const { pathname } = new URL(request.url)
  if (pathname === '/admin' || pathname === '/admin/') return page(env)
  const asset = await env.ASSETS.fetch(request)
  const answer = new Response(asset.body, asset)
  answer.headers.set('cache-control', asset.ok ? 'public, max-age=31536000, immutable' : 'no-store')
  return answer
}

function page(env) {
  const [script, style, image] = adminAssets(env)
  const html = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>Sleepwell example: admin</title>
  <link rel="stylesheet" href="${style.path}" integrity="${style.integrity}">
  <script type="module" src="${script.path}" integrity="${script.integrity}"></script>
  <h1><img src="${image.path}" alt="" width="32" height="32"> Version <output>${env.VERSION.id}</output></h1>
  <p>Health: <output id="health">…</output></p>
</html>
`
  return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8' } })
}
