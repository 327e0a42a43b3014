import { children, isNode, type Node, walk } from './ast.ts'

/** What the resolution of scopes does not tell. Places are offsets of identifiers. */
export interface TreeFacts {
  /** Identifiers inside `typeof x` in type positions. */
  typeQueries: Set<number>
  /** Declared names that exist for the type checker only. */
  ambient: Set<number>
  /** Names in `export { … }`, which a cell is free to say and which uses nothing. */
  exported: Set<number>
  disposed: Set<string>
}

export const TYPE_ONLY = new Set(['TSInterfaceDeclaration', 'TSTypeAliasDeclaration'])

export function readTree(program: Node): TreeFacts {
  const facts: TreeFacts = { typeQueries: new Set(), ambient: new Set(), exported: new Set(), disposed: new Set() }
  walk(program, (node) => {
    if (node.type === 'TSTypeQuery' && isNode(node.exprName)) addIdentifiers(facts.typeQueries, node.exprName)
    if (node.type === 'ExportSpecifier' && isNode(node.local)) facts.exported.add(node.local.start)
    if (node.type === 'TSModuleDeclaration' && isNode(node.id)) node.id = leftmost(node.id)
    if (isAmbient(node)) addIdentifiers(facts.ambient, node)
  })
  for (const node of children(program, 'body')) {
    const kind = node.type === 'VariableDeclaration' ? String(node.kind) : ''
    if (!kind.includes('using')) continue
    for (const declarator of children(node, 'declarations'))
      if (isNode(declarator.id)) facts.disposed.add(String(declarator.id.name))
  }
  return facts
}

/** `namespace a.b {}` declares `a`. */
function leftmost(id: Node): Node {
  let name = id
  while (name.type === 'TSQualifiedName' && isNode(name.left)) name = name.left
  return name
}

function isAmbient(node: Node): boolean {
  if (node.declare === true || node.type === 'TSDeclareFunction') return true
  if (node.type === 'ImportDeclaration' || node.type === 'ImportSpecifier' || node.type === 'TSImportEqualsDeclaration')
    return node.importKind === 'type'
  return node.type === 'TSModuleDeclaration' && !isInstantiated(node)
}

/** A namespace makes a value only when something in it does. */
export function isInstantiated(node: Node): boolean {
  const body = isNode(node.body) ? node.body : undefined
  if (!body) return false
  if (body.type === 'TSModuleDeclaration') return isInstantiated(body)
  return children(body, 'body').some((statement) => {
    const inner = isNode(statement.declaration) ? statement.declaration : statement
    if (inner.type === 'TSModuleDeclaration') return isInstantiated(inner)
    return !TYPE_ONLY.has(inner.type) && inner.declare !== true
  })
}

function addIdentifiers(into: Set<number>, root: Node): void {
  walk(root, (node) => {
    if (node.type === 'Identifier') into.add(node.start)
  })
}
