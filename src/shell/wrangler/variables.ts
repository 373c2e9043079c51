import { dirname, join } from 'node:path'

export type Variables = Readonly<Record<string, string | undefined>>

/** How this machine reaches the network and names its language; everything else stays behind. */
const PASSED_ON = [
  'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy',
  'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'LANG', 'LC_ALL', 'TZ', 'DOCKER_HOST',
] as const

/**
 * The environment of a child that must not see ours: no NODE_OPTIONS, and nothing of the runner's (GITHUB_*,
 * ACTIONS_*, INPUT_*). Home and temporary folders lie in `directory`, so that no file of the user's is read.
 */
export function bareVariables(here: Variables, directory: string): Readonly<Record<string, string>> {
  const passed = PASSED_ON.flatMap((name): [string, string][] => {
    const value = here[name]
    return value === undefined || value === '' ? [] : [[name, value]]
  })
  return {
    ...Object.fromEntries(passed),
    CI: 'true',
    NO_COLOR: '1',
    FORCE_COLOR: '0',
    HOME: directory,
    TMPDIR: directory,
    XDG_CONFIG_HOME: join(directory, 'config'),
    PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
  }
}

/** What keeps wrangler 4.164.0 quiet: no metrics, no error reports, and no banner, which asks npm for updates. */
export function wranglerVariables(directory: string, outputFile: string): Readonly<Record<string, string>> {
  return {
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_SEND_ERROR_REPORTS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    WRANGLER_LOG_PATH: join(directory, 'logs'),
    WRANGLER_OUTPUT_FILE_PATH: outputFile,
  }
}
