import type { EditorState } from '@codemirror/state'
import type { EditorView } from '@codemirror/view'
import type { Cell } from '@rivulet/server/notebook/model'
import { tableOf } from '@rivulet/server/notebook/tables'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { watchNear } from '../../../ui/near.ts'
import { subscribeSelected } from '../../../ui/store.ts'
import { toast } from '../../../ui/toast.ts'
import { fromBase, isShared } from '../drafts/sharing.ts'
import { type CellHost, type FocusRequest, useHost } from '../host.ts'
import { definedNames, positionOf } from '../names.ts'
import { colourOf, nameOf, othersAmong } from '../person.ts'
import type { EditorOptions } from './editor.ts'
import { type Known, type KnownNames, loadedLanguage, loadLanguage } from './languages.ts'
import { loadEditor } from './load.ts'
import type { OtherCursor } from './otherCursors.ts'
import { leaveSlot, type Slot, takeSlot } from './slots.ts'
import { inTurn } from './turns.ts'

type EditorModule = Awaited<ReturnType<typeof loadEditor>>

/** What other cells define, asked for at every completion. */
function namesFor(host: CellHost, id: string): KnownNames {
  return () => {
    const { notebook } = host.view.get()
    return [...definedNames(notebook)]
      .filter(([name, definer]) => definer !== id && !tableOf(name))
      .map(([label, definer]) => ({ label, type: 'variable', detail: `cell ${positionOf(notebook, definer)}`, boost: 1 }))
  }
}

function knownTo(host: CellHost, id: string, connectionId: string | undefined): Known {
  const names = namesFor(host, id)
  return {
    names,
    connectionId,
    tables: () => host.schemas.named(connectionId),
    values: async () => {
      // A value is a table on the embedded engine only.
      if (connectionId !== undefined) return []
      const unfit = await host.schemas.unfitValues()
      return names().filter(({ label }) => !label.startsWith('_') && !unfit.has(label))
    },
  }
}

function optionsFor(host: CellHost, { id, language, connectionId }: Cell, label: string): EditorOptions {
  return {
    language,
    label,
    support: loadedLanguage(language),
    readOnly: host.readOnly,
    known: knownTo(host, id, connectionId),
    onType: (text, changes) => host.drafts.type(id, text, changes),
    onCursor: (place, moved) => host.actions.cursorAt(id, place, moved),
    onEdge: (by) => host.actions.leaveEditor(id, by),
  }
}

/** Where others are in this cell. Whoever speaks of another version than this tab has is where they were last. */
function cursorsOf({ view, drafts, clientId: me }: CellHost, cellId: string): OtherCursor[] {
  const draft = drafts.has(cellId) ? drafts.get(cellId).get() : undefined
  if (!draft || !isShared(draft)) return []
  const { people } = view.get()
  return othersAmong(people, me).flatMap((person) => {
    const { clientId, selection } = person
    if (person.cellId !== cellId || !selection) return []
    const told = selection.version === draft.base.version ? JSON.stringify(selection) : undefined
    const [anchor, head] = [fromBase(draft, selection.anchor), fromBase(draft, selection.head)]
    return { clientId, name: nameOf(person, people, me), className: colourOf(person), told, anchor, head }
  })
}

const writtenIn = ({ language, connectionId }: Cell) => `${language} ${connectionId ?? ''}`

interface Parts {
  host: CellHost
  cell: Cell
  place: HTMLElement
  label: string
  kept?: EditorState
}

/** One cell's editor, from the first time it comes near the screen until too many others are nearer. */
class MountedEditor implements Slot {
  readonly view: EditorView
  private readonly editor: EditorModule
  private readonly host: CellHost
  private readonly place: HTMLElement
  private readonly onRelease: (state: EditorState) => void
  private readonly stops: readonly (() => void)[]
  /** What it was made with or told last; a state from before may have been told anything. */
  private label: string | undefined
  private writes: string | undefined
  visible = true

