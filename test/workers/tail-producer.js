import { DurableObject } from 'cloudflare:workers'

export class Room extends DurableObject {
  fetch() {
    return new Response('the room')
  }
}

// A Worker whose requests the Tail Worker counts.
export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url)
    if (pathname === '/throws') throw new Error('a bug')
    if (pathname === '/room') return env.ROOM.getByName('only').fetch(request)
    return new Response('hello', { status: pathname === '/unavailable' ? 503 : 200 })
  },
}
