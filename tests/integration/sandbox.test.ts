import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { INSIDE_DIR } from '@rivulet/server/src/kernel/typescript/deno.ts'
import { describe, expect, test } from 'vitest'
import { OUTPUT_BYTES, TestKernel } from '../support/kernelHarness.ts'
import { temporaryFolder } from '../support/serverProcess.ts'
import { until } from '../support/until.ts'

/** Where the kernel's own modules are. No cell is told, and none shall gain by knowing. */
const INSIDE = pathToFileURL(INSIDE_DIR).href

/**
 * Ways out that we know of. Each ends with `reached` if it works; then with an error, or with anything else.
 * What `eval` and `Function` make is not rewritten by the compiler: only the runtime itself stands in the way.
 */
const ATTEMPTS: Record<string, string> = {
  'the runtime by name': 'Deno.readTextFileSync("/etc/passwd"); "reached"',
  'the runtime by eval': 'eval("Deno").version; "reached"',
  'the runtime by the function constructor': '(() => {}).constructor("return Deno")(); "reached"',
  'the runtime by an async function’s constructor': 'await (async () => {}).constructor("return Deno.version")(); "reached"',
  'the runtime by a prototype of the global object': `
    let object = globalThis
    while ((object = Object.getPrototypeOf(object))) for (const key of ['Deno', 'postMessage', 'close', 'fetch', 'importScripts'])
      if (object[key] && object[key] !== globalThis[key]) display("reached")`,
  'the runtime by a symbol of the global object': `
    const found = Object.getOwnPropertySymbols(globalThis).flatMap((symbol) => Object.keys(globalThis[symbol]?.listeners?.message ?? {}))
    found.length ? "reached" : "nothing"`,
  'the process object': 'process.exit(0); "reached"',
  'the environment': 'process.env.PATH; "reached"',
  'reading a file': 'await (await fetch("file:///etc/passwd")).text(); "reached"',
  'importing a file': 'await eval("import(\'file:///etc/passwd\')"); "reached"',
  'importing a file as JSON': `await eval("import('file:///etc/passwd', { with: { type: 'json' } })"); "reached"`,
  'importing a file as text': `await eval("import('file:///etc/passwd', { with: { type: 'text' } })"); "reached"`,
  'importing the supervisor': `
    await eval('import("${INSIDE}main.ts")'); "reached"`,
  'importing a file, in a cell’s own words': 'import "file:///etc/passwd"\n"reached"',
  'a relative import': 'import "./worker.ts"\n"reached"',
  'the network by fetch': 'await fetch("http://127.0.0.1:80/"); "reached"',
  'the network by WebSocket': 'new WebSocket("ws://127.0.0.1:80/"); "reached"',
  'the network by EventSource': 'new EventSource("http://127.0.0.1:80/"); "reached"',
  'the network by an import': 'await eval("import(\'https://example.com/a.js\')"); "reached"',
  'the network by a static import': 'import "https://example.com/a.js"\n"reached"',
  'the network by a worker’s scripts': 'importScripts("https://example.com/a.js"); "reached"',
  'the network by an XMLHttpRequest': 'new XMLHttpRequest(); "reached"',
  'a Node module': 'import fs from "node:fs"\n"reached"',
  'a Node module by a dynamic import': 'await import("node:fs"); "reached"',
  'a Node module without its prefix': 'await import("fs"); "reached"',
  'a Node module by eval': 'await eval("import(\'node:fs\')"); "reached"',
  'processes of Node by eval': 'await eval("import(\'node:child_process\')"); "reached"',
  'workers of Node by eval': 'await eval("import(\'node:worker_threads\')"); "reached"',
  'the engine’s switches by eval': 'await eval("import(\'node:v8\')"); "reached"',
  'a database by eval': 'await eval("import(\'node:sqlite\')"); "reached"',
  'contexts by eval': 'await eval("import(\'node:async_hooks\')"); "reached"',
  'a Node module through a module of text': `await eval("import('data:text/javascript,import * as fs from %22node:fs%22; if (!fs.readFileSync) throw 1')"); "reached"`,
  'a Node module through a module of bytes': `
    const url = URL.createObjectURL(new Blob(['import "node:fs"'], { type: "text/javascript" }))
    await eval(\`import("\${url}")\`); "reached"`,
  'the runtime through a module of text': `
    const { default: found } = await eval("import('data:text/javascript,export default typeof Deno')")
    found === "undefined" ? "nothing" : "reached"`,
  'the runtime’s own modules': 'await eval("import(\'ext:core/ops\')"); "reached"',
  'code in a timer': 'setTimeout("import(\'ext:core/ops\')"); "reached"',
  'a package of npm': 'await eval("import(\'npm:lodash\')"); "reached"',
  'a package of npm, in a cell’s own words': 'import "npm:lodash"\n"reached"',
  'a package of jsr': 'await eval("import(\'jsr:@std/path\')"); "reached"',
  'import.meta': 'import.meta.url ? "reached" : "nothing"',
  'import.meta by eval': 'await eval("import(\'data:text/javascript,if (!import.meta.filename) throw 1\')"); "reached"',
  'another worker': 'new Worker("data:text/javascript,1", { type: "module" }); "reached"',
  'another worker by eval': 'new (eval("Worker"))("data:text/javascript,1"); "reached"',
  'native code': 'Deno.dlopen("libc.so.6", {}); "reached"',
  'a process': 'new Deno.Command("id").outputSync(); "reached"',
  'the pipe of the kernel': 'Deno.stdout.writeSync(new TextEncoder().encode("x")); "reached"',
  'the pipe by its descriptor': 'await eval("import(\'node:fs\')").then((fs) => fs.writeSync(1, "x")); "reached"',
  'ending the worker': 'self.close(); "reached"',
  'ending the worker by its global': 'globalThis.close(); "reached"',
  'ending the process': 'Deno.exit(0); "reached"',
  'telling the supervisor something': 'postMessage(["[]", true]); "reached"',
  'telling the supervisor by self': 'self.postMessage(["[]", true]); "reached"',
  'storage that stays': 'await caches.open("x"); "reached"',
  'other notebooks by a broadcast': 'new BroadcastChannel("x"); "reached"',
  'the machine': 'navigator.hardwareConcurrency; "reached"',
}

