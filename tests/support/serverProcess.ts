import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Connection } from './connection.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const READY = /Rivulet is ready at (http:\S+)/

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'rivulet-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

interface Running {
  child: ChildProcess
  output: { stdout: string; stderr: string }
  /** Code or signal, once it has ended and everything it wrote has been read. */
  ended: Promise<number | string>
}

interface Program {
  file: string
  args: string[]
  cwd: string
}

const SOURCES: Program = { file: process.execPath, args: ['--import', 'tsx', 'server/src/main.ts'], cwd: ROOT }

/** What `pnpm start` runs, without pnpm in between: signals reach the server. */
export function builtProgram(): Program {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'server/package.json'), 'utf8')) as { scripts: { start: string } }
  return { file: 'sh', args: ['-c', scripts.start], cwd: join(ROOT, 'server') }
}

/** The program itself, in a process of its own. */
function run({ file, args, cwd }: Program, env: Record<string, string>, user: { uid?: number; gid?: number } = {}): Running {
  const variables = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', TMPDIR: tmpdir(), NODE_ENV: 'test' }
  const child = spawn(file, args, {
    ...user,
    cwd,
    env: { ...variables, PORT: '0', KERNEL_WARM_SPARE: 'false', STOP_GRACE_SECONDS: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (output.stdout += chunk))
  child.stderr.on('data', (chunk) => (output.stderr += chunk))
  const ended = new Promise<number | string>((resolve) => child.once('close', (code, signal) => resolve(code ?? signal ?? '')))
  return { child, output, ended }
}

export const NOBODY = 65_534

/** Root may write what is read-only; nobody may not. */
const unprivileged = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}

/** Runs the program until it ends by itself, which it does when it cannot start; as `nobody` without any special rights. */
export async function failedStart(
  env: Record<string, string>,
  { as, program = SOURCES }: { as?: 'nobody'; program?: Program } = {},
): Promise<{ code: number | string; stdout: string; stderr: string }> {
  const { child, output, ended } = run(program, env, as && unprivileged)
  child.stdout?.on('data', () => {
    if (READY.test(output.stdout)) child.kill('SIGKILL')
  })
  return { code: await ended, ...output }
}

/** A command of the operator, as `pnpm db:…` starts it. */
export function command(script: `${string}-cli.ts`, args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const file = join(ROOT, 'db/src', script)
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', file, ...args], { cwd: ROOT }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })
}

/** A server that can be killed. */
export class ServerProcess extends Connection {
  readonly output: Running['output']
  private readonly child: ChildProcess
  private readonly ended: Promise<number | string>

  private constructor(url: string, { child, output, ended }: Running) {
    super(url)
    this.child = child
    this.output = output
    this.ended = ended
  }

  static async start(env: Record<string, string>, program = SOURCES): Promise<ServerProcess> {
    const running = run(program, env)
    const ready = new Promise<string>((resolve) => {
      running.child.stdout?.on('data', () => {
        const url = READY.exec(running.output.stdout)?.[1]
        if (url) resolve(url)
      })
    })
    const failed = running.ended.then((code): never => {
      throw new Error(`the server ended (${code}): ${running.output.stderr}`)
    })
    const url = await Promise.race([ready, failed])
    return new ServerProcess(url, running)
  }

  get pid(): number {
    return this.child.pid ?? Number.NaN
  }

  /** Code or signal, when it ends by itself. */
  get gone(): Promise<number | string> {
    return this.ended
  }

  /** Code or signal with which it ended. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | string> {
    this.child.kill(signal)
    return this.ended
  }
}
