import { chownSync, statSync } from 'node:fs'

/**
 * What root puts into the folder of a server that runs as somebody else has to belong to that user, who could not open it otherwise.
 * Nobody else than root can give files away, or has to.
 */
export function giveToOwnerOf(folder: string, paths: readonly string[]): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(folder)
  for (const path of paths) chownSync(path, uid, gid)
}