describe('cells in the sandbox', () => {
  test.each(Object.entries(ATTEMPTS))('cannot reach: %s', async (_, source) => {
    await using kernel = await TestKernel.start('Deno')
    const ended = await kernel.ran(source)
    expect([
      ended.json,
      ...ended.outputs.map((output) => output.kind === 'display' && output.data['application/json']),
    ]).not.toContain('reached')
    expect((await kernel.ran('1 + 1')).json).toBe(2)
  })

  test('what people will try is refused with a sentence', async () => {
    await using kernel = await TestKernel.start('Deno')
    expect((await kernel.ran('await fetch("https://example.com")')).message).toMatch(/^Cells cannot reach the network/)
    expect((await kernel.ran('new Worker("")')).message).toBe('Cells cannot start workers')
    expect((await kernel.ran('import fs from "node:fs"')).message).toMatch(
      /sandbox without Node's modules, so "node:fs" cannot be imported/,
    )
    expect((await kernel.ran('import a from "./a.js"')).message).toMatch(/^Cells cannot import files or addresses/)
  })

  test('no connection is ever opened', async () => {
    let connections = 0
    const server = createServer((socket) => {
      connections += 1
      socket.destroy()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    await using kernel = await TestKernel.start('Deno')
    for (const code of [
      `fetch("http://127.0.0.1:${port}/")`,
      `eval("import('http://127.0.0.1:${port}/a.js')")`,
      `WebAssembly.instantiateStreaming(new Response(new ReadableStream()))`,
    ])
      expect((await kernel.ran(`await Promise.race([${code}, new Promise((r, reject) => setTimeout(reject, 100))])`)).kind).toBe(
        'error',
      )
    server.close()
    expect(connections).toBe(0)
  })
})

describe('cells that take more than there is', () => {
  test.each([
    ['objects', 'const all = []; for (;;) all.push({ a: [1, 2, 3], b: "x".repeat(10) + all.length })'],
    ['array buffers', 'const all = []; for (;;) { all.push(new Uint8Array(2 ** 24).fill(1)); await null }'],
    [
      'text',
      'let s = "x"; const all = []; for (;;) { s += s.length < 2 ** 28 ? s : "y"; all.push(s + all.length); [...s.slice(0, 1e6)] ; all.push(s.split("")) }',
    ],
    [
      'memory of WebAssembly',
      'const all = []; for (;;) { const memory = new WebAssembly.Memory({ initial: 1000 }); new Uint8Array(memory.buffer).fill(1); all.push(memory); await null }',
    ],
  ])('[S14] %s without end: the kernel ends once, and says why', async (_, source) => {
    await using kernel = await TestKernel.start('Deno', { heapMb: 128, rssMb: 384 })
    const runId = kernel.run(source)
    const exit = await kernel.exited()
    expect(exit).toMatchObject({ asked: false, reason: expect.stringMatching(/memory/) })
    await kernel.kernel.dispose()
    expect(kernel.reports.filter((report) => report.kind === 'exited')).toHaveLength(1)
    expect(kernel.reports.some((report) => report.kind === 'finished' && report.runId === runId)).toBe(false)
  })

  test('[S14] also when nothing runs, and a timer of a cell that has ended takes it', async () => {
    await using kernel = await TestKernel.start('Deno', { heapMb: 128, rssMb: 384 })
    const later = 'setTimeout(() => { for (;;) all.push(new Uint8Array(2 ** 24).fill(1)) }, 500)'
    expect((await kernel.ran(`const all = []; ${later}; 1`)).kind).toBe('ok')
    expect(await kernel.exited()).toMatchObject({ asked: false, reason: 'The kernel used more than 384 MB of memory.' })
  })

  test.runIf(process.platform === 'linux')('while nothing runs, nobody wakes a kernel to see what it takes', async () => {
    await using kernel = await TestKernel.start('Deno')
    expect((await kernel.ran('1')).kind).toBe('ok')
    // What an engine has to do after a run is over by then, and the last figure is told.
    await pause(6_000)
    const status = () => readFileSync(`/proc/${kernel.pid}/status`, 'utf8')
    const woken = () => Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(status())?.[1])
    const before = woken()
    await pause(5_000)
    expect(woken() - before).toBeLessThan(5)
  })

  test('100 MB printed line by line: at most 5 MB are kept, and the rest is counted', async () => {
    await using kernel = await TestKernel.start('Deno')
    const ended = await kernel.ran('const line = "x".repeat(999); for (let i = 0; i < 100_000; i += 1) console.log(line)')
    expect(Buffer.byteLength(JSON.stringify(ended.outputs))).toBeLessThan(OUTPUT_BYTES)
    const dropped = ended.outputs.reduce((sum, output) => sum + (output.truncated?.bytes ?? 0), 0)
    expect(dropped + ended.stream().length).toBe(100_000 * 1_000)
  })

  test('a run that prints on after its output is full says so once, while it runs', async () => {
    await using kernel = await TestKernel.start('Deno')
    const ended = await kernel.ran(`for (let n = 0; n < 5_000; n++) console.log('x'.repeat(999))
for (let n = 0; n < 200; n++) {
  console.log('later', n)
  await new Promise((go) => setTimeout(go, 10))
}`)
    const told = ended.outputs.findIndex((output) => output.kind === 'stream' && output.name === 'stderr')
    expect(ended.stream('stderr')).toBe('This output is long. From here on only its end is kept.\n')
    expect(ended.outputs.slice(told + 1)).toMatchObject([{ text: expect.stringMatching(/later 199\n$/), truncated: {} }])
  })

  const tailsOf = (kernel: TestKernel) => kernel.reports.flatMap((report) => (report.kind === 'tail' ? [report.text] : []))
  const FILLS = "for (let n = 0; n < 5_000; n++) console.log('x'.repeat(999))"

  test('[S24] the latest lines of a run whose output is full are told while it goes on, and once it has fallen silent', async () => {
    await using kernel = await TestKernel.start('Deno')
    const runId = kernel.run(`${FILLS}\nfor (let n = 0; n < 500; n++) console.log('line', n, '.'.repeat(90))
await new Promise((go) => setTimeout(go, 1_500))
console.log('the last line')\nawait new Promise(() => {})`)
    await kernel.until(() => tailsOf(kernel).some((text) => text.endsWith('the last line\n')))
    const tails = tailsOf(kernel)
    expect(tails.map((text) => text.length <= 4_096 && /^(line \d+ |x+\n)/.test(text))).toEqual(tails.map(() => true))
    expect(tails[0]).toMatch(/line 499 \.+\n$/)
    kernel.kernel.interrupt()
    expect((await kernel.ended(runId)).kind).toBe('interrupted')
  })

  test('[S24] so are those of code that never lets go of the thread, about once a second', async () => {
    await using kernel = await TestKernel.start('Deno')
    const ended = await kernel.ran(`${FILLS}\nconst until = Date.now() + 3_500
for (let n = 0; Date.now() < until; n++) console.log('line', n)`)
    expect(ended.kind).toBe('ok')
    const tails = tailsOf(kernel)
    // A busy machine shows fewer, none shows more.
    expect(tails.length).toBeGreaterThan(0)
    expect(tails.length).toBeLessThanOrEqual(5)
    expect(kernel.reports.findLast((report) => 'runId' in report)).toMatchObject({ kind: 'finished' })
  })

  test('endless recursion is an error of the cell', async () => {
    await using kernel = await TestKernel.start('Deno')
    expect((await kernel.ran('const f = () => 1 + f(); f()')).error).toMatchObject({ name: 'RangeError' })
    expect((await kernel.ran('1')).json).toBe(1)
  })
})

const alive = (pid: number) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))

