import { COMMANDS, type Command } from './shortcuts.ts'

export interface Stroke {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
}

const MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

/** `Mod+Shift+P`, `D`, `ArrowUp`: the way the table writes it. */
export function writeStroke({ key, ctrlKey, metaKey, altKey, shiftKey }: Stroke, mac = MAC): string {
  const mod = mac ? metaKey : ctrlKey
  const control = mac ? ctrlKey : metaKey
  const name = key.length === 1 ? key.toUpperCase() : key
  // Which signs need Shift is the keyboard's business: a `?` is a `?`.
  const sign = key.length === 1 && key.toLowerCase() === key.toUpperCase()
  return [mod && 'Mod', control && 'Ctrl', altKey && 'Alt', shiftKey && !sign && 'Shift', name].filter(Boolean).join('+')
}

/** `Ctrl` in the table is the Ctrl key itself, which off a Mac is `Mod`. */
function spelled(keys: string, mac: boolean): string {
  return mac ? keys : keys.replaceAll('Ctrl+', 'Mod+')
}

const PAIR_MS = 900

/** Turns strokes into commands, remembering the first of a pair (`D D`) for a moment. */
export class KeyReader {
  private pending: { stroke: string; at: number } | undefined
  private readonly mac: boolean

  constructor(mac = MAC) {
    this.mac = mac
  }

  /** `'pending'`: the first of a pair; it is the reader's, too. */
  read(stroke: Stroke, mode: 'command' | 'edit', now: number): Command | 'pending' | undefined {
    const written = writeStroke(stroke, this.mac)
    const first = this.pending && now - this.pending.at < PAIR_MS ? this.pending.stroke : undefined
    this.pending = undefined
    const usable = COMMANDS.filter((command) => command.when === 'anywhere' || mode === 'command')
    const find = (keys: string) => usable.find((command) => command.keys.some((own) => spelled(own, this.mac) === keys))
    const found = (first && find(`${first} ${written}`)) || find(written)
    if (found) return found
    const opens = usable.some((command) => command.keys.some((own) => spelled(own, this.mac).startsWith(`${written} `)))
    if (!opens) return undefined
    this.pending = { stroke: written, at: now }
    return 'pending'
  }
}
