import { typescriptLanguage } from '@codemirror/lang-javascript'

interface SyntaxNode {
  name: string
  from: number
  to: number
  parent: SyntaxNode | null
  prevSibling: SyntaxNode | null
}

const NAMES = new Set(['VariableName', 'VariableDefinition', 'TypeName', 'TypeDefinition'])

/** How the new name is written at this node; `undefined` where the word is something else, such as a property. */
function written({ name, from, to, parent, prevSibling }: SyntaxNode, oldName: string, newName: string): string | undefined {
  if (parent?.name === 'ImportGroup') {
    if (name === 'VariableName') return undefined
    return prevSibling?.name === 'as' ? newName : `${oldName} as ${newName}`
  }
  // `{ a }` is short for `{ a: a }`, and only the value changes its name.
  const whole = parent?.from === from && parent.to === to
  const short = whole && (parent.name === 'PatternProperty' || parent.name === 'Property')
  if (short) return `${oldName}: ${newName}`
  return NAMES.has(name) ? newName : undefined
}

/** The TypeScript source with a name called otherwise, wherever it is the name and not a property, a string or a comment. */
export function renameIn(source: string, oldName: string, newName: string): string {
  let result = ''
  let done = 0
  typescriptLanguage.parser.parse(source).iterate({
    enter: ({ node }) => {
      if (node.firstChild || source.slice(node.from, node.to) !== oldName) return
      const replacement = written(node, oldName, newName)
      if (replacement === undefined) return
      result += source.slice(done, node.from) + replacement
      done = node.to
    },
  })
  return result + source.slice(done)
}
