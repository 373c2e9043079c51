import { realpath } from 'node:fs/promises'
import { relative, resolve } from 'node:path'

type Variables = Readonly<Record<string, string | undefined>>

/** What a program needs to find others, the network and its language; of the runner's own it gets nothing. */
const PASSED_ON = [
  'PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'TZ',
  'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR',
] as const

/** What of this process's environment a program of the caller's is given. */
export function passedOn(variables: Variables): Readonly<Record<string, string>> {
  const passed = PASSED_ON.flatMap((name): [string, string][] => (variables[name] === undefined ? [] : [[name, variables[name]]]))
  return { ...Object.fromEntries(passed), CI: 'true', NO_COLOR: '1' }
}

/** A link that leads out of the workspace is as good as no folder. */
export async function folderInside(workspace: string, name: string): Promise<string | undefined> {
  try {
    const root = await realpath(workspace)
    const folder = await realpath(resolve(root, name))
    const way = relative(root, folder)
    return way === '..' || way.startsWith('../') ? undefined : folder
  } catch {
    return undefined
  }
}

/** Why a program could not be started, for people. */
export function explainStart(command: string, message: string): string {
  if (message.includes('ENOENT')) return `there is no program ${command} here`
  return message.includes('EACCES') ? `${command} may not be run: is it executable?` : message
}
