import type { PackageTable } from './protocol.ts'

/** Imports of cells go to the server's own bundles and nowhere else. */
export function makeImporter(
  packages: PackageTable,
  load: (url: string) => Promise<unknown>,
): (specifier: string) => Promise<unknown> {
  return async (specifier) => {
    const url = Object.hasOwn(packages, specifier) ? packages[specifier] : undefined
    if (url === undefined) throw new Error(refusal(specifier, Object.keys(packages)))
    return load(url)
  }
}

function refusal(specifier: string, known: readonly string[]): string {
  const list = known.length > 0 ? `Available: ${known.join(', ')}.` : 'There are no packages on this server.'
  if (/^(node|deno):/.test(specifier))
    return `Cells run in a sandbox without Node's modules, so "${specifier}" cannot be imported. ${list}`
  if (/^[a-z]+:|^[./]/.test(specifier)) return `Cells cannot import files or addresses ("${specifier.slice(0, 100)}"). ${list}`
  return `The package "${specifier.slice(0, 100)}" is not on this server. ${list}`
}