  constructor(editor: EditorModule, { host, cell, place, label, kept }: Parts, onRelease: (state: EditorState) => void) {
    const draft = host.drafts.get(cell.id)
    if (!kept) {
      this.label = label
      if (loadedLanguage(cell.language)) this.writes = writtenIn(cell)
    }
    this.editor = editor
    this.host = host
    this.view = editor.createView(kept ?? editor.createState(draft.get().text, optionsFor(host, cell, label)))
    this.place = place
    this.onRelease = onRelease
    editor.showText(this.view, draft.get().text)
    const showCursors = () => editor.showCursors(this.view, cursorsOf(host, cell.id))
    this.stops = [
      host.drafts.share(cell.id, editor.textAlgebra, (shown) => editor.showChanges(this.view, shown)),
      draft.subscribe(() => editor.showText(this.view, draft.get().text)),
      subscribeSelected(host.view, (view) => view.people, showCursors),
    ]
    showCursors()
    place.append(this.view.dom)
    takeSlot(this)
  }

  call(label: string): void {
    if (label !== this.label) this.editor.setLabel(this.view, label)
    this.label = label
  }

  /** As soon as the cell's language has arrived. */
  write(cell: Cell): void {
    const next = writtenIn(cell)
    if (next !== this.writes) this.editor.setLanguage(this.view, optionsFor(this.host, cell, this.label ?? ''))
    this.writes = next
  }

  idle(): boolean {
    return !this.visible && !this.view.hasFocus
  }

  release(): void {
    leaveSlot(this)
    for (const stop of this.stops) stop()
    this.onRelease(this.view.state)
    this.view.destroy()
    this.place.replaceChildren()
  }
}

export interface EditorHandle {
  live: boolean
  /** Mounts it if need be, then puts the cursor into it. */
  focus: (request?: Pick<FocusRequest, 'range' | 'quiet' | 'insert'>) => void
}

export interface EditorPlace {
  /** Holds the editor, and what stands for it: whether that is near the screen says whether an editor is worth it. */
  area: RefObject<HTMLElement | null>
  /** Inside of it, empty without an editor. */
  place: RefObject<HTMLElement | null>
}

/** Keeps a CodeMirror in `place` while it is worth it; until then, and after, the caller shows the same text itself. */
export function useEditor({ area, place }: EditorPlace, cell: Cell, label: string): EditorHandle {
  const host = useHost()
  const [live, setLive] = useState(false)
  const mounted = useRef<MountedEditor | null>(null)
  const kept = useRef<EditorState | undefined>(undefined)
  const module = useRef<EditorModule | null>(null)
  const latest = useRef(cell)
  latest.current = cell
  const latestLabel = useRef(label)
  latestLabel.current = label

  const mount = async (): Promise<MountedEditor | null> => {
    const editor = await loadEditor()
    module.current = editor
    if (mounted.current || !place.current) return mounted.current
    const parts = { host, cell: latest.current, place: place.current, label: latestLabel.current, kept: kept.current }
    mounted.current = new MountedEditor(editor, parts, (state) => {
      kept.current = state
      mounted.current = null
      setLive(false)
    })
    // In the same task as the editor appears the plain text goes, or one frame would show both.
    flushSync(() => setLive(true))
    return mounted.current
  }
  const start = useRef(mount)
  start.current = mount

  useEffect(() => {
    const element = area.current
    if (!element) return
    let near = false
    const stop = watchNear(element, (isNear) => {
      near = isNear
      if (mounted.current) mounted.current.visible = near
      // Whoever scrolls on quickly needs none of those that went by.
      else if (near) inTurn(async () => near && (await start.current().catch(loadFailed)))
    })
    return () => {
      stop()
      mounted.current?.release()
    }
  }, [area])

  useEffect(() => {
    if (live) mounted.current?.call(label)
  }, [live, label])
  // Only when one can write already: neither colours nor completions are waited for.
  useEffect(() => {
    if (!live) return
    let outdated = false
    loadLanguage(cell.language).then(() => {
      if (!outdated) mounted.current?.write(latest.current)
    }, loadFailed)
    return () => {
      outdated = true
    }
  }, [live, cell.language, cell.connectionId])

  const focus: EditorHandle['focus'] = ({ range, quiet, insert } = {}) => {
    start.current().then((editor) => {
      if (!quiet) editor?.view.focus()
      if (range && editor) module.current?.select(editor.view, range)
      if (insert && editor) module.current?.insertText(editor.view, insert)
    }, loadFailed)
  }
  return { live, focus }
}

function loadFailed(): void {
  void toast('The editor could not be loaded. Check the connection.', { tone: 'bad' })
}
