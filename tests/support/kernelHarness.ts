import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunRequest } from '@rivulet/server/notebook/effects'
import type { CellError, Language, MimeBundle, Output } from '@rivulet/server/notebook/model'
import type { Outcome, Report } from '@rivulet/server/notebook/reports'
import type { Kernel } from '@rivulet/server/src/kernel/kernel.ts'
import { openPackages, type PackageBundle } from '@rivulet/server/src/kernel/packages.ts'
import { type DenoHome, INSIDE_DIR, makeDenoHome } from '@rivulet/server/src/kernel/typescript/deno.ts'
import { TypeScriptKernel } from '@rivulet/server/src/kernel/typescript/kernel.ts'
import { DenoProcess } from '@rivulet/server/src/kernel/typescript/process.ts'
import { analyse } from '@rivulet/server/src/language/languages.ts'
import { startInProcessKernel } from './inProcessKernel.ts'
import { homeFolder } from './testHome.ts'

export const OUTPUT_BYTES = 5_000_000

let packages: Promise<PackageBundle> | undefined

/** Bundled once a machine, and kept between runs of the tests. */
export function testPackages(): Promise<PackageBundle> {
  packages ??= openPackages(join(tmpdir(), 'rivulet-test-packages'))
  return packages
}

let home: DenoHome | undefined

/** Of the kernels of one file of tests. */
export function testHome(): DenoHome {
  home ??= makeDenoHome(homeFolder(), INSIDE_DIR)
  return home
}

export type Place = 'Deno' | 'in process'

export interface KernelLimits {
  heapMb?: number
  rssMb?: number
  runSeconds?: number
}

export interface RunOptions {
  cellId: string
  language: Language
  needs: string[]
  after: string[]
  binds: string[]
  unavailable: Record<string, string>
}

/** A kernel, everything it reported, and ways to wait for more. */
export class TestKernel {
  readonly kernel: Kernel
  readonly reports: Report[] = []
  /** How many times it reported. */
  batches = 0
  private readonly ends = new Map<string, Outcome>()
  readonly pid: number | undefined
  private waiting: (() => void)[] = []
  private runs = 0

  private constructor(start: (report: (reports: Report[]) => void) => { kernel: Kernel; pid?: number }) {
    const { kernel, pid } = start((reports) => {
      this.batches += 1
      for (const report of reports) {
        this.reports.push(report)
        if (report.kind === 'finished') this.ends.set(report.runId, report.outcome)
      }
      for (const wake of this.waiting.splice(0)) wake()
    })
    this.kernel = kernel
    this.pid = pid
  }

  static async start(place: Place, { runSeconds = 0, ...limits }: KernelLimits = {}): Promise<TestKernel> {
    const bundle = await testPackages()
    if (place === 'in process')
      return new TestKernel((report) => ({
        kernel: startInProcessKernel({ packages: bundle, outputBytes: OUTPUT_BYTES, runSeconds }, report),
      }))
    const options = {
      home: testHome(),
      packages: bundle,
      heapMb: 256,
      rssMb: 768,
      outputBytes: OUTPUT_BYTES,
      network: [],
      ...limits,
    }
    return new TestKernel((report) => {
      const process = new DenoProcess(options)
      return {
        kernel: new TypeScriptKernel(process, report, { runSeconds }),
        ...(process.pid !== undefined && { pid: process.pid }),
      }
    })
  }

  /** Names defined and used are those of the source, unless said otherwise. */
  request(source: string, options: Partial<RunOptions> = {}): RunRequest {
    this.runs += 1
    const language = options.language ?? 'typescript'
    const { defines, uses } = analyse(language, source)
    const runId = `run-${this.runs}`
    const planned = {
      needs: [],
      after: [],
      binds: uses,
      files: [],
      unavailable: {},
      cutoff: false,
      optional: false,
      version: 1,
      inputs: {},
    }
    return { runId, cellId: `cell-${this.runs}`, language, source, defines, ...planned, ...options }
  }

  /** Asks for one run and returns its id. */
  run(source: string, options: Partial<RunOptions> = {}): string {
    const request = this.request(source, options)
    this.kernel.run([request])
    return request.runId
  }

  /** Runs one cell and waits for its end. */
  async ran(source: string, options: Partial<RunOptions> = {}): Promise<Ended> {
    return this.ended(this.run(source, options))
  }

  /** The first thing `find` gives for what has been reported so far. */
  async until<T>(find: (reports: Report[]) => T | undefined | false): Promise<T> {
    for (;;) {
      const found = find(this.reports)
      if (found) return found
      await new Promise<void>((resolve) => this.waiting.push(resolve))
    }
  }

  started(runId: string): Promise<unknown> {
    return this.until((reports) => reports.some((report) => report.kind === 'started' && report.runId === runId))
  }

  /** The end of a run; throws when the kernel ended instead. */
  async ended(runId: string): Promise<Ended> {
    const outcome = await this.until(() => this.ends.get(runId) ?? this.deathCertificate())
    if (outcome instanceof Error) throw outcome
    return new Ended(runId, outcome, outputsOf(this.reports, runId))
  }

  private deathCertificate(): Error | undefined {
    const exit = this.reports.at(-1)
    return exit?.kind === 'exited' ? new Error(`The kernel ended: ${exit.reason}`) : undefined
  }

  async exited(): Promise<Extract<Report, { kind: 'exited' }>> {
    const exit = await this.until((reports) => reports.find((report) => report.kind === 'exited'))
    return exit as Extract<Report, { kind: 'exited' }>
  }

  outputs(runId: string): Output[] {
    return outputsOf(this.reports, runId)
  }

  /** Resolves once the kernel has dealt with everything sent before. */
  async settled(): Promise<void> {
    await this.ran('')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kernel.dispose()
  }
}

/** How a run ended, with what it showed. */
export class Ended {
  readonly runId: string
  readonly outcome: Outcome
  readonly outputs: Output[]

  constructor(runId: string, outcome: Outcome, outputs: Output[]) {
    this.runId = runId
    this.outcome = outcome
    this.outputs = outputs
  }

  get kind(): Outcome['kind'] {
    return this.outcome.kind
  }

  get error(): CellError | undefined {
    return this.outcome.kind === 'error' ? this.outcome.error : undefined
  }

  /** Bundle of the last expression. */
  get value(): MimeBundle | undefined {
    const last = this.outputs.findLast((output) => output.kind === 'value')
    return last?.kind === 'value' ? last.data : undefined
  }

  /** Text of the last expression. */
  get text(): unknown {
    return this.value?.['text/plain']
  }

  get json(): unknown {
    return this.value?.['application/json']
  }

  get message(): string {
    return this.error && 'message' in this.error ? this.error.message : ''
  }

  stream(name: 'stdout' | 'stderr' = 'stdout'): string {
    return this.outputs.map((output) => (output.kind === 'stream' && output.name === name ? output.text : '')).join('')
  }
}

/** As a client folds them: text that carries a known id continues that output. */
function outputsOf(reports: readonly Report[], runId: string): Output[] {
  const outputs: Output[] = []
  for (const report of reports) {
    if (report.kind !== 'output' || report.runId !== runId) continue
    const known = outputs.findIndex((output) => output.id === report.output.id)
    const before = outputs[known]
    if (before?.kind === 'stream' && report.output.kind === 'stream')
      outputs[known] = { ...report.output, text: before.text + report.output.text }
    else outputs.push(report.output)
  }
  return outputs
}
