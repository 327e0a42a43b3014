import { expect, test } from 'vitest'
import { renameIn } from '../../../web/src/features/cell/editor/rename.ts'

test.each([
  ['a declaration and its uses', 'const a = 1\na + a', 'const b = 1\nb + b'],
  ['no property of that name', 'const a = x.a; ({ a: 1 })', 'const b = x.a; ({ a: 1 })'],
  ['a short property', 'const a = 1; ({ a, c: a })', 'const b = 1; ({ a: b, c: b })'],
  ['a short pattern', 'const { a, c: d } = x', 'const { a: b, c: d } = x'],
  ['a pattern with its own name', 'const { c: a } = x', 'const { c: b } = x'],
  ['no string and no comment, but a hole', '`a $' + '{a}` // a', '`a $' + '{b}` // a'],
  ['a class and the type it is', 'class a {}\nlet x: a', 'class b {}\nlet x: b'],
  ['an import', 'import { a } from "m"; a()', 'import { a as b } from "m"; b()'],
  ['an import that is called otherwise already', 'import { c as a } from "m"; a()', 'import { c as b } from "m"; b()'],
  ['no imported name that is called otherwise here', 'import { a as c } from "m"', 'import { a as c } from "m"'],
])('renaming changes %s', (_what, before, after) => {
  expect(renameIn(before, 'a', 'b')).toBe(after)
})
