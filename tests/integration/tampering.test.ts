import { pathToFileURL } from 'node:url'
import { INSIDE_DIR } from '@rivulet/server/src/kernel/typescript/deno.ts'
import { describe, expect, test } from 'vitest'
import { type Ended, TestKernel } from '../support/kernelHarness.ts'

/** Where the kernel's own modules are. No cell is told, and none shall gain by knowing. */
const INSIDE = pathToFileURL(INSIDE_DIR).href

/** Cells share the built-in objects with the kernel. Each of these breaks the cell that does it, at most. */
const POLLUTIONS: Record<string, string> = {
  'a getter on every object': 'Object.defineProperty(Object.prototype, "kind", { get() { return "finished" } })',
  'a then on every object': 'Object.prototype.then = function (f) { f({ names: {}, value: "forged" }) }',
  'a toJSON on every object': 'Object.prototype.toJSON = () => ({ kind: "finished" })',
  'a toJSON on every array': 'Array.prototype.toJSON = () => [{ kind: "exited" }]',
  'a setter on every array':
    'Object.defineProperty(Array.prototype, 0, { set(value) { value.kind = "finished" }, configurable: true })',
  'the methods of arrays':
    'for (const key of Object.getOwnPropertyNames(Array.prototype)) if (key !== "length") Array.prototype[key] = () => { throw new Error("mine") }',
  'the iterator of arrays': 'Array.prototype[Symbol.iterator] = function* () { yield "mine" }',
  'the step of array iterators': 'Object.getPrototypeOf([][Symbol.iterator]()).next = () => ({ done: true })',
  'the methods of maps':
    'for (const key of ["get", "set", "has", "delete", "forEach", "keys", "entries"]) Map.prototype[key] = function () { this.clear(); throw new Error("mine") }',
  'the methods of sets': 'for (const key of ["add", "has", "delete"]) Set.prototype[key] = () => { throw new Error("mine") }',
  'the methods of promises':
    'try { Promise.prototype.then = function (f) { f("mine") } } finally { Promise.prototype.finally = Promise.prototype.catch = null }',
  'the maker of promises':
    'Object.defineProperty(Promise.prototype, "constructor", { value: class { constructor() { throw 1 } } })',
  'what all functions can do':
    'Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => { throw new Error("mine") }',
  'the methods of text':
    'for (const key of Object.getOwnPropertyNames(String.prototype)) if (key !== "length") String.prototype[key] = () => { throw new Error("mine") }',
  'the methods of numbers and dates':
    'for (const { prototype } of [Number, Date]) for (const key of Object.getOwnPropertyNames(prototype)) try { prototype[key] = () => { throw new Error("mine") } } catch {}',
  'what typed arrays and buffers say of themselves': `
    for (const prototype of [Object.getPrototypeOf(Uint8Array.prototype), ArrayBuffer.prototype, TextEncoder.prototype]) for (const key of Reflect.ownKeys(prototype))
      try { Object.defineProperty(prototype, key, { get() { throw new Error("mine") } }) } catch {}`,
  'the steps of all iterators':
    'for (const made of [new Map().keys(), new Set().keys(), "a"[Symbol.iterator](), "a".matchAll(/a/g)]) Object.getPrototypeOf(made).next = () => ({ done: true })',
  'regular expressions': 'RegExp.prototype.exec = RegExp.prototype.test = () => { throw new Error("mine") }',
  'the functions of objects':
    'Object.hasOwn = Object.keys = Object.entries = Object.fromEntries = Object.freeze = () => { throw new Error("mine") }',
  'the maker of what is made from arrays and promises': `
    for (const maker of [Array, Promise, Map, Set]) try { Object.defineProperty(maker, Symbol.species, { value: class { constructor() { throw new Error("mine") } } }) } catch {}`,
  reflection: 'for (const key of Object.getOwnPropertyNames(Reflect)) Reflect[key] = () => { throw new Error("mine") }',
  JSON: 'JSON.stringify = () => "[{}]"; JSON.parse = () => ({ kind: "interrupt" })',
  mathematics: 'for (const key of Object.getOwnPropertyNames(Math)) try { Math[key] = () => NaN } catch {}',
  'shared memory’s functions': 'Atomics.load = Atomics.store = Atomics.compareExchange = () => 1',
  'the clock': 'performance.now = () => NaN; Date.now = () => NaN; globalThis.performance = null',
  timers: 'globalThis.setTimeout = globalThis.clearTimeout = () => { throw new Error("mine") }',
  'the names of built-in objects':
    'for (const name of ["Map", "Set", "Promise", "Array", "Object", "Error", "JSON", "Math", "AbortController"]) globalThis[name] = undefined',
  'errors as such':
    'Error.prepareStackTrace = (error, frames) => { throw frames }; Error.stackTraceLimit = 0; Error.prototype.name = { toString() { throw 1 } }',
  'signals and events':
    'for (const [object, key] of [[AbortController.prototype, "abort"], [EventTarget.prototype, "dispatchEvent"], [Event.prototype, "preventDefault"]]) object[key] = function () { throw new Error("mine") }',
  'the kernel’s own hands': '$rivulet.constructor.prototype.halt = $rivulet.names = $rivulet.value = null',
  'the kernel’s own modules': `
    for (const [file, name] of [["engine", "Engine"], ["runner", "Runner"], ["code", "CellCode"], ["outbox", "Outbox"], ["queue", "RunQueue"], ["run", "Run"], ["memory", "Memory"], ["safe", "SafeMap"], ["outputs", "Outputs"]]) {
      const module = await eval(\`import("${INSIDE}\${file}.ts")\`)
      for (const key of Object.getOwnPropertyNames(module[name].prototype)) try { module[name].prototype[key] = () => { throw new Error("mine") } } catch {}
    }`,
  'the errors through which code is ended':
    'try { stop(true) } catch (e) { Object.defineProperty(e.constructor, Symbol.hasInstance, { value: () => true }); e.constructor.is = () => true }',
  'listeners for the kernel’s messages': `
    for (const type of ["message", "error", "unhandledrejection"]) addEventListener(type, (event) => { event.stopImmediatePropagation(); globalThis.seen = type })
    globalThis.onmessage = globalThis.onerror = () => { globalThis.seen = "on" }`,
  'messages of its own making': `
    const order = JSON.stringify({ kind: "run", requests: [] })
    dispatchEvent(new MessageEvent("message", { data: order })); dispatchEvent(new MessageEvent("message", { data: null }))
    dispatchEvent(new ErrorEvent("error", { error: 1 }))
    const { port1, port2 } = new MessageChannel(); port1.postMessage(["[]", true]); port2.start()
    MessagePort.prototype.postMessage.call(globalThis, 1)`,
}

