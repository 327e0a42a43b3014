import type MagicString from 'magic-string'
import { child, children, isNode, type Node, walk } from './ast.ts'

/** What compiled code calls the object through which it talks to the kernel; cells cannot reasonably collide with it. */
export const RUNTIME = '$rivulet'

/** The word of shared memory that is not 0 while the kernel wants to interrupt: a parameter of its own, as loops read it. */
export const FLAG = `${RUNTIME}Flag`

const CHECK = `if(${FLAG}[0]!==0)${RUNTIME}.halt();`
const RESUMED = `${RUNTIME}.resumed();`
const CHECK_EXPRESSION = `${FLAG}[0]!==0&&${RUNTIME}.halt()`

const LOOPS = new Set(['ForStatement', 'ForInStatement', 'ForOfStatement', 'WhileStatement', 'DoWhileStatement'])
const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])

/**
 * Makes code interruptible: a plain read of the flag in every loop body and at every function entry, and a look after
 * every `await`, so that a run which has been given up does not go on. Turns `import()` into the kernel's own.
 */
export function instrument(code: MagicString, root: Node): void {
  walk(root, (node, parent) => {
    if (LOOPS.has(node.type)) guardBody(code, child(node, 'body'), node.await === true ? `${CHECK}${RESUMED}` : CHECK)
    else if (FUNCTIONS.has(node.type)) guardFunction(code, node)
    else if (node.type === 'AwaitExpression') wrap(code, node, `${RUNTIME}.resumed(`, ')')
    else if (node.type === 'ImportExpression') code.overwrite(node.start, node.start + 'import'.length, `${RUNTIME}.import`)
    else if (node.type === 'MetaProperty' && parent) replaceMeta(code, node)
  })
}

function guardBody(code: MagicString, body: Node, check: string): void {
  if (body.type === 'BlockStatement') code.appendRight(body.start + 1, check)
  else wrap(code, body, `{${check}`, '}')
}

function guardFunction(code: MagicString, node: Node): void {
  const body = node.body
  if (!isNode(body)) return
  if (body.type !== 'BlockStatement') return wrap(code, body, `(${CHECK_EXPRESSION},`, ')')
  // Behind directives, which are directives only while they come first.
  const directive = children(body, 'body').findLast((statement) => typeof statement.directive === 'string')
  code.appendRight(directive ? directive.end : body.start + 1, directive ? `;${CHECK}` : CHECK)
}

/** Outer nodes are visited first, so that their text must lie outside what inner ones add at the same place. */
function wrap(code: MagicString, node: Node, before: string, after: string): void {
  code.appendRight(node.start, before)
  code.prependLeft(node.end, after)
}

/** `import.meta` of a cell is an empty object: there is no module behind it. */
function replaceMeta(code: MagicString, node: Node): void {
  if (isNode(node.meta) && node.meta.name === 'import') code.overwrite(node.start, node.end, '({})')
}
