import type { PackageTable } from './protocol.ts'
import { cut, joined, matches } from './text.ts'

const OF_RUNTIME = /^(node|deno):/
const ADDRESS = /^[a-z]+:|^[./]/

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
  const list = known.length > 0 ? `Available: ${joined(known, ', ')}.` : 'There are no packages on this server.'
  if (matches(OF_RUNTIME, specifier))
    return `Cells run in a sandbox without Node's modules, so "${specifier}" cannot be imported. ${list}`
  if (matches(ADDRESS, specifier)) return `Cells cannot import files or addresses ("${cut(specifier, 0, 100)}"). ${list}`
  return `The package "${cut(specifier, 0, 100)}" is not on this server. ${list}`
}
