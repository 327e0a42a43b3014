import { spawnSync } from 'node:child_process'
import { denoBinary } from '@rivulet/server/src/kernel/typescript/deno.ts'
import { compile } from '@rivulet/server/src/language/typescript/compile.ts'
import { expect, test } from 'vitest'

/** What the engine of this process cannot run yet: the value of a cell, run by the kernel's own. */
function valueInDeno(source: string): unknown {
  const compiled = compile(source)
  if (!compiled.ok) throw new SyntaxError(compiled.error.message)
  const script = `const runtime = { resumed: (value) => value }
    const cell = async ($rivulet, $rivuletFlag) => {\n${compiled.body}\n}
    await cell(runtime, [0])
    console.log(JSON.stringify([runtime.value, Object.keys(runtime.names)]))`
  const run = spawnSync(denoBinary(), ['run', '--no-config', '--no-prompt', '--ext=js', '-'], { input: script, encoding: 'utf8' })
  expect(run.stderr).toBe('')
  return JSON.parse(run.stdout)
}

test('[G8] what `using` holds is disposed of at the end of the cell and handed on to nobody', () => {
  const source = `const log: string[] = []
    const make = (name: string) => ({ name, [Symbol.dispose]() { log.push(name) }, async [Symbol.asyncDispose]() { log.push(name) } })
    { using a = make("a"); await using b = make("b") }
    using c = make("c"), _d = make("d")
    await using e = make("e")
    const kept = c.name
    log`
  expect(valueInDeno(source)).toEqual([
    ['b', 'a', 'e', 'd', 'c'],
    ['log', 'make', 'kept'],
  ])
})

test('[G8] regular expressions may have flags for a group, and a name twice', () => {
  expect(valueInDeno('[/^(?i:a)b$/.test("Ab"), "2x".replace(/(?<n>\\d)x|x(?<n>\\d)/, "$<n>")]')).toEqual([[true, '2'], []])
})