describe('cells that tamper with what all share', () => {
  test.each(Object.entries(POLLUTIONS))('the kernel goes on in spite of: %s', async (_, source) => {
    await using kernel = await TestKernel.start('Deno')
    await kernel.ran('const before = 20')
    const culprit = await kernel.ran(source)
    expect(['ok', 'error', 'stopped']).toContain(culprit.kind)
    const before = kernel.reports.length
    const failing = kernel.run('throw new Error("on purpose")')
    const good = kernel.run('const after = before + 22')
    const needy = kernel.run('const last = after', { needs: [good] })
    const stuck = kernel.run('for (;;) {}', { needs: [needy] })
    await kernel.started(stuck)
    kernel.kernel.interrupt()
    expect((await kernel.ended(failing)).kind).toBe('error')
    expect((await kernel.ended(good)).kind).toBe('ok')
    expect((await kernel.ended(needy)).kind).toBe('ok')
    expect((await kernel.ended(stuck)).kind).toBe('interrupted')
    const again = await kernel.ran('if (last !== 42) throw 1')
    expect(again.kind).toBe('ok')
    const told = kernel.reports.slice(before)
    expect(told.filter((report) => report.kind === 'exited')).toEqual([])
    const finished = told.flatMap((report) => (report.kind === 'finished' ? [report.runId] : []))
    expect(finished.sort()).toEqual([failing, good, needy, stuck, again.runId].sort())
  })

  test('interrupts are lowered again, even when a cell has raised the flag itself', async () => {
    await using kernel = await TestKernel.start('Deno')
    await kernel.ran('$rivuletFlag.fill(7)')
    const blocked = kernel.run('1')
    kernel.kernel.interrupt()
    await kernel.ended(blocked)
    expect((await kernel.ran('2')).json).toBe(2)
  })
})

/** Collections are made beforehand: making one calls methods, too. */
const BEFORE = `
  const manyInMap = new Map(Array.from({ length: 120 }, (_, i) => ['k' + i, { i }])), manyInSet = new Set(Array.from({ length: 120 }, (_, i) => i))
  const fewInMap = new Map([['a', { b: 1 }], [{}, 2], [10n, 3]]), fewInSet = new Set([1, 'two', [3]])`

