import { apply, hasOwn } from './safe.ts'
import { begins, cut, find, findLast } from './text.ts'

const { toString: errorText } = Error.prototype

const CELL = 'rivulet:'

/**
 * Stacks name places in cells, and files of packages without their folder: where the server is installed is nobody's
 * business. Cells cannot replace this, lest they see more, or take the places from errors of others.
 */
export function fixStacks(): void {
  const value = (error: unknown, sites: readonly NodeJS.CallSite[]) => {
    let text = headOf(error)
    for (let i = 0; i < sites.length; i += 1) {
      const line = hasOwn(sites, i) ? lineOf(sites[i] as NodeJS.CallSite) : undefined
      if (line !== undefined) text += `\n    at ${line}`
    }
    return text
  }
  Object.defineProperty(Error, 'prepareStackTrace', { value, configurable: false, writable: false })
}

/** Name and message, whatever the error makes of them. */
function headOf(error: unknown): string {
  try {
    return apply(errorText, error, []) as string
  } catch {
    return 'Error'
  }
}

/** Undefined for the kernel's and the runtime's own code, and for the line that the kernel puts around a cell's. */
function lineOf(site: NodeJS.CallSite): string | undefined {
  const url = site.getScriptNameOrSourceURL()
  if (!url && site.isEval()) return placed(site, '<anonymous>')
  if (!url) return site.getFunctionName() === null ? undefined : site.toString()
  if (begins(url, CELL)) return (site.getLineNumber() ?? 0) > 1 ? placed(site, url) : undefined
  if (!begins(url, 'file:') || begins(url, HERE)) return undefined
  return placed(site, cut(url, findLast(url, '/') + 1))
}

const HERE = new URL('.', import.meta.url).href

/** As the engine writes it, `async Type.method (…)`, with another name for the file. */
function placed(site: NodeJS.CallSite, file: string): string {
  const text = site.toString()
  const end = findLast(text, ' (')
  const called = end < 0 ? '' : withoutValue(cut(text, 0, end))
  const place = `${file}:${site.getLineNumber()}:${site.getColumnNumber()}`
  // Code that is evaluated and has no name of its own is called so.
  if (called === '' || called === 'eval') return place
  return called === 'async eval' ? `async ${place}` : `${called} (${place})`
}

const VALUE = '$rivulet.value.'

/** The last expression of a cell is assigned to this, so the engine takes it for part of the name. */
function withoutValue(called: string): string {
  const at = find(called, VALUE)
  return at < 0 ? called : cut(called, 0, at) + cut(called, at + VALUE.length)
}
