import type { Notebook } from '../Notebook.ts'

interface Named {
  /** Set when the name is one of a table. */
  table: string | undefined
  connectionId: string | undefined
}

/** Writes a name at the cursor of the current SQL cell; where there is none, a cell that reads the table is made. */
export function nameInto(notebook: Notebook, name: string, { table, connectionId }: Named): void {
  const { active } = notebook.selection
  const cell = active === null ? undefined : notebook.state.cells.get(active)
  if (cell?.language === 'sql' && !cell.hidden) return notebook.selection.focus(cell.id, 'editor', name)
  const after = cell?.id ?? notebook.state.order.at(-1) ?? null
  const source = table === undefined ? name : `select * from ${table} limit 100`
  void notebook.insertCell({ language: 'sql', after, source, ...(connectionId !== undefined && { connectionId }) })
}

/** Words that a name cannot be without quotation marks, in both engines. */
const RESERVED = new Set(
  `all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_date
  current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign
  from grant group having in initially intersect into lateral leading limit localtime localtimestamp not null offset on only or
  order placing primary qualify references returning select session_user some summarize symmetric system_user table then to trailing
  true union unique unpivot pivot user using variadic when where window with`.split(/\s+/),
)

/** In quotation marks only where the engines need them. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`
}
