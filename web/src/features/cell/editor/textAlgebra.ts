import { ChangeSet } from '@codemirror/state'
import { changesBetween } from '@rivulet/server/notebook/textDiff'
import type { TextAlgebra } from '../drafts/sharing.ts'

export const textAlgebra: TextAlgebra = {
  parse: (changes) => ChangeSet.fromJSON(changes),
  // Without the separator the inserted text would be split at carriage returns, too, and lose them.
  between: (before, after) => ChangeSet.of(changesBetween(before, after), before.length, '\n'),
}
