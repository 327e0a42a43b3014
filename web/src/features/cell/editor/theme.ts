import { syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { codeColours } from '../../../ui/codeColours.ts'

/** Colours are the page's own variables, so one theme serves light and dark. */
const look = EditorView.theme({
  '&': { fontSize: 'inherit', backgroundColor: 'transparent', color: 'var(--ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-code)', lineHeight: 'inherit', overflow: 'visible' },
  '.cm-content': { padding: '0', caretColor: 'var(--accent)' },
  '.cm-line': { padding: '0' },
  '.cm-selectionBackground': { backgroundColor: 'light-dark(#c9e6ee, #21505f)' },
  '.cm-otherSelection': { backgroundColor: 'color-mix(in srgb, var(--person) 28%, transparent)' },
  '.cm-otherCursors': { pointerEvents: 'none' },
  '.cm-otherCursor': { width: '2px', marginLeft: '-1px', backgroundColor: 'var(--person)' },
  // What remains when the name is gone again: it would hide the line above.
  '.cm-otherCursor::after': {
    content: '""',
    position: 'absolute',
    top: '-3px',
    left: '-2px',
    width: '6px',
    height: '6px',
    borderRadius: '50%',
    backgroundColor: 'var(--person)',
  },
  '@keyframes cm-nameGoes': { to: { opacity: 0 } },
  '.cm-otherCursor::before': {
    content: 'attr(data-name)',
    position: 'absolute',
    bottom: '100%',
    left: '0',
    padding: '0 5px',
    borderRadius: '4px 4px 4px 0',
    backgroundColor: 'var(--person)',
    color: '#fff',
    font: '600 10px/14px var(--font-ui)',
    whiteSpace: 'nowrap',
    animation: 'cm-nameGoes 300ms 3s forwards',
  },
  '.cm-selectionMatch': { backgroundColor: 'light-dark(#e6f0d8, #333c25)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'light-dark(#d8ecf2, #2a4a55)', outline: 'none' },
  '.cm-placeholder': { color: 'var(--muted)' },
  '.cm-tooltip': {
    border: '1px solid var(--line)',
    borderRadius: '8px',
    backgroundColor: 'var(--surface)',
    color: 'var(--ink)',
    boxShadow: '0 8px 28px var(--shadow)',
    overflow: 'hidden',
  },
  // What describes the selected name stands beside the list, outside of its frame.
  '.cm-tooltip.cm-tooltip-autocomplete': { overflow: 'visible' },
  '.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--font-code)',
    fontSize: '12.5px',
    maxHeight: '14em',
    borderRadius: 'inherit',
  },
  '.cm-tooltip-autocomplete > ul > li': { padding: '2px 10px 2px 6px', lineHeight: '1.6' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent-soft)', color: 'var(--ink)' },
  '.cm-tooltip.cm-completionInfo': { padding: '6px 10px', maxWidth: 'min(26em, 90vw)', fontSize: '12.5px', lineHeight: '1.5' },
  // Where there is no room beside the list, below it: a library's default would cover the next names.
  '.cm-completionInfo.cm-completionInfo-right-narrow, .cm-completionInfo.cm-completionInfo-left-narrow': {
    top: '100% !important',
    bottom: 'auto !important',
    left: '0',
    right: 'auto',
  },
  '.cm-completionInfo code': { fontFamily: 'var(--font-code)', color: 'var(--code-name)', overflowWrap: 'anywhere' },
  '.cm-completionInfo p': { margin: '4px 0 0', fontFamily: 'var(--font-ui)' },
  '.cm-completionDetail': { color: 'var(--muted)', fontStyle: 'normal' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-panels': { backgroundColor: 'var(--sunken)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-panel.cm-search': { padding: '6px 8px', fontSize: '12.5px' },
  '.cm-textfield': {
    border: '1px solid var(--line-strong)',
    borderRadius: '6px',
    backgroundColor: 'var(--surface)',
    padding: '2px 6px',
  },
  '.cm-button': {
    border: '1px solid var(--line-strong)',
    borderRadius: '6px',
    background: 'var(--surface)',
    color: 'var(--ink)',
  },
  '.cm-searchMatch': { backgroundColor: 'light-dark(#fbe7b0, #57471c)' },
})

export const editorTheme = [look, syntaxHighlighting(codeColours)]
