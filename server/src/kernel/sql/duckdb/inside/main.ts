// The process of the engine: reads frames from the server, and answers each that asks.
import { Socket } from 'node:net'
import { setPriority } from 'node:os'
import { Engine } from './engine.ts'
import { Broken, failureOf } from './failures.ts'
import { FrameReader, writeFrame } from './frames.ts'
import type { FromInside, ToInside } from './protocol.ts'

/** Not standard output: the engine itself may print there. */
const CHANNEL = 3

/** Queries leave the processor to the server. */
const NICENESS = 10

const channel = new Socket({ fd: CHANNEL })
let engine: Promise<Engine> | undefined
const running = new Set<string>()

function say(content: FromInside, body?: Uint8Array): void {
  for (const part of writeFrame(content, body)) channel.write(part)
}

/** At once, whatever native code still does: an ordinary exit waits for it. */
function end(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('unreachable: the process is gone')
}

function die(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error)
  for (const part of writeFrame({ kind: 'dying', reason } satisfies FromInside)) channel.write(part)
  channel.end(end)
}

async function answer(ask: number, work: (engine: Engine) => Promise<unknown>): Promise<void> {
  try {
    if (!engine) throw new Error('The first frame has to set the engine up')
    const done = await work(await engine)
    if (done instanceof Uint8Array) say({ kind: 'done', ask, answer: true }, done)
    else say({ kind: 'done', ask, answer: done ?? null })
  } catch (error) {
    if (error instanceof Broken) return die(error)
    say({ kind: 'failed', ask, failure: failureOf(error).wire() })
  }
}

function heard(message: ToInside, body: Uint8Array): void {
  switch (message.kind) {
    case 'setup':
      engine = Engine.open(message.setup)
      return void engine.then(() => say({ kind: 'ready' }), die)
    case 'load':
      return void answer(message.ask, (engine) => engine.load(message, body))
    case 'file':
      return void answer(message.ask, (engine) => engine.loadFile(message))
    case 'drop-file':
      return void answer(message.ask, (engine) => engine.dropFile(message.name))
    case 'run':
      running.add(message.run)
      return void answer(message.ask, (engine) => engine.run(message).finally(() => running.delete(message.run)))
    case 'cancel':
      return void engine?.then((ready) => ready.cancel(message.run, running.has(message.run))).catch(die)
    case 'page':
      return void answer(message.ask, (engine) => engine.page(message.result, message.query))
    case 'read':
      return void answer(message.ask, (engine) => engine.read(message.result))
    case 'save':
      return void answer(message.ask, (engine) => engine.save(message.result, message.query))
    case 'next':
      return void answer(message.ask, (engine) => engine.next(message.reader))
    case 'close':
      return void engine?.then((ready) => ready.close(message.reader)).catch(die)
    case 'forget':
      return void answer(message.ask, (engine) => engine.forget(message.cell))
    case 'schema':
      return void answer(message.ask, (engine) => engine.schema())
    case 'memory':
      return void answer(message.ask, async () => Math.round(process.memoryUsage.rss() / 2 ** 20))
  }
}

setPriority(NICENESS)
// The server alone speaks here, and it speaks this protocol.
const frames = new FrameReader((content, body) => heard(content as ToInside, body))
channel.on('data', (chunk: Buffer) => frames.push(chunk))
// The server is gone.
channel.on('close', end)
channel.on('error', end)
