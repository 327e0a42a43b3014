// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these sentences show people what to write.

/** What is wrong with a text, and what to do about it. */
export const MESSAGES = {
  character: 'SQL cannot contain this character',
  string: "This string has no end: a `'` is missing",
  quotedName: 'This name has no end: a `"` is missing',
  comment: 'This comment has no end: `*/` is missing',
  hole: 'This `${` has no end: a `}` is missing',
  parameter: 'Values are written `${expression}` here',
  unclearSlash: 'It is unclear whether this slash divides: put parentheses around what stands before it',
  glued: 'A value cannot be a part of a word: leave a space, or write the whole name as ${ident(`…`)}',
  inString: "A value cannot stand inside a string: end the string and join the two, as in 'a' || ${x}",
  inDollarString: 'A value cannot stand inside a string: end the string and join the two, as in $$a$$ || ${x}',
  inName: 'A value cannot stand inside a quoted name: write ${ident(x)}, without the quotes',
  asTable:
    'A value cannot stand for a table: write the name of a value of the notebook without `${}`, or a table name as ${ident(x)}',
  inView: 'A view cannot hold a value, as it is computed whenever it is read: create a table instead',
} as const
