import type { CompletionSource } from '@codemirror/autocomplete'
import { PostgreSQL, SQLDialect } from '@codemirror/lang-sql'
import { type Extension, Prec, RangeSetBuilder } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import { piecesOf } from '../../sql/pieces.ts'
import { notebookNames } from '../completion.ts'
import type { Known } from '../languages.ts'
import { columnsAndTables } from './sqlCompletion.ts'

const hole = Decoration.mark({ class: 'cm-hole' })

function holesIn(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  for (const { kind, from, to } of piecesOf(view.state.doc.toString())) if (kind === 'hole') builder.add(from, to, hole)
  return builder.finish()
}

/** `${…}` is TypeScript in the midst of SQL, and looks it. */
const holes = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet

    constructor(view: EditorView) {
      this.decorations = holesIn(view)
    }

    update(update: ViewUpdate) {
      if (update.docChanged) this.decorations = holesIn(update.view)
    }
  },
  { decorations: ({ decorations }) => decorations },
)

const holeLook = EditorView.baseTheme({
  '.cm-hole': { backgroundColor: 'var(--accent-soft)', borderRadius: '3px' },
  '.cm-hole, .cm-hole *': { color: 'var(--code-name)', fontStyle: 'normal' },
})

/** What is at the cursor decides who answers: the notebook in a hole, else the tables, the values and the language. */
function wherever(inHole: CompletionSource, inCode: CompletionSource): CompletionSource {
  return (context) => {
    const { pos } = context
    const at = piecesOf(context.state.doc.toString()).find(
      ({ from, to, closed }) => from < pos && (pos < to || (!closed && pos === to)),
    )
    switch (at?.kind) {
      case 'hole':
        return pos > at.from + 1 ? inHole(context) : null
      case 'string':
      case 'comment':
        return null
      default:
        return inCode(context)
    }
  }
}

/** What DuckDB says beyond PostgreSQL, whose grammar it began with. */
const DUCKDB_WORDS = 'anti asof describe exclude glob list map pivot positional qualify semi struct summarize unpivot'
const DUCKDB = SQLDialect.define({ ...PostgreSQL.spec, keywords: `${PostgreSQL.spec.keywords ?? ''} ${DUCKDB_WORDS}` })

export function sql(known: Known): Extension {
  const dialect = known.connectionId === undefined ? DUCKDB : PostgreSQL
  const autocomplete = wherever(notebookNames(known.names), columnsAndTables(known, dialect))
  return [dialect.extension, dialect.language.data.of({ autocomplete }), holes, Prec.high(holeLook)]
}
