import { history, undo } from '@codemirror/commands'
import { EditorState } from '@codemirror/state'
import { changesBetween } from '@rivulet/server/notebook/textDiff'
import { canSend, cleanDraft, type Draft, isDirty } from '../../web/src/features/cell/drafts/draft.ts'
import { type Outgoing, outgoing, type Sent, settled, takeOff } from '../../web/src/features/cell/drafts/outgoing.ts'
import { chosen, followed, replaced, type Shared, shared, typedChanges } from '../../web/src/features/cell/drafts/sharing.ts'
import { othersChange } from '../../web/src/features/cell/editor/editor.ts'
import { textAlgebra } from '../../web/src/features/cell/editor/textAlgebra.ts'
import { CELL, type TypingServer } from './typingServer.ts'

interface Request {
  edit: Outgoing
  opId: string
}

/** Somebody who types in the cell: the page's own drafts and editor state, on a network that loses, repeats and reorders. */
export class Typist {
  readonly clientId: string
  readonly requests: Request[] = []
  readonly answers: { sent: Sent; opId: string }[] = []
  draft: Shared
  state: EditorState
  private seen = 0
  private operations = 0
  private readonly server: TypingServer

  constructor(server: TypingServer, clientId: string) {
    this.server = server
    this.clientId = clientId
    this.draft = shared(cleanDraft({ version: server.version, source: server.source }), textAlgebra)
    this.seen = server.edits.length
    this.state = EditorState.create({ doc: server.source, extensions: [history(), EditorState.lineSeparator.of('\n')] })
  }

  get text(): string {
    return this.state.doc.toString()
  }

  /** Replaces `length` characters at a place, counted from wherever that falls in the text. */
  type(place: number, length: number, insert: string): void {
    const from = place % (this.text.length + 1)
    const changes = { from, to: Math.min(from + length, this.text.length), insert }
    this.apply(this.state.update({ changes, selection: { anchor: from + insert.length }, userEvent: 'input.type' }))
  }

  undo(): void {
    undo({ state: this.state, dispatch: (transaction) => this.apply(transaction) })
  }

  /** Sends what can be sent, once more what had no answer yet. */
  send(): void {
    if (!canSend(this.draft)) return
    const opId = this.draft.unsent.flying?.opId ?? `${this.clientId}-${++this.operations}`
    this.set(takeOff(this.draft, opId))
    this.requests.push({ edit: outgoing(CELL, this.draft, opId), opId })
  }

  /** One of the requests reaches the server; `keep` and it will once more. The answer is on its way back, or lost. */
  arrive(which: number, { keep = false, lost = false } = {}): void {
    const at = which % Math.max(1, this.requests.length)
    const request = this.requests[at]
    if (!request) return
    if (!keep) this.requests.splice(at, 1)
    const sent = this.server.receive(JSON.parse(JSON.stringify(request.edit)), this.clientId)
    if (!lost) this.answers.push({ sent, opId: request.opId })
  }

  /** A request never reaches the server. */
  lose(which: number): void {
    this.requests.splice(which % Math.max(1, this.requests.length), 1)
  }

  hear(which: number): void {
    const [answer] = this.answers.splice(which % Math.max(1, this.answers.length), 1)
    // The page waits for one answer at a time; one that comes later than its retry's is of no interest any more.
    if (answer && this.draft.unsent.flying?.opId === answer.opId) this.set(settled(this.draft, answer, textAlgebra))
  }

  /** The next events, at most so many. */
  follow(count: number): void {
    const events = this.server.edits.slice(this.seen, this.seen + count)
    this.seen += events.length
    for (const edit of events) {
      const { draft, shown } = followed(this.draft, edit, textAlgebra)
      if (shown) this.state = this.state.update(othersChange({ ...shown, clientId: undefined })).state
      this.set(draft)
    }
  }

  /** Away too long to be told each change: what is now. */
  snapshot(): void {
    this.seen = this.server.edits.length
    const theirs = { version: this.server.version, source: this.server.source }
    this.set(replaced(this.draft, theirs, textAlgebra))
  }

  choose(choice: 'mine' | 'theirs'): void {
    if (this.draft.conflict) this.set(chosen(this.draft, choice, textAlgebra))
  }

  get isDone(): boolean {
    return !isDirty(this.draft) && this.seen === this.server.edits.length
  }

  private apply(transaction: ReturnType<EditorState['update']>): void {
    this.state = transaction.state
    if (transaction.docChanged) this.draft = typedChanges(this.draft, transaction.changes, this.text)
  }

  /** As the editor does it: what the draft's text says and the screen does not show yet is changed on the screen. */
  private set(draft: Draft): void {
    if (draft.unsent === undefined) throw new Error('the draft is not shared any more')
    this.draft = { ...draft, unsent: draft.unsent }
    const changes = changesBetween(this.text, draft.text)
    if (changes.length) this.state = this.state.update(othersChange({ changes: this.state.changes(changes) })).state
    if (this.text !== draft.text) throw new Error('the screen shows another text than the draft')
  }
}
