import { cx } from './cx.ts'

const MAC = /Mac|iPhone|iPad/.test(navigator.platform)
const MAC_SIGNS: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Ctrl: '⌃', Enter: '↵' }
const NAMES: Record<string, string> = { Mod: 'Ctrl', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' }

/** How a combination such as `Mod+Shift+R` or `D D` is written on this machine. */
export function writeKeys(combo: string): string {
  const part = (key: string) => (MAC && MAC_SIGNS[key]) || NAMES[key] || key
  return combo
    .split(' ')
    .map((stroke) =>
      stroke
        .split('+')
        .map(part)
        .join(MAC ? '' : '+'),
    )
    .join(' ')
}

export function Keys({ combo, className }: { combo: string; className?: string }) {
  return (
    <kbd className={cx('rounded border border-line bg-sunken px-1.5 py-px font-sans text-[11px] text-muted', className)}>
      {writeKeys(combo)}
    </kbd>
  )
}
