import { readFileSync } from 'node:fs'

/** Memory of a process, in MB; NaN where there is no /proc. */
export function residentMb(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

/** The most that a process has while `work` goes on, looked at often, beyond what it had before; NaN where that cannot be seen. */
export async function growthMb(pid: number, work: () => Promise<unknown>): Promise<number> {
  const before = residentMb(pid)
  let most = before
  const look = setInterval(() => {
    most = Math.max(most, residentMb(pid))
  }, 25)
  try {
    await work()
  } finally {
    clearInterval(look)
  }
  return Math.max(most, residentMb(pid)) - before
}