/** Cells whose outputs go through all that the kernel does to show a value. They use no method themselves. */
const SHOWN: Record<string, string> = {
  'plain values': '[1, -0, NaN, "a\\n\\"b\\"", 12n, true, null, undefined, Symbol("s"), () => 1]',
  'long and nested values': `
    const long = []
    for (let i = 0; i < 1_500; i += 1) long[i] = i
    display(long)
    display({ a: { b: { c: [1, 2, { d: "x" }] } }, "not an identifier": 1, [Symbol("key")]: 2 })
    class Point { x = 1; #y = 2; get z() { return 3 } }
    display([new Point(), new Uint8Array(300), new ArrayBuffer(8), [, 1], /a+/gi, new Date(0), new WeakMap(), Promise.resolve()])`,
  collections: 'display(manyInMap); display(manyInSet); display(fewInMap); display(fewInSet)',
  tables: `
    const rows = []
    for (let i = 0; i < 300; i += 1) rows[i] = { id: i, name: "n" + i, when: new Date(i * 1e9), big: 10n, mixed: i % 2 ? 1 : "one", deep: { i } }
    rows`,
  'what is printed': `
    console.log("%s has %d of %i%% %o %j", "Ada", 1.5, 2.7, { a: 1 }, [1], "rest", 3, new Error("printed"))
    console.group("group"); console.log("in\\nside", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]); console.groupEnd()
    console.table([{ a: 1 }]); console.count(); console.count("c"); console.assert(false, "why", 1); console.trace("here"); console.log()`,
  markup: `
    display(html\`<p>\${"<b>&"} \${[1, 2]} \${html\`<i>\`}</p>\`)
    display(svg\`<svg width="1"><g/></svg>\`)
    md\`**\${"*a* _b_\\n<c>"}** \${[1, { a: 1 }]}\``,
  'what describes itself':
    '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>", "text/plain": "b", "application/json": [1], nonsense: 1 }) })',
  charts: `
    display(vegaLite({ title: ["a", "b"], mark: "bar", data: { values: [{ a: 1, when: new Date(0) }] }, encoding: { x: { field: "a" } } }))
    plotly([{ type: "bar", y: new Float32Array(3) }, { x: [1] }], { title: { text: "t" } })`,
  inputs: `
    input.slider({ min: 0, max: 10, label: "Year" }); input.number({ min: 1, value: 2 }); input.text("Name"); input.checkbox("Sure")
    input.select(["a", "b"], { value: "b" }); input.select({ one: 1, two: 2 }, { multiple: true, value: [2, "one"] }); input.button("Go")
    input.select(fewInMap); input.date({ value: new Date(0), min: "1970-01-01" }); input.table([{ a: 1 }, { a: 2 }])`,
  'an error': `
    class Odd extends Error { name = "Odd" }
    function fail(depth) { if (depth > 0) return fail(depth - 1); throw new Odd("on purpose", { cause: new TypeError("below") }) }
    fail(2)`,
  'a name that is missing': 'nobody',
  'a package that is missing': 'import "nothing"',
  'a stack': 'try { null.x } catch (error) { console.log(error.stack) }',
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: holes of a Markdown cell
const MARKDOWN = '# ${1 + 1} of ${"*two*"}\n\n${nobody} ${[1, 2]} ${html`<b>`}'

/** Everything that a run told, without what differs from run to run. */
function told({ outcome, outputs, runId }: Ended): unknown {
  const text = JSON.stringify({ outcome: { ...outcome, durationMs: 0 }, outputs })
  return JSON.parse(text.replaceAll(runId, 'run'))
}

/** How values look in a kernel in which a cell has done this first. */
async function looks(first: string): Promise<Record<string, unknown>> {
  await using kernel = await TestKernel.start('Deno')
  await kernel.ran(BEFORE)
  await kernel.ran(first)
  const found: Record<string, unknown> = {}
  let tables: Ended | undefined
  for (const [name, source] of Object.entries(SHOWN)) {
    const ended = await kernel.ran(source, { cellId: name })
    found[name] = told(ended)
    if (name === 'tables') tables = ended
  }
  found.markdown = told(await kernel.ran(MARKDOWN, { language: 'markdown', cellId: 'markdown' }))
  await kernel.ran('const n = 1, list = [{ a: [1, 2] }], word = "a\\nb", made = new Map()')
  found.variables = await kernel.kernel.variables(['n', 'list', 'word', 'made', 'rows', 'nobody'])
  const handle = `${tables?.runId}:1`
  const query = { offset: 0, limit: 3, sort: { column: 'name', descending: true }, filter: ' N1 ' }
  found.rows = await kernel.kernel.rows(handle, query)
  return found
}

describe('cells that tamper with what all share: values of other cells', () => {
  let clean: Promise<Record<string, unknown>> | undefined

  test('are shown in full where nobody has', async () => {
    clean ??= looks('1')
    const shown = await clean
    for (const part of [
      'Point { x: 1 }',
      'Map(120)',
      'Ada has 1.5 of 2%',
      '&#60;b&#62;',
      '"type":"mixed"',
      'on purpose',
      'TypeError: below',
      '⚠ nobody',
      'n199',
    ])
      expect(JSON.stringify(shown)).toContain(part)
  })

  test.each(Object.entries(POLLUTIONS))('look as before in spite of: %s', async (_, source) => {
    clean ??= looks('1')
    expect(await looks(source)).toEqual(await clean)
  })
})
