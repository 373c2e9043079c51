import type { RawConfig, Section } from './raw-config.ts'

/** What the build job handed over; absolute paths. */
export interface BuiltParts {
  readonly entry: string
  readonly assetsDirectory?: string
}

/**
 * The same configuration for a Worker that is already built: no build command to run, the bundle for an
 * entry point, and every path absolute, so that the file may lie outside the repository.
 */
export function deployableConfig(raw: RawConfig, parts: BuiltParts, configDirectory: string): RawConfig {
  const { env, site, ...top } = raw
  return {
    ...built(top, parts, configDirectory),
    main: parts.entry,
    no_bundle: true,
    ...(site === undefined ? {} : { site: { ...site, ...absolute({ bucket: site.bucket }, configDirectory) } }),
    ...(env === undefined
      ? {}
      : { env: Object.fromEntries(Object.entries(env).map(([name, section]) => [name, built(section, parts, configDirectory)])) }),
  }
}

/** Fields that only matter to the bundler, or that would run or read the caller's own files. */
const OF_THE_BUILD: ReadonlySet<string> = new Set([
  'build', 'main', 'base_dir', 'no_bundle', 'minify', 'keep_names', 'tsconfig', 'alias', 'define', 'find_additional_modules', 'preserve_file_names',
  '$schema', 'dev',
])

function built(section: Section, parts: BuiltParts, configDirectory: string): Section {
  const kept: Section = Object.fromEntries(Object.entries(section).filter(([field]) => !OF_THE_BUILD.has(field)))
  const { assets, containers } = section
  const { assetsDirectory } = parts
  return {
    ...kept,
    ...(assets === undefined ? {} : { assets: { ...assets, ...(assetsDirectory === undefined ? {} : { directory: assetsDirectory }) } }),
    ...(containers === undefined ? {} : { containers: containers.map((one) => ({ ...one, ...absolute(pathsOf(one), configDirectory) })) }),
  }
}

/** An `image` is a Dockerfile's path when it looks like one; otherwise it names an image in a registry. */
function pathsOf({ image, image_build_context }: { readonly image?: string | undefined; readonly image_build_context?: string | undefined }) {
  const isPath = image !== undefined && /^\.{1,2}\/|dockerfile/i.test(image)
  return { image: isPath ? image : undefined, image_build_context }
}

function absolute(paths: Readonly<Record<string, string | undefined>>, directory: string): Readonly<Record<string, string>> {
  const entries = Object.entries(paths).flatMap(([field, path]): [string, string][] => {
    if (path === undefined) return []
    return [[field, path.startsWith('/') ? path : `${directory}/${path}`]]
  })
  return Object.fromEntries(entries)
}