const gone = (pid: number): Promise<void> => until(() => !alive(pid))

describe('the process of a kernel', () => {
  test('[S14] killed from outside: its end is reported once, with its reason', async () => {
    await using kernel = await TestKernel.start('Deno')
    const runId = kernel.run('await new Promise(() => {})')
    await kernel.started(runId)
    process.kill(kernel.pid ?? 0, 'SIGKILL')
    expect(await kernel.exited()).toEqual({
      kind: 'exited',
      language: 'typescript',
      asked: false,
      reason: 'The kernel ended unexpectedly (SIGKILL).',
    })
    kernel.run('1')
    await kernel.kernel.dispose()
    expect(kernel.reports.filter((report) => report.kind === 'exited')).toHaveLength(1)
  })

  test('dispose leaves no process', async () => {
    const kernel = await TestKernel.start('Deno')
    kernel.run('for (;;) {}')
    await kernel.kernel.dispose()
    expect(alive(kernel.pid ?? 0)).toBe(false)
  })

  test('a server that dies by kill -9 leaves no kernel behind, whatever its cells do', async () => {
    const script = new URL('../support/serverThatDies.ts', import.meta.url).pathname
    const temp = temporaryFolder()
    const env = { ...process.env, KERNELS_IN: temp.path }
    const server = spawn(process.execPath, ['--import', 'tsx', script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const pids = await new Promise<number[]>((resolve) =>
      server.stdout.once('data', (data: Buffer) => resolve(JSON.parse(data.toString()))),
    )
    expect(pids.every(alive)).toBe(true)
    server.kill('SIGKILL')
    await Promise.all(pids.map(gone))
    temp.remove()
  })
})
