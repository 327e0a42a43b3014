import { closeSync, openSync } from 'node:fs'

/** Of what holds people's work and sessions: its user's alone, whoever may look into the folder. */
export const OWN = 0o600

/** Makes an empty file for a database. SQLite would let everybody read it; its log and index get the mode that the file has. */
export function makeOwnFile(path: string): void {
  closeSync(openSync(path, 'wx', OWN))
}
