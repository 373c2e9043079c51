import { startChat, type Chat } from './chat/chat.ts'
import { startCloudflare, type Cloudflare } from './cloudflare/control-plane.ts'
import { startEdge, type SandboxEdge } from './cloudflare/edge.ts'
import { startGitHub, type GitHub } from './github/rest-api.ts'
import { createWorld, type World } from './world.ts'

export const ACCOUNT_ID = 'acc0acc0acc0acc0acc0acc0acc0acc0'

/** A Cloudflare, with its edge, a GitHub and the chat services on loopback, in one world. */
export interface Platform extends AsyncDisposable {
  readonly world: World
  readonly edge: SandboxEdge
  readonly cloudflare: Cloudflare
  readonly github: GitHub
  readonly chat: Chat
}

export interface PlatformOptions {
  readonly seed?: number
  readonly token: string
  readonly ports?: { readonly cloudflare?: number; readonly github?: number; readonly edge?: number }
}

export async function startPlatform({ seed = 1, token, ports = {} }: PlatformOptions): Promise<Platform> {
  const world = createWorld(seed)
  const edge = await startEdge(world, ports.edge === undefined ? {} : { port: ports.edge })
  const cloudflare = await startCloudflare(world, { edge, accountId: ACCOUNT_ID, token, ...(ports.cloudflare === undefined ? {} : { port: ports.cloudflare }) })
  const github = await startGitHub(world, ports.github === undefined ? {} : { port: ports.github })
  const chat = await startChat(world)
  return {
    world,
    edge,
    cloudflare,
    github,
    chat,
    async [Symbol.asyncDispose]() {
      await chat[Symbol.asyncDispose]()
      await github[Symbol.asyncDispose]()
      await cloudflare[Symbol.asyncDispose]()
      await edge[Symbol.asyncDispose]()
    },
  }
}
