import { isNode, type Node, walk } from './ast.ts'
import { RUNTIME } from './instrument.ts'

const RE_EXPORT = 'A cell cannot re-export a module: import the names it should define'
const REQUIRE = '`import … = require()` is not available in cells: use `import … from`'

/** The first thing that parses but has no meaning in a cell. */
export function findRefused(program: Node): { message: string; offset: number } | undefined {
  let first: { message: string; offset: number } | undefined
  walk(program, (node, parent) => {
    const message = messageFor(node) ?? misplaced(node, parent)
    if (message && (!first || node.start < first.offset)) first = { message, offset: node.start }
  })
  return first
}

function messageFor(node: Node): string | undefined {
  switch (node.type) {
    case 'TSImportEqualsDeclaration':
      return isNode(node.moduleReference) && node.moduleReference.type === 'TSExternalModuleReference' ? REQUIRE : undefined
    case 'TSExportAssignment':
      return '`export =` is not available in cells'
    case 'TSNamespaceExportDeclaration':
      return '`export as namespace` is not available in cells'
    case 'ExportAllDeclaration':
      return RE_EXPORT
    case 'ExportNamedDeclaration':
      return isNode(node.source) ? RE_EXPORT : undefined
    case 'ImportDeclaration':
    case 'ImportExpression':
      return node.phase ? `\`import ${String(node.phase)}\` is not available in cells: use a plain \`import\`` : undefined
    case 'Identifier':
      return String(node.name).startsWith(RUNTIME)
        ? `Names that begin with \`${RUNTIME}\` belong to the notebook itself`
        : undefined
    case 'Literal':
      return regexProblem(node.regex)
    default:
      return undefined
  }
}

const MODULE_ONLY = new Set(['ImportDeclaration', 'ExportNamedDeclaration', 'ExportDefaultDeclaration'])

/** Inside a namespace, declarations may be exported. */
function misplaced(node: Node, parent: Node | undefined): string | undefined {
  if (!MODULE_ONLY.has(node.type) || parent?.type === 'Program') return undefined
  if (parent?.type === 'TSModuleBlock' && node.type === 'ExportNamedDeclaration' && isNode(node.declaration)) return undefined
  return `\`${node.type.startsWith('Import') ? 'import' : 'export'}\` can only stand at the top level of the cell`
}

/** What cells' engine allows, and this one not yet: names used twice, and flags for a group. */
function isModern(pattern: string, reason: string): boolean {
  return (
    reason === 'Duplicate capture group name' ||
    (reason === 'Invalid group' && /\(\?(?:[ims]+(?:-[ims]*)?|-[ims]+):/.test(pattern))
  )
}

/** The parser does not look into patterns. */
function regexProblem(regex: unknown): string | undefined {
  if (typeof regex !== 'object' || regex === null) return undefined
  const { pattern, flags } = regex as { pattern: string; flags: string }
  try {
    new RegExp(pattern, flags)
    return undefined
  } catch (error) {
    const reason = String((error as Error).message).replace(/^Invalid regular expression: .*: (?=[^:]*$)/s, '')
    return isModern(pattern, reason) ? undefined : `This regular expression is not valid: ${reason}`
  }
}
