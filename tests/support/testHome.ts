import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let folder: string | undefined

/** For what Deno keeps of the kernels that one file of tests starts by itself; `KERNELS_IN`: in a folder that somebody else removes. */
export function homeFolder(): string {
  folder ??= mkdtempSync(join(process.env.KERNELS_IN ?? tmpdir(), 'rivulet-kernels-'))
  return folder
}

export function removeHomeFolder(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
}
