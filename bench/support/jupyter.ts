import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { residentMb } from '@rivulet/tests/support/resident.ts'
import { WebSocket } from 'ws'
import { childrenOf } from './processes.ts'

export const HOW_TO_GET_JUPYTER =
  'Jupyter Server is not installed (Debian: apt-get install jupyter-server python3-ipykernel): nothing stands beside.'

/** What is installed, as it calls itself; undefined without it. */
export function jupyterVersion(): string | undefined {
  const { status, stdout } = spawnSync('jupyter-server', ['--version'], { encoding: 'utf8' })
  return status === 0 ? `Jupyter Server ${stdout.trim()}` : undefined
}

interface Message {
  parent_header: { msg_id?: string }
  header: { msg_type: string }
  content: { execution_state?: string; status?: string }
}

/** Debian's Jupyter Server in a process of its own, on a free port and an empty folder. */
export class Jupyter {
  private readonly child: ChildProcess
  private readonly url: string
  private readonly folder: string
  private readonly token: string

  private constructor(child: ChildProcess, { url, folder, token }: { url: string; folder: string; token: string }) {
    this.child = child
    this.url = url
    this.folder = folder
    this.token = token
  }

  static async start(): Promise<Jupyter> {
    const folder = mkdtempSync(join(tmpdir(), 'rivulet-bench-jupyter-'))
    const [port, token] = [await freePort(), randomUUID()]
    const options = ['--no-browser', '--ServerApp.ip=127.0.0.1', `--ServerApp.port=${port}`, `--ServerApp.token=${token}`]
    const root = process.getuid?.() === 0 ? ['--allow-root'] : []
    const env = { ...process.env, HOME: folder, JUPYTER_RUNTIME_DIR: join(folder, 'runtime') }
    const child = spawn('jupyter-server', [...options, ...root], { cwd: folder, env, stdio: 'ignore' })
    const jupyter = new Jupyter(child, { url: `127.0.0.1:${port}`, folder, token })
    await jupyter.isUp()
    return jupyter
  }

  /** MB of the server, and of the kernels it started. */
  memory(of: 'server' | 'kernels'): number[] {
    const pid = this.child.pid ?? 0
    return (of === 'server' ? [pid] : childrenOf(pid)).map(residentMb)
  }

  /** A new kernel, and a connection to it. */
  async kernel(): Promise<JupyterKernel> {
    const response = await this.ask('POST', '/api/kernels', { name: 'python3' })
    const { id } = (await response.json()) as { id: string }
    return JupyterKernel.connect({
      address: `ws://${this.url}/api/kernels/${id}/channels?token=${this.token}`,
      interrupt: () => this.ask('POST', `/api/kernels/${id}/interrupt`),
      end: () => this.ask('DELETE', `/api/kernels/${id}`),
    })
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.kill('SIGTERM')
    await gone
    rmSync(this.folder, { recursive: true, force: true })
  }

  private ask(method: string, path: string, body?: unknown): Promise<Response> {
    const headers = { authorization: `token ${this.token}`, 'content-type': 'application/json' }
    return fetch(`http://${this.url}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
  }

  private async isUp(): Promise<void> {
    for (let attempt = 0; attempt < 300; attempt++) {
      const up = await this.ask('GET', '/api/status').then(
        (response) => response.ok,
        () => false,
      )
      if (up) return
      if (this.child.exitCode !== null) break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error('Jupyter Server did not start')
  }
}

interface Ways {
  address: string
  interrupt: () => Promise<unknown>
  end: () => Promise<unknown>
}

/** One kernel and its channels, as a front end has them. */
export class JupyterKernel {
  readonly interrupt: () => Promise<unknown>
  private readonly socket: WebSocket
  private readonly delete: () => Promise<unknown>
  private readonly session = randomUUID()
  private readonly waiting = new Map<string, { began?: () => void; idle: () => void }>()

  private constructor(socket: WebSocket, { interrupt, end }: Ways) {
    this.socket = socket
    this.interrupt = interrupt
    this.delete = end
    socket.on('message', (data) => this.heard(JSON.parse(String(data)) as Message))
  }

  static async connect(ways: Ways): Promise<JupyterKernel> {
    const socket = new WebSocket(ways.address)
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return new JupyterKernel(socket, ways)
  }

  /** Resolves when the kernel says that it is idle again; `began` is called when it says that it runs this. */
  run(code: string, began?: () => void): Promise<void> {
    const id = randomUUID()
    const header = { msg_id: id, session: this.session, username: 'bench', msg_type: 'execute_request', version: '5.3', date: '' }
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false, stop_on_error: false }
    this.socket.send(JSON.stringify({ header, parent_header: {}, metadata: {}, content, channel: 'shell', buffers: [] }))
    return new Promise((resolve) => this.waiting.set(id, { idle: resolve, ...(began && { began }) }))
  }

  async end(): Promise<void> {
    this.socket.close()
    await this.delete()
  }

  private heard({ header, parent_header, content }: Message): void {
    const asked = this.waiting.get(parent_header.msg_id ?? '')
    if (!asked || header.msg_type !== 'status') return
    if (content.execution_state === 'busy') asked.began?.()
    if (content.execution_state === 'idle') asked.idle()
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
