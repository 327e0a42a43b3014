import { execFileSync } from 'node:child_process'

/** Every process of this machine that is not only waiting to be reaped, by id, with its parent. */
function running(): Map<number, number> {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n')
  const rows = lines.map((line) => line.trim().split(/\s+/))
  return new Map(rows.filter(([, , state]) => !state?.startsWith('Z')).map(([pid, parent]) => [Number(pid), Number(parent)]))
}

/** Ids of the processes that a process has started, and of those that they have. */
export function descendantsOf(pid: number): number[] {
  const parents = running()
  const found = new Set([pid])
  // Parents need not come before their children.
  for (let before = 0; before < found.size; ) {
    before = found.size
    for (const [child, parent] of parents) if (found.has(parent)) found.add(child)
  }
  found.delete(pid)
  return [...found]
}

export function stillRunning(pids: readonly number[]): number[] {
  const parents = running()
  return pids.filter((pid) => parents.has(pid))
}
