/**
 * Shared memory through which running code is told to end: 0, or the number of the interrupt that is still to be read,
 * or minus the number of a cancel, which means the listed runs only. Numbers let an order be taken back without
 * taking back the next one.
 */
const RAISED = 0
const FIRST_RUN = 1
const LENGTH = 64

const { store, load, compareExchange } = Atomics

export function makeFlag(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(LENGTH * 4))
}

export function raiseForAll(flag: Int32Array, ask: number): void {
  store(flag, RAISED, ask)
}

/** Has no effect while another order stands. */
export function raiseFor(flag: Int32Array, ask: number, seqs: readonly number[]): void {
  if (load(flag, RAISED) !== 0) return
  for (let i = FIRST_RUN; i < LENGTH; i += 1) flag[i] = seqs[i - FIRST_RUN] ?? 0
  compareExchange(flag, RAISED, 0, -ask)
}

export function lower(flag: Int32Array, ask: number): void {
  compareExchange(flag, RAISED, ask, 0)
  compareExchange(flag, RAISED, -ask, 0)
}

export function isForAll(flag: Int32Array): boolean {
  return load(flag, RAISED) > 0
}

export function isFor(flag: Int32Array, seq: number): boolean {
  if (load(flag, RAISED) >= 0) return isForAll(flag)
  for (let i = FIRST_RUN; i < LENGTH; i += 1) if (flag[i] === seq) return true
  return false
}
