import { execFile } from 'node:child_process'
import { accessSync, constants, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** What keeps the engine's process in, besides the engine's own settings. */
export type Sandbox = 'bubblewrap' | 'process'

export interface Contents {
  /** What Node runs, and what that may read. */
  script: string
  binding: string
  /** The one folder that it may write to. */
  tempDir: string
  /** Address space of the process, in MiB, and the size of one file. */
  addressMb: number
  fileMb: number
}

export interface Command {
  file: string
  args: string[]
  sandbox: Sandbox
  /** What the folder is called in there. */
  tempDir: string
}

/** Inside of the walls it has another name: nobody has to know where the server keeps its data. */
const SPILL = '/spill'

/** JavaScript's own heap: the engine's memory is elsewhere. */
const HEAP_MB = 512

/** Where the libraries of a system lie that Node and the engine need. */
const SYSTEM = ['/usr/lib', '/usr/lib64', '/lib', '/lib64', '/usr/local/lib', '/etc/ld.so.cache', '/nix/store', '/gnu/store']

/**
 * The command that runs it: limited where `prlimit` is, shut in where bubblewrap really works. `wanted` is the operator's word.
 * @throws Error when bubblewrap is required and does not work
 */
export async function commandFor(contents: Contents, wanted: 'auto' | 'required' | 'off'): Promise<Command> {
  const node = realpathSync(process.execPath)
  const run = [node, '--expose-gc', `--max-old-space-size=${HEAP_MB}`, contents.script, contents.binding]
  const [isLimited, isWalled] = await Promise.all([hasLimits(), wanted !== 'off' && hasBubblewrap(contents)])
  const limits = isLimited ? limitsOf(contents) : []
  if (isWalled) return { ...command([...limits, ...walls(contents), ...run]), sandbox: 'bubblewrap', tempDir: SPILL }
  if (wanted === 'required')
    throw new Error('SQL_SANDBOX is “required”, but bubblewrap does not work here: install `bwrap`, and allow user namespaces.')
  return { ...command([...limits, ...run]), sandbox: 'process', tempDir: contents.tempDir }
}

function command([file = '', ...args]: string[]): { file: string; args: string[] } {
  return { file, args }
}

function limitsOf({ addressMb, fileMb }: Contents): string[] {
  const bytes = (mb: number) => mb * 2 ** 20
  return [programs.prlimit ?? '', `--as=${bytes(addressMb)}`, `--fsize=${bytes(fileMb)}`, '--core=0', '--']
}

/** No network, no other processes, and no files but these. */
function walls({ script, binding, tempDir }: Contents): string[] {
  const node = realpathSync(process.execPath)
  const read = (path: string) => ['--ro-bind', path, path]
  return [
    programs.bwrap ?? '',
    ...['--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ...SYSTEM.flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...[...read(node), ...read(realpathSync(script)), ...read(dirname(binding)), '--bind', tempDir, SPILL],
    ...['--chdir', '/', '--'],
  ]
}

const programs = { bwrap: find('bwrap'), prlimit: find('prlimit') }

/** By the server's own search path: the process gets none. */
function find(name: string): string | undefined {
  const folders = process.platform === 'linux' ? ['/usr/local/bin', '/usr/bin', '/bin', '/run/current-system/sw/bin'] : []
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

let limited: Promise<boolean> | undefined
let walled: Promise<boolean> | undefined

function hasLimits(): Promise<boolean> {
  limited ??= works([programs.prlimit, '--core=0', '--', process.execPath, '--version'])
  return limited
}

/** That it is installed says little: containers often forbid what it needs. */
function hasBubblewrap(contents: Contents): Promise<boolean> {
  walled ??= works([programs.bwrap, ...walls(contents).slice(1), realpathSync(process.execPath), '--version'])
  return walled
}

const PROBE_MS = 10_000

async function works([file, ...args]: (string | undefined)[]): Promise<boolean> {
  if (file === undefined) return false
  try {
    await promisify(execFile)(
      file,
      args.map((each) => each ?? ''),
      { env: {}, timeout: PROBE_MS },
    )
    return true
  } catch {
    return false
  }
}
