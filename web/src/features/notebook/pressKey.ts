import { loadEditor } from '../cell/editor/load.ts'

/** Presses a key again, where the focus is now. What nobody takes for a command is written, as the browser would have done. */
export async function pressKey({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): Promise<void> {
  const modifiers = { ctrlKey, metaKey, altKey, shiftKey }
  const again = new KeyboardEvent('keydown', { key, code, ...modifiers, bubbles: true, cancelable: true })
  const { activeElement: focused } = document
  const isLeft = (focused ?? document.body).dispatchEvent(again)
  if (isLeft && key.length === 1) await write(key)
}

/** Writes at the cursor; nothing where there is none. */
export async function write(text: string): Promise<void> {
  const { activeElement: focused } = document
  if (!(focused instanceof HTMLElement)) return
  const { insertText, viewAt } = await loadEditor()
  const view = viewAt(focused)
  if (view) insertText(view, text)
}
