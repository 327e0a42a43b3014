import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Runtime } from '@observablehq/runtime'
import { denoBinary } from '@rivulet/server/src/kernel/typescript/deno.ts'
import { median, samplesOf } from './figures.ts'

/** Floors: what this machine does at least, measured in the same run as what stands beside them. */

/** A line to a Deno process and back, median ms: what no kernel in a process of its own can beat. */
export async function pipeEcho(): Promise<number> {
  const code =
    'for await (const c of Deno.stdin.readable) { let w = 0; while (w < c.length) w += Deno.stdout.writeSync(c.subarray(w)) }'
  const child = spawn(denoBinary(), ['eval', '--no-config', code], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  try {
    const samples = await samplesOf(200, async () => {
      child.stdin.write('x\n')
      await lines.next()
    })
    return median(samples)
  } finally {
    child.kill('SIGKILL')
  }
}

/** Redefining the root of `size` variables in Observable's runtime, in this process, until the last has its value, median ms. */
export async function observableRuntime(size: number, inputOf: (n: number) => number, rounds = 5): Promise<number> {
  const module = new Runtime().module()
  const names = Array.from({ length: size }, (_, n) => `x${n}`)
  const variables = names.map((name, n) => {
    const variable = module.variable(true)
    return n === 0 ? variable.define(name, [], 1) : variable.define(name, [`x${inputOf(n)}`], (value: number) => value + 1)
  })
  const last = names.at(-1) ?? ''
  await module.value(last)
  const samples = await samplesOf(rounds, async (round) => {
    variables[0]?.define('x0', [], round + 10)
    await module.value(last)
  })
  return median(samples)
}
