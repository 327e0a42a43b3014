import { newId } from '../../../ui/id.ts'
import { remembered } from '../../../ui/remembered.ts'
import { whenIdle } from '../../../ui/whenIdle.ts'
import type { Acknowledged } from './draft.ts'

/** Text that the server does not have yet, as it outlives the tab. */
export interface StoredDraft {
  base: Acknowledged
  text: string
}

const PREFIX = 'rivulet:draft:'
/** What a browser that dies may have missed of what was typed, ms. */
const AT_LATEST_MS = 100
const tab = newId()
let held = false

/** A lock that lives as long as this tab: by it other tabs know whose drafts are orphans. */
function holdTab(): void {
  if (held || !navigator.locks) return
  held = true
  void navigator.locks.request(`rivulet:tab:${tab}`, () => new Promise(() => undefined))
}

async function livingTabs(): Promise<Set<string>> {
  if (!navigator.locks) return new Set()
  const { held: locks = [] } = await navigator.locks.query()
  return new Set(locks.map((lock) => (lock.name ?? '').replace('rivulet:tab:', '')))
}

/** Drafts to be written, by their key: a key that is pressed does not wait for the disk. */
const unwritten = new Map<string, StoredDraft>()

function writeSoon(key: string, draft: StoredDraft): void {
  if (unwritten.size === 0) whenIdle(writeNow, AT_LATEST_MS)
  unwritten.set(key, draft)
}

function writeNow(): void {
  for (const [key, draft] of unwritten) remembered.set(key, JSON.stringify(draft))
  unwritten.clear()
}

// A tab that goes has no idle moment any more, and one in the background may be ended without a word.
window.addEventListener('pagehide', writeNow)
document.addEventListener('visibilitychange', writeNow)

/** Unsent text of one notebook, kept in the browser until the server has it. */
export class DraftStorage {
  private readonly prefix: string

  constructor(notebookId: string) {
    this.prefix = `${PREFIX}${notebookId}:`
    holdTab()
  }

  save(cellId: string, draft: StoredDraft): void {
    writeSoon(this.key(cellId), draft)
  }

  forget(cellId: string): void {
    unwritten.delete(this.key(cellId))
    remembered.remove(this.key(cellId))
  }

  /** Drafts of tabs that are gone, and of this tab's earlier visit; from now on they are the caller's. */
  async adopt(): Promise<Map<string, StoredDraft>> {
    writeNow()
    const living = await livingTabs()
    const drafts = new Map<string, StoredDraft>()
    for (const key of remembered.keys(this.prefix)) {
      const [cellId = '', owner = ''] = key.slice(this.prefix.length).split(':')
      if (owner !== tab && living.has(owner)) continue
      const text = remembered.get(key)
      if (text) drafts.set(cellId, JSON.parse(text) as StoredDraft)
      remembered.remove(key)
    }
    return drafts
  }

  private key(cellId: string): string {
    return `${this.prefix}${cellId}:${tab}`
  }
}
