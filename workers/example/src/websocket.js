import { json } from './answers.js'
import { isBroken } from './switches.js'

/** Answers `ping` with a pong and anything else with itself; each answer says which version gave it. */
export function answerSocket(request, env) {
  if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket') return json({ error: 'a WebSocket is expected' }, 426)
  const [client, server] = Object.values(new WebSocketPair())
  server.accept()
  server.addEventListener('message', ({ data }) => {
    // Broken: the handshake is well, and then nobody answers.
    if (isBroken(env, 'websocket')) return
    server.send(JSON.stringify({ ...answerTo(data), versionId: env.VERSION.id }))
  })
  // With a compatibility date before 2026-04-07 nobody else answers the close frame (flag `web_socket_auto_reply_to_close`).
  server.addEventListener('close', () => server.close())
  return new Response(null, { status: 101, webSocket: client })
}

function answerTo(data) {
  if (data === 'ping') return { type: 'pong' }
  return typeof data === 'string' ? { type: 'echo', text: data } : { type: 'echo', bytes: data.byteLength }
}
