import type { Language } from '@rivulet/server/notebook/model'
import type { CommandContext } from './shortcuts.ts'

/** What commands do that takes more than a line, and on which cells. */

export function active({ notebook }: CommandContext): string | undefined {
  return notebook.selection.active ?? undefined
}

export function chosen({ notebook }: CommandContext): string[] {
  const cells = notebook.selection.chosen(notebook.state.order)
  return cells.length ? cells : notebook.state.order.filter((cellId) => cellId === notebook.selection.active)
}

function before({ notebook }: CommandContext, cellId: string): string | null {
  const { order } = notebook.state
  return order[order.indexOf(cellId) - 1] ?? null
}

export function runAndGoOn(context: CommandContext): void {
  const { notebook } = context
  const cellIds = chosen(context)
  const last = cellIds.at(-1)
  if (!last) return
  void notebook.run(cellIds)
  const { order, cells } = notebook.state
  const next = order[order.indexOf(last) + 1]
  if (next) notebook.selection.focus(next)
  else void notebook.insert(cells.get(last)?.language ?? 'typescript', last)
}

export function insert(place: 'above' | 'below') {
  return (context: CommandContext) => {
    const { notebook } = context
    const cellId = active(context)
    const language = notebook.state.cells.get(cellId ?? '')?.language === 'markdown' ? 'markdown' : 'typescript'
    const below = cellId ?? notebook.state.order.at(-1) ?? null
    void notebook.insert(language, place === 'below' || !cellId ? below : before(context, cellId))
  }
}

export function paste(place: 'above' | 'below') {
  return (context: CommandContext) =>
    context.notebook.clipboard.paste(() => {
      const cellIds = chosen(context)
      const [first] = cellIds
      return first && place === 'above' ? before(context, first) : (cellIds.at(-1) ?? context.notebook.state.order.at(-1) ?? null)
    })
}

export function turnInto(language: Language) {
  return (context: CommandContext) => void context.notebook.set(chosen(context), { language })
}

export function toggle(field: 'hidden' | 'disabled') {
  return (context: CommandContext) => {
    const cell = context.notebook.state.cells.get(active(context) ?? '')
    if (cell) void context.notebook.set(chosen(context), { [field]: !cell[field] })
  }
}

export const step = (by: -1 | 1) => (context: CommandContext) => context.notebook.selection.step(context.notebook.state.order, by)
export const extend = (by: -1 | 1) => (context: CommandContext) =>
  context.notebook.selection.extend(context.notebook.state.order, by)
export const moveBy = (by: -1 | 1) => (context: CommandContext) => void context.notebook.structure.moveBy(chosen(context), by)
