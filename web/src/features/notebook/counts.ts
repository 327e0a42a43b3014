import type { NotebookView } from '../cell/host.ts'

/** What the bars say about the whole notebook; primitives, so that bars render only when a number changes. */

export function staleCount({ notebook }: NotebookView): number {
  let count = 0
  for (const cell of notebook.cells.values()) if (cell.stale && !cell.disabled) count += 1
  return count
}

export function failedCount({ notebook }: NotebookView): number {
  let count = 0
  for (const cell of notebook.cells.values()) if (cell.result.kind === 'error' && !cell.disabled) count += 1
  return count
}

export function busyCount({ notebook }: NotebookView): number {
  let count = 0
  for (const cell of notebook.cells.values()) if (cell.status !== 'idle') count += 1
  return count
}

export function kernelText({ notebook }: NotebookView): string {
  const kernel = kernelOf(notebook)
  if (!kernel || kernel.status === 'none') return 'kernel starts with the first run'
  return `kernel ${kernel.status}${kernel.detail ? ` · ${kernel.detail}` : ''}`
}

export const kernelOf = ({ kernels }: NotebookView['notebook']) => kernels.find(({ language }) => language === 'typescript')

/** Which hosts the cells may reach, in a word; nothing when there are none, as at first. */
export function networkText({ notebook: { network } }: NotebookView): string | undefined {
  const [host] = network
  return network.length > 1 ? `reaches ${network.length} hosts` : host && `reaches ${host}`
}
