// The supervisor: relays between the server and the worker that runs cells, and never runs any of their code.
import { lower, makeFlag, raiseFor, raiseForAll } from './flag.ts'
import { MemoryWatch } from './memoryWatch.ts'
import type { ToInside } from './protocol.ts'
import type { FromWorker, WorkerSetup } from './worker.ts'

interface Setup {
  /** Begins every frame; the worker never sees it, so it cannot forge one. */
  secret: string
  /** What the process may take; null: the server looks after that. */
  rssMb: number | null
  limits: WorkerSetup['limits']
  packages: WorkerSetup['packages']
  packagesDir: string
  /** Hosts that cells may reach. */
  network: string[]
}

/** What comes sooner after the last frame than this is sent together. */
const FLUSH_MS = 8
/** A worker that does not answer a cancel for this long is busy with code that cannot see messages. */
const CANCEL_PATIENCE_MS = 20

const encoder = new TextEncoder()
const flag = makeFlag()
const { port1: toWorker, port2: port } = new MessageChannel()
let setup: Setup | undefined
let worker: Worker | undefined
let memory: MemoryWatch | undefined
let pending: string[] = []
let timer: ReturnType<typeof setTimeout> | undefined
let flushedAt = Number.NEGATIVE_INFINITY

function send(text: string): void {
  const payload = encoder.encode(text)
  const frame = new Uint8Array(payload.length + 41)
  encoder.encodeInto(`${setup?.secret}${payload.length.toString(16).padStart(8, '0')}\n`, frame)
  frame.set(payload, 41)
  for (let written = 0; written < frame.length; ) written += Deno.stdout.writeSync(frame.subarray(written))
}

function flush(): void {
  clearTimeout(timer)
  timer = undefined
  flushedAt = performance.now()
  const texts = pending.filter((text) => text !== '[]')
  pending = []
  if (texts.length > 0) send(texts.length === 1 ? String(texts[0]) : `[${texts.map((text) => text.slice(1, -1)).join(',')}]`)
}

function die(reason: string): never {
  flush()
  send(JSON.stringify([{ kind: 'dying', reason }]))
  Deno.exit(70)
}

/** Who prints now and then is sent at once: a timer would wake this thread twice for each line. */
function fromWorker([text, idle]: FromWorker): void {
  pending.push(text)
  if (idle) memory?.atRest()
  const wait = idle ? 0 : flushedAt + FLUSH_MS - performance.now()
  if (wait <= 0) flush()
  else timer ??= setTimeout(flush, wait)
}

function start(line: string): void {
  const given = JSON.parse(line) as Setup
  setup = given
  const { limits, packages, network } = given
  const permissions = {
    read: [given.packagesDir],
    net: network.length > 0 ? network : false,
    env: false,
    run: false,
    write: false,
    ffi: false,
    sys: false,
    import: false,
  }
  worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'cells', deno: { permissions } })
  worker.onmessage = (event: MessageEvent<FromWorker>) => fromWorker(event.data)
  worker.onmessageerror = () => die('The kernel could not read a message of its worker.')
  worker.onerror = (event) => {
    event.preventDefault()
    die(`The kernel's worker ended: ${event.message}`)
  }
  worker.postMessage({ flag, limits, packages, port, network: network.length > 0 } satisfies WorkerSetup, [port])
  memory = new MemoryWatch({
    limitMb: given.rssMb ?? undefined,
    megabytes: () => Deno.memoryUsage().rss / 1024 / 1024,
    exceeded: () => die(`The kernel used more than ${given.rssMb} MB of memory.`),
    tell: (mb) => pending.push(JSON.stringify([{ kind: 'memory', mb }])),
    flush,
  })
}

/** An order to end code goes through shared memory first: the code may never let go of the thread. */
function relay(line: string): void {
  const kind = /^\{"kind":"(\w+)"/.exec(line)?.[1]
  if (kind === 'interrupt') raiseForAll(flag, (JSON.parse(line) as Extract<ToInside, { kind: 'interrupt' }>).ask)
  toWorker.postMessage(line)
  if (kind === 'cancel') cancel(JSON.parse(line) as Extract<ToInside, { kind: 'cancel' }>)
}

function cancel({ ask, runs }: Extract<ToInside, { kind: 'cancel' }>): void {
  const seqs = runs.map((run) => run.seq)
  const raiseWhileBusy = setInterval(() => raiseFor(flag, ask, seqs), CANCEL_PATIENCE_MS)
  const listen = (event: MessageEvent<FromWorker>) => {
    if (!event.data[0].includes(`{"kind":"obeyed","ask":${ask}}`)) return
    clearInterval(raiseWhileBusy)
    worker?.removeEventListener('message', listen)
    lower(flag, ask)
  }
  worker?.addEventListener('message', listen)
}

async function main(): Promise<void> {
  let parts: string[] = []
  for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const [first, ...lines] = chunk.split('\n')
    parts.push(String(first))
    for (const next of lines) {
      const line = parts.join('')
      worker ? relay(line) : start(line)
      parts = [next]
    }
  }
  // The server is gone.
  Deno.exit(0)
}

await main()
