import { ChangeSet, EditorSelection } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import { cleanDraft } from '../../../web/src/features/cell/drafts/draft.ts'
import {
  flown,
  followed,
  fromBase,
  notTaken,
  refusedFor,
  replaced,
  type Shared,
  shared,
  taken,
  toBase,
  typedChanges,
} from '../../../web/src/features/cell/drafts/sharing.ts'
import { textAlgebra as algebra } from '../../../web/src/features/cell/editor/textAlgebra.ts'
import { TypingServer } from '../../support/typingServer.ts'
import { Typist } from '../../support/typist.ts'

const draftOf = (source: string, version = 1) => shared(cleanDraft({ version, source }), algebra)
const type = (draft: Shared, text: string) => typedChanges(draft, algebra.between(draft.text, text), text)

function two(source: string) {
  const server = new TypingServer(source)
  const [mine, other] = [new Typist(server, 'mine'), new Typist(server, 'other')]
  const everywhere = () => {
    for (let round = 0; round < 6; round += 1) {
      for (const typist of [mine, other]) {
        typist.send()
        typist.arrive(0)
        typist.follow(9)
        typist.hear(0)
      }
    }
    return [mine.text, other.text, server.source]
  }
  return { server, mine, other, everywhere }
}

describe('[E5] undo', () => {
  it('takes back one’s own typing in the middle of the other’s, and puts it back where it belongs', () => {
    const { mine, other, everywhere } = two('<>')
    mine.type(1, 0, 'mine')
    everywhere()
    other.type(1, 0, 'before ')
    other.type(other.text.length - 1, 0, ' behind')
    expect(everywhere()).toEqual(Array(3).fill('<before mine behind>'))
    mine.undo()
    expect(everywhere()).toEqual(Array(3).fill('<before  behind>'))
    other.undo()
    other.undo()
    expect(everywhere()).toEqual(Array(3).fill('<>'))
    other.undo()
    mine.undo()
    expect(everywhere()).toEqual(Array(3).fill('<>'))
  })
})

describe('[E2] the cursor', () => {
  it('stays between the same characters, whatever the other types and whatever one’s own echo says', () => {
    const { mine, other, everywhere } = two('one two three')
    mine.state = mine.state.update({ selection: EditorSelection.range(4, 7) }).state
    other.type(0, 0, 'zero ')
    other.type(other.text.length, 0, ' four')
    other.type(8, 1, '')
    everywhere()
    const { from, to } = mine.state.selection.main
    expect(mine.state.sliceDoc(from, to)).toBe('two')
    mine.type(from, 0, 'X')
    const { head } = mine.state.selection.main
    everywhere()
    expect(mine.state.selection.main.head).toBe(head)
  })
})

describe('[E2] what is on its way', () => {
  it('and had nothing left to change is done, whether the answer or the other’s edit comes first', () => {
    for (const answerFirst of [true, false]) {
      const sent = flown(type(draftOf('gone stays'), 'ge stays'), 'op')
      const edit = { version: 2, source: 'stays', changes: { set: algebra.between('gone stays', 'stays').toJSON() } }
      const answer = (draft: Shared) => taken(draft, 'op', 2, algebra)
      const event = (draft: Shared) => followed(draft, edit, algebra).draft
      const done = answerFirst ? event(answer(sent)) : answer(event(sent))
      expect(done).toEqual({ base: { version: 2, source: 'stays' }, text: 'stays', unsent: {} })
    }
  })

  it('and is in a snapshot already is no conflict, although the same line has been typed in since', () => {
    const sent = type(flown(type(draftOf('x = 1\n\n'), 'x = 12\n\n'), 'op'), 'x = 123\n\n')
    const theirs = 'x = 12\n\n// theirs'
    const jumped = replaced(sent, { version: 4, source: theirs }, algebra)
    expect(jumped).toMatchObject({ text: 'x = 123\n\n', ahead: { version: 4 } })
    const text = 'x = 123\n\n// theirs'
    const unsent = { typed: algebra.between(theirs, text) }
    expect(taken(jumped, 'op', 3, algebra)).toEqual({ base: { version: 4, source: theirs }, text, unsent })
  })

  it('and comes after a snapshot waits for its event', () => {
    const sent = flown(type(draftOf('x = 1\n\n'), 'x = 12\n\n'), 'op')
    const waiting = taken(replaced(sent, { version: 4, source: 'x = 1\n\n// theirs' }, algebra), 'op', 5, algebra)
    expect(waiting).toMatchObject({ text: 'x = 12\n\n', ahead: { version: 4 } })
    const source = 'x = 12\n\n// theirs'
    const { draft } = followed(waiting, { version: 5, source }, algebra)
    expect(draft).toEqual({ base: { version: 5, source }, text: source, unsent: {} })
  })

  it('and is refused waits with what was typed since', () => {
    const sent = type(flown(type(draftOf('a'), 'ab'), 'op'), 'abc')
    expect(notTaken(sent, algebra).unsent).toEqual({ typed: algebra.between('a', 'abc') })
  })

  it('is not touched by an answer to something else, or by an edit that is known', () => {
    const sent = flown(type(draftOf('a', 3), 'ab'), 'op')
    expect(taken(sent, 'other', 4, algebra)).toBe(sent)
    expect(followed(sent, { version: 3, source: 'old' }, algebra).draft).toBe(sent)
  })
})

describe('[E4] an edit that cannot be rebased', () => {
  const sent = flown(type(draftOf('one\ntwo\nthree'), 'ONE\ntwo\nthree'), 'op')

  it('is merged line by line with what is there now', () => {
    const merged = refusedFor(sent, { version: 9, source: 'one\ntwo\n3' }, algebra)
    expect(merged).toMatchObject({ base: { version: 9 }, text: 'ONE\ntwo\n3' })
    expect(merged.unsent).toEqual({ typed: algebra.between('one\ntwo\n3', 'ONE\ntwo\n3') })
  })

  it('waits for a choice when both changed the same line, and typing goes on', () => {
    const asked = type(refusedFor(sent, { version: 9, source: '1\ntwo\nthree' }, algebra), 'ONE!\ntwo\nthree')
    expect(asked).toMatchObject({ text: 'ONE!\ntwo\nthree', conflict: { version: 9 }, unsent: {} })
  })

  it('of another history is merged, whatever its version is', () => {
    const merged = replaced(sent, { version: 1, source: 'one\ntwo\n3' }, algebra, { sameHistory: false })
    expect(merged).toMatchObject({ base: { version: 1 }, text: 'ONE\ntwo\n3' })
  })
})

it('[E6] a place on the screen is found in the base, and back', () => {
  const insert = (draft: Shared, from: number, insert: string) => {
    const changes = ChangeSet.of({ from, insert }, draft.text.length)
    return typedChanges(draft, changes, draft.text.slice(0, from) + insert + draft.text.slice(from))
  }
  const draft = insert(flown(insert(draftOf('abcd'), 2, '12'), 'op'), 0, '0')
  expect(draft.text).toBe('0ab12cd')
  expect([0, 1, 2, 3, 4, 5, 6, 7, 99].map((at) => toBase(draft, at))).toEqual([0, 0, 1, 2, 2, 2, 3, 4, 4])
  expect([0, 1, 2, 3, 4, 99].map((at) => fromBase(draft, at))).toEqual([0, 2, 3, 6, 7, 7])
})
