import { useEffect } from 'react'
import { PAGE_COMMAND } from '../cell/editor/pageCommand.ts'
import { KeyReader } from './keys.ts'
import type { CommandContext } from './shortcuts.ts'

const OWN_KEYS = 'input, textarea, select, [role="dialog"], dialog, [role="menu"], [contenteditable="true"]:not(.cm-content)'
const LIST_KEYS = new Set(['Escape', 'Enter', 'ArrowUp', 'ArrowDown', 'Tab'])
const ACTS_ON_ENTER = 'button, a, summary, [role="tab"], iframe'

type Mode = 'command' | 'edit'

/** Where a key would go: a cell, its editor, or something that has keys of its own; `last`: to which of them when nothing has the focus. */
function modeOf(target: EventTarget | null, key: string, last: Mode): Mode | undefined {
  if (!(target instanceof Element)) return 'command'
  // First and by the way up: what looks through a large page for every letter typed into it is felt.
  if (target.closest('.cm-content')) return target.closest('dialog') ? undefined : 'edit'
  // A window over the page has the keys, also when what had the focus in it is gone.
  if (document.querySelector('dialog:modal')) return undefined
  if (target.closest(OWN_KEYS)) return undefined
  if (target.closest('.output, .cell-output')) return 'edit'
  if (target.closest(ACTS_ON_ENTER)) {
    if (key === 'Enter' || key === ' ' || key.startsWith('Arrow')) return undefined
    // Who pressed a button of a cell is at that cell, not in its text.
    return target.closest('.cell-header') ? 'command' : 'edit'
  }
  // Who was typing, and whose editor is gone, goes on typing: a word is no row of commands.
  return target === document.body ? last : 'command'
}

/** The editor's own list and search panel close first. */
function editorKeeps(event: KeyboardEvent): boolean {
  const alone = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey
  if (LIST_KEYS.has(event.key) && alone && document.querySelector('.cm-tooltip-autocomplete')) return true
  return event.key === 'Escape' && event.target instanceof Element && event.target.closest('.cm-panel') !== null
}

function takeFromAll(event: Event): void {
  event.preventDefault()
  event.stopPropagation()
}

/** Keys work inside the editor and out of it: they are read before anything else sees them. */
export function useKeyboard(context: CommandContext): void {
  useEffect(() => {
    const reader = new KeyReader()
    const { coming, selection } = context.notebook
    const modeAt = (target: EventTarget | null, key: string) => modeOf(target, key, selection.state.get().mode)
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || event.defaultPrevented) return
      const mode = modeAt(event.target, event.key)
      if (!mode) return
      if (coming.keeps(event)) return takeFromAll(event)
      if (mode === 'edit' && editorKeeps(event)) return
      const command = reader.read(event, mode, event.timeStamp)
      if (!command) return
      // Copying a selection is what Ctrl+C is for first.
      if (command !== 'pending' && command.keys.includes('Ctrl+C') && event.ctrlKey && getSelection()?.toString()) return
      // Even half a pair: focus may move within this event, and the letter would be typed there.
      takeFromAll(event)
      if (command === 'pending') return
      command.run(context)
      event.target?.dispatchEvent(new Event(PAGE_COMMAND))
    }
    const onPaste = (event: ClipboardEvent) => {
      if (modeAt(event.target, '') && coming.keepsPasted(event)) takeFromAll(event)
    }
    document.addEventListener('keydown', onKey, true)
    document.addEventListener('paste', onPaste, true)
    return () => {
      document.removeEventListener('keydown', onKey, true)
      document.removeEventListener('paste', onPaste, true)
    }
  }, [context])
}
