import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { LANGUAGE } from '@rivulet/server/src/kernel/typescript/inside/lockdown.ts'
import { describe, expect, test } from 'vitest'
import { TestKernel } from '../support/kernelHarness.ts'

/** Names in backticks, before any semicolon, of the row of docs/security.md that begins so. */
function documented(row: string): string[] {
  const docs = readFileSync(resolve(import.meta.dirname, '../../docs/security.md'), 'utf8')
  const [, list = ''] = new RegExp(`^\\| ${row} \\| ([^;|]*)`, 'm').exec(docs) ?? []
  return [...list.matchAll(/`([^`]+)`/g)].map((match) => String(match[1]))
}

/** What a cell finds fixed, of everything that is reached by a global name. */
const FOUND = `
  const isFixed = (object, key) => { const d = Object.getOwnPropertyDescriptor(object, key); return !d.configurable && !d.writable }
  const allFixed = (object) => { const keys = Reflect.ownKeys(object).filter((key) => key !== Symbol.species); return keys.some((key) => typeof key === 'string') && keys.every((key) => isFixed(object, key)) }
  const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function'
  const names = Object.getOwnPropertyNames(globalThis).filter((name) => isObject(globalThis[name]) && globalThis[name] !== globalThis)
  const prototypes = names.filter((name) => isObject(globalThis[name].prototype))
  ;({
    functions: names.filter((name) => allFixed(globalThis[name])).sort(),
    'methods of what they make': prototypes.filter((name) => allFixed(globalThis[name].prototype)).sort(),
    'nothing can be added to': prototypes.filter((name) => !Object.isExtensible(globalThis[name].prototype)).map((name) => name + '.prototype').sort(),
    names: Object.getOwnPropertyNames(globalThis).filter((name) => isFixed(globalThis, name)),
  })`

describe('what cells may not change', () => {
  test('is what the documentation lists', async () => {
    await using kernel = await TestKernel.start('Deno')
    const { names, ...found } = (await kernel.ran(FOUND)).json as Record<string, string[]>
    for (const [row, fixed] of Object.entries(found)) expect(fixed, row).toEqual(documented(row))
    expect([...LANGUAGE].filter((name) => !names?.includes(name))).toEqual([])
  })

  test.each([
    ['a function', 'Object.keys = () => []'],
    ['a function of mathematics', 'Math.max = () => 0'],
    ['a method of promises', 'Promise.prototype.then = () => 0'],
    ['how functions are called', 'Function.prototype.call = () => 0'],
    ['a method of signals', 'AbortSignal.prototype.throwIfAborted = () => 0'],
    ['a name of the language', 'globalThis.Map = undefined'],
    ['how stacks are written', 'Error.prepareStackTrace = () => 0'],
    ['all objects, by an addition', 'Object.prototype.added = 1'],
    ['all lists, by an addition', 'Object.defineProperty(Array.prototype, 0, { value: 1 })'],
  ])('%s: trying is an error of the cell', async (_, source) => {
    await using kernel = await TestKernel.start('Deno')
    expect((await kernel.ran(source)).error).toMatchObject({ kind: 'thrown', name: 'TypeError' })
  })

  test('all else may be changed, and names of the language defined', async () => {
    await using kernel = await TestKernel.start('Deno')
    await kernel.ran('Array.prototype.map = () => "mine"; String.prototype.trim = () => "mine"; Error.stackTraceLimit = 50')
    expect((await kernel.ran('[[1].map(), " ".trim()]')).json).toEqual(['mine', 'mine'])
    await kernel.ran('const Map = 1')
    expect((await kernel.ran('Map + 1')).json).toBe(2)
  })
})
