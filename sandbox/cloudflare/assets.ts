import { z } from 'zod'
import type { IncomingRequest } from '../world.ts'
import { invalidScript, unknownToken } from './errors.ts'
import { SandboxGap } from './gap.ts'
import type { Plane, ScriptName } from './state.ts'
import type { AssetFile } from './types.ts'
import { bearer } from './tokens.ts'
import { multipart } from './uploads.ts'

/** Docs "Static assets, direct upload": path to hash and size. */
export const manifestSchema = z.record(
  z.string().startsWith('/'),
  z.strictObject({ hash: z.string(), size: z.number() }),
)

type Manifest = z.infer<typeof manifestSchema>

type Contents = Map<string, { readonly contentType: string; readonly content: Buffer }>

interface Session {
  readonly script: ScriptName
  readonly manifest: Manifest
  /** By hash, shared by all sessions of the script: a second upload sends only what is new. */
  readonly contents: Contents
}

/** The upload sessions for static assets, by the token that stands for them. */
export interface AssetSessions {
  open(script: ScriptName, manifest: Manifest): { readonly jwt: string; readonly buckets: readonly string[][] }
  /** Takes one bucket of files; `jwt` once the last one is in. */
  receive(request: IncomingRequest): Promise<{ readonly jwt?: string }>
  filesOf(script: ScriptName, jwt: string): readonly AssetFile[]
}

/** Docs "Static assets, direct upload": register a manifest, send what is missing, name the completion token. */
export function createAssetSessions(plane: Plane): AssetSessions {
  const sessions = new Map<string, Session>()
  const completed = new Map<string, Session>()
  // By name: a first deploy sends its assets before the script exists.
  const contentsOf = new Map<ScriptName, Contents>()
  const newToken = (kept: Map<string, Session>, session: Session) => {
    const jwt = unsignedJwt(plane)
    kept.set(jwt, session)
    return jwt
  }
  return {
    open(script, manifest) {
      const contents = contentsOf.get(script) ?? new Map()
      contentsOf.set(script, contents)
      const session = { script, manifest, contents }
      const missing = missingHashes(session)
      if (missing.length === 0) return { jwt: newToken(completed, session), buckets: [] }
      return { jwt: newToken(sessions, session), buckets: [missing] }
    },
    async receive(request) {
      const session = sessions.get(bearer(request) ?? '')
      if (session === undefined) throw unknownToken()
      for (const [hash, part] of await multipart(request)) {
        if (typeof part === 'string') throw new SandboxGap(`the asset ${hash} is a field, not a file`)
        keep(session, { hash, contentType: part.type, content: Buffer.from(await part.text(), 'base64') })
      }
      return missingHashes(session).length === 0 ? { jwt: newToken(completed, session) } : {}
    },
    filesOf(script, jwt) {
      const session = completed.get(jwt)
      if (session?.script !== script) throw invalidScript('The assets jwt is not the completion token of an upload.')
      return Object.entries(session.manifest).map(([path, { hash }]) => fileOf(session, path, hash))
    },
  }
}

function missingHashes({ manifest, contents }: Session): string[] {
  const hashes = new Set(Object.values(manifest).map((entry) => entry.hash))
  return [...hashes].filter((hash) => !contents.has(hash))
}

function keep(session: Session, file: { hash: string; contentType: string; content: Buffer }): void {
  const entry = Object.values(session.manifest).find((candidate) => candidate.hash === file.hash)
  if (entry === undefined) throw new SandboxGap(`the asset ${file.hash} is not in the session's manifest`)
  if (entry.size !== file.content.length) {
    throw new SandboxGap(`the asset ${file.hash} has ${file.content.length} bytes, its manifest says ${entry.size}`)
  }
  session.contents.set(file.hash, { contentType: file.contentType, content: file.content })
}

function fileOf(session: Session, path: string, hash: string): AssetFile {
  const kept = session.contents.get(hash)
  if (kept === undefined) throw new SandboxGap(`the asset ${path} has no content`)
  return { path, ...kept }
}

/** wrangler 4.164.0 reads `exp` from the token without checking a signature. */
function unsignedJwt(plane: Plane): string {
  const claims = { exp: Math.floor(Date.now() / 1000) + 3600, session: plane.world.uuid() }
  return `${base64Url({ alg: 'none', typ: 'JWT' })}.${base64Url(claims)}.`
}

function base64Url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
