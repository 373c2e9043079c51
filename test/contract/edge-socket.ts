import { WebSocket } from 'undici'

/** An open WebSocket to a path of an edge's origin. */
export async function openSocket(url: string, headers: Readonly<Record<string, string>> = {}): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'), { headers })
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true })
    socket.addEventListener('error', () => reject(new Error(`no WebSocket at ${url}`)), { once: true })
  })
  return socket
}

/** Sends a text and resolves to what comes back. */
export function say(socket: WebSocket, text: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    socket.addEventListener('message', ({ data }) => resolve(data), { once: true })
    socket.addEventListener('close', () => reject(new Error('the WebSocket was closed')), { once: true })
    socket.send(text)
  })
}

export function closed(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) => {
    socket.addEventListener('close', resolve, { once: true })
  })
}
