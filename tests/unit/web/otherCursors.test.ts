import { EditorState } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import {
  changedBy,
  cursorsIn,
  type OtherCursor,
  otherCursors,
  setCursors,
} from '../../../web/src/features/cell/editor/otherCursors.ts'

const ada = (anchor: number, head: number, told: string | undefined = `${anchor}-${head}`): OtherCursor => ({
  ...{ clientId: 'ada', name: 'Ada', className: 'person-0' },
  ...{ told, anchor, head },
})

function setUp() {
  let state = EditorState.create({ doc: 'one two', extensions: otherCursors })
  return {
    tell: (...told: OtherCursor[]) => {
      state = state.update({ effects: setCursors.of(told) }).state
    },
    type: (from: number, insert: string, by?: string) => {
      state = state.update({ changes: { from, insert }, ...(by && { effects: changedBy.of(by) }) }).state
    },
    shown: () => cursorsIn(state).map(({ anchor, head, moves }) => [anchor, head, moves]),
  }
}

describe('[E6] somebody else’s cursor', () => {
  it('goes where the text around it goes, behind what they type and before what others do', () => {
    const { tell, type, shown } = setUp()
    tell(ada(4, 4))
    type(0, 'zero ')
    expect(shown()).toEqual([[9, 9, 1]])
    type(9, 'mine')
    expect(shown()).toEqual([[9, 9, 1]])
    type(9, 'hers', 'ada')
    expect(shown()).toEqual([[13, 13, 2]])
  })

  it('stays there when the same is told again, and goes where it is told anew', () => {
    const { tell, type, shown } = setUp()
    tell(ada(4, 7))
    type(0, '  ')
    tell(ada(4, 7))
    expect(shown()).toEqual([[6, 9, 1]])
    tell(ada(6, 9, 'the same place in the next version'))
    expect(shown()).toEqual([[6, 9, 1]])
    tell(ada(0, 1))
    expect(shown()).toEqual([[0, 1, 2]])
  })

  it('that cannot be placed now stays where it was, and is never beyond the text', () => {
    const { tell, shown } = setUp()
    tell({ ...ada(1, 1), told: undefined })
    expect(shown()).toEqual([])
    tell(ada(3, 99))
    tell({ ...ada(1, 1), told: undefined })
    expect(shown()).toEqual([[3, 7, 1]])
    tell()
    expect(shown()).toEqual([])
  })
})
