import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Connection } from '@rivulet/tests/support/connection.ts'
import { residentMb } from '@rivulet/tests/support/resident.ts'
import { childrenOf } from './processes.ts'

/**
 * As `pnpm start` has them: the space for new objects would otherwise grow by what one burst needs, and stay so; and what is
 * no longer needed would be collected ever more rarely, until four times of what is needed is held.
 */
export const NODE_FLAGS = ['--max-semi-space-size=4', '--heap-growing-percent=60']
const BUILT = fileURLToPath(new URL('../../server/dist/main.js', import.meta.url))

/** The built server in a process of its own, on a free port and an empty data folder. */
export class BenchServer extends Connection {
  readonly pid: number
  readonly dataDir: string
  private readonly child: ChildProcess

  private constructor(child: ChildProcess, url: string, dataDir: string) {
    super(url)
    this.child = child
    this.pid = child.pid ?? 0
    this.dataDir = dataDir
  }

  /** `dataDir`: on the data that another one kept. */
  static async start(
    env: Record<string, string> = {},
    dataDir = mkdtempSync(join(tmpdir(), 'rivulet-bench-')),
  ): Promise<BenchServer> {
    const limits = {
      RATE_LIMIT_PER_MINUTE: '10000000',
      GUESTS_PER_MINUTE: '100000',
      SUBSCRIPTIONS_PER_USER: '100000',
      SOCKETS_PER_USER: '100000',
      UNKNOWN_SOCKETS_PER_ADDRESS: '100000',
    }
    const variables = {
      ...process.env,
      PORT: '0',
      HOST: '127.0.0.1',
      DATA_DIR: dataDir,
      NODE_ENV: 'production',
      ...limits,
      ...env,
    }
    const child = spawn(process.execPath, [...NODE_FLAGS, BUILT], { env: variables, stdio: ['ignore', 'pipe', 'inherit'] })
    return new BenchServer(child, await readyAt(child), dataDir)
  }

  /** Resident memory of the server, or of the kernel processes it started, in MB. */
  memory(of: 'server' | 'kernels'): number[] {
    const pids = of === 'server' ? [this.pid] : childrenOf(this.pid)
    return pids.map(residentMb)
  }

  async stop({ keepData = false } = {}): Promise<void> {
    await this.closeSockets()
    const gone = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.kill('SIGTERM')
    await gone
    if (!keepData) rmSync(this.dataDir, { recursive: true, force: true })
  }
}

export function readyAt(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      const url = /ready at (\S+)/.exec(printed)?.[1]
      if (url) resolve(url)
    })
    child.once('exit', (code) => reject(new Error(`The server ended with ${code} before it was ready`)))
  })
}
