import { dirname } from 'node:path'
import { INSIDE_DIR } from '@rivulet/server/src/kernel/typescript/deno.ts'
import { describe, expect, test } from 'vitest'
import { TestKernel } from '../support/kernelHarness.ts'

/** The lines of a stack after its first. */
const placesOf = (stack: unknown) =>
  String(stack)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim())

describe('a kernel in Deno: stacks that cells look at', () => {
  test('name the places that people typed, however they are shown', async () => {
    await using kernel = await TestKernel.start('Deno')
    const source = [
      'interface A { a: number }',
      'enum Kind { One }',
      'class Maker { constructor() { this.make() } make() { [1].map(() => { throw new Error("here") }) } }',
      'let stack = ""',
      'try { new Maker() } catch (error) { stack = error.stack }',
      'console.log(stack); display({ stack }); stack',
    ].join('\n')
    const ended = await kernel.ran(source)
    const places = [
      'at line 3:76',
      'at Array.map (<anonymous>)',
      'at Maker.make (line 3:58)',
      'at new Maker (line 3:36)',
      'at line 5:7',
    ]
    expect(placesOf(ended.stream())).toEqual(places)
    expect(placesOf(ended.json)).toEqual(places)
    const shown = ended.outputs.find((output) => output.kind === 'display')
    expect(shown).toMatchObject({ data: { 'application/json': { stack: ended.json } } })
  })

  test('name other cells by what they define, also after an await', async () => {
    await using kernel = await TestKernel.start('Deno')
    await kernel.ran('\nconst fail = async (why) => {\n  await null\n  throw new Error(why)\n}', { cellId: 'definer' })
    await kernel.ran('globalThis.nameless = () => { throw new Error("no name") }', { cellId: 'nameless' })
    const ended = await kernel.ran(
      'for (const f of [() => fail("x"), nameless]) try {\n  await f()\n} catch (error) { console.log(error.stack) }',
    )
    expect(ended.stream()).toBe(
      [
        'Error: x',
        '    at fail (cell of fail, line 4:9)',
        '    at async line 2:3',
        'Error: no name',
        '    at globalThis.nameless (another cell, line 1:37)',
        '    at line 2:9',
        '',
      ].join('\n'),
    )
  })

  test('say nothing of where the server is installed', async () => {
    await using kernel = await TestKernel.start('Deno')
    const source = `
      import { rollup } from 'd3-array'
      const { nothing } = await import('nothing').catch((error) => ({ nothing: error }))
      const errors = [new Error('own'), nothing]
      for (const f of [() => rollup(null), () => input.slider({ min: '1' }), () => stop(true), () => structuredClone(() => 1), () => html(),
        () => new Function('throw new Error("evaluated")')(), () => vegaLite({ f: () => 1 }), () => eval('null.x')]) try { f() } catch (error) { errors.push(error) }
      const timer = await new Promise((resolve) => setTimeout(() => resolve(new Error('in a timer'))))
      const captured = {}
      Error.captureStackTrace(captured)
      console.log([...errors, timer, captured].map((error) => error.stack).join('\\n'))`
    const text = (await kernel.ran(source)).stream()
    expect(text).toContain('d3-array.js:1:')
    expect(text.match(/^\S/gm)?.length).toBeGreaterThanOrEqual(12)
    for (const hidden of [dirname(INSIDE_DIR), 'file:', 'ext:', 'node:', 'rivulet:']) expect(text).not.toContain(hidden)
  })

  test('cannot be made to say more, nor taken from the errors of others', async () => {
    await using kernel = await TestKernel.start('Deno')
    const source =
      'Error.prepareStackTrace = (error, sites) => sites.map((site) => site.getFileName()).join()\nnew Error("x").stack'
    expect((await kernel.ran(source)).error).toMatchObject({ name: 'TypeError' })
    expect(
      (await kernel.ran('String.prototype.slice = String.prototype.lastIndexOf = () => "/"; new Error("x").stack')).kind,
    ).toBe('ok')
    const ended = await kernel.ran('\n  throw new Error("here")', { cellId: 'c' })
    expect(ended.error).toMatchObject({ frames: [{ cell: 'c', line: 2, column: 9 }] })
  })
})
