import type { Binding, Version } from './types.ts'

export function secretsOf(version: Version): readonly Binding[] {
  return version.bindings.filter(isSecret)
}

/** Names of the secrets that the two versions do not share with the same value. */
export function changedSecrets(version: Version, other: Version): readonly string[] {
  const ours = valuesOf(version)
  const theirs = valuesOf(other)
  return [...new Set([...ours.keys(), ...theirs.keys()])].filter((name) => ours.get(name) !== theirs.get(name))
}

export function isSecret(binding: Binding): boolean {
  return binding.type === 'secret_text' || binding.type === 'secret_key'
}

function valuesOf(version: Version): ReadonlyMap<string, string> {
  return new Map(secretsOf(version).map((secret) => [secret.name, String(secret['text'])]))
}
