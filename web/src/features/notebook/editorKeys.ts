/** Editor habits that the editor itself keeps; listed so that the sheet is whole. */
export const EDITOR_KEYS: readonly { title: string; keys: string }[] = [
  { title: 'Complete', keys: 'Ctrl+Space' },
  { title: 'Comment or uncomment', keys: 'Mod+/' },
  { title: 'Undo', keys: 'Mod+Z' },
  { title: 'Indent', keys: 'Tab' },
  { title: 'Fold the block at the cursor', keys: 'Ctrl+Shift+[' },
  { title: 'Unfold it', keys: 'Ctrl+Shift+]' },
]
