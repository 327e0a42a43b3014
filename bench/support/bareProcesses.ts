import { spawn } from 'node:child_process'
import { setPriority } from 'node:os'
import { denoBinary } from '@rivulet/server/src/kernel/typescript/deno.ts'
import { NICENESS } from '@rivulet/server/src/kernel/typescript/process.ts'

/** As many processes of Deno that do what a cell would do, and nothing of ours: what waking them costs the machine. Answers how to end them. */
export async function bareProcesses(count: number, code: string): Promise<() => void> {
  const children = Array.from({ length: count }, () =>
    spawn(denoBinary(), ['eval', code], { stdio: ['ignore', 'pipe', 'ignore'] }),
  )
  await Promise.all(
    children.map(async ({ pid, stdout }) => {
      if (pid !== undefined) setPriority(pid, NICENESS)
      await new Promise((resolve) => stdout.on('data', resolve))
    }),
  )
  return () => {
    for (const child of children) child.kill('SIGKILL')
  }
}
