import type { NotebookKind } from '../notebook/model.ts'

/** `demo`, `blank`, and the older `demo-<userId>`, `blank-<userId>` of that same user. */
export function aliasKind(userId: string, id: string): Exclude<NotebookKind, 'user'> | undefined {
  for (const kind of ['demo', 'blank'] as const) if (id === kind || id === `${kind}-${userId}`) return kind
  return undefined
}
