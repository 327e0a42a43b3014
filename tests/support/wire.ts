import type { Cell, Notebook } from '@rivulet/server/notebook/model'

/** A cell that has never run. */
export const wireCell = (id: string, own: Partial<Cell> = {}): Cell => ({
  id,
  language: 'typescript',
  source: '',
  version: 1,
  disabled: false,
  hidden: false,
  defines: [],
  uses: [],
  status: 'idle',
  stale: false,
  result: { kind: 'none' },
  outputs: [],
  ...own,
})

export const wireNotebook = (cells: Cell[]): Notebook => ({
  id: 'n1',
  title: 'N',
  kind: 'user',
  role: 'owner',
  epoch: 'e',
  rev: 1,
  mode: 'auto',
  cutoff: false,
  network: [],
  kernels: [],
  files: [],
  cells,
})
