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
  const kernel = notebook.kernels.find(({ language }) => language === 'typescript')
  if (!kernel || kernel.status === 'none') return 'kernel starts with the first run'
  return `kernel ${kernel.status}${kernel.detail ? ` · ${kernel.detail}` : ''}`
}
