import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Of this process, so that those of an earlier one with the same number are told apart. */
const mine = new Set<string>()

/** An empty folder that nobody else has, named after this process. */
export function makeTempFolder(root: string): string {
  sweep(root)
  const path = join(root, `${process.pid}-${randomBytes(8).toString('hex')}`)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  mine.add(path)
  return path
}

export function removeTempFolder(path: string): void {
  mine.delete(path)
  rmSync(path, { recursive: true, force: true })
}

const swept = new Set<string>()

/** What servers have left behind that were killed. Once a process. */
function sweep(root: string): void {
  if (swept.has(root)) return
  swept.add(root)
  mkdirSync(root, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(root)) {
    const path = join(root, name)
    const pid = /^(\d+)-[0-9a-f]{16}$/.exec(name)?.[1]
    if (pid !== undefined && !mine.has(path) && !isOther(Number(pid))) rmSync(path, { recursive: true, force: true })
  }
}

/** Whether it belongs to another process that still runs. */
function isOther(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
