import { analyze, type Reference, type Variable } from '@typescript-eslint/scope-manager'
import { isNode, type Node, walk } from './ast.ts'

export interface Names {
  /** Names with a value at the top level, private ones included, in order of appearance. */
  declared: string[]
  /** Those of them that hold nothing any more when the cell has ended (`using`). */
  disposed: ReadonlySet<string>
  /** Free variables used as values, in order of appearance. */
  uses: string[]
  /** Where free variables are assigned to: offsets into the source. */
  assigns: { name: string; offset: number }[]
}

/** Scopes are resolved by scope-manager; what is type-only it cannot always tell, so that is read from the tree. */
export function namesOf(program: Node): Names {
  const facts = readTree(program)
  const manager = analyze(program as never, { sourceType: 'module', lib: [] })
  const top = manager.globalScope?.childScopes[0]
  const through = (manager.globalScope?.through ?? []).filter((each) => isValueUse(each, facts.typeQueries))
  through.sort((a, b) => offsetOf(a) - offsetOf(b))
  return {
    declared: (top?.variables ?? []).filter((each) => hasValue(each, facts)).map((each) => each.name),
    disposed: facts.disposed,
    uses: [...new Set(through.map((each) => each.identifier.name as string))],
    assigns: through
      .filter((each) => each.isWrite())
      .map((each) => ({ name: String(each.identifier.name), offset: offsetOf(each) })),
  }
}

interface TreeFacts {
  /** Offsets of identifiers inside `typeof x` in type positions. */
  typeQueries: Set<number>
  /** Offsets of declared names that exist for the type checker only. */
  ambient: Set<number>
  disposed: Set<string>
}

function readTree(program: Node): TreeFacts {
  const facts: TreeFacts = { typeQueries: new Set(), ambient: new Set(), disposed: new Set() }
  walk(program, (node) => {
    if (node.type === 'TSTypeQuery' && isNode(node.exprName)) addIdentifiers(facts.typeQueries, node.exprName)
    if (isAmbient(node)) addIdentifiers(facts.ambient, node)
  })
  for (const node of (program.body as Node[]) ?? []) {
    const kind = node.type === 'VariableDeclaration' ? String(node.kind) : ''
    if (kind.includes('using')) walk(node, (each) => each.type === 'Identifier' && facts.disposed.add(String(each.name)))
  }
  return facts
}

function isAmbient(node: Node): boolean {
  if (node.declare === true || node.type === 'TSDeclareFunction') return true
  if (node.type === 'ImportDeclaration' || node.type === 'ImportSpecifier') return node.importKind === 'type'
  return node.type === 'TSModuleDeclaration' && !isInstantiated(node)
}

/** A namespace makes a value only when something in it does. */
function isInstantiated(node: Node): boolean {
  const body = isNode(node.body) ? node.body : undefined
  if (!body) return false
  if (body.type === 'TSModuleDeclaration') return isInstantiated(body)
  return ((body.body as Node[]) ?? []).some((statement) => {
    const inner = isNode(statement.declaration) ? statement.declaration : statement
    if (inner.type === 'TSModuleDeclaration') return isInstantiated(inner)
    return !TYPE_ONLY.has(inner.type) && inner.declare !== true
  })
}

const TYPE_ONLY = new Set(['TSInterfaceDeclaration', 'TSTypeAliasDeclaration'])

function addIdentifiers(into: Set<number>, root: Node): void {
  walk(root, (node) => {
    if (node.type === 'Identifier') into.add(node.start)
  })
}

function hasValue(variable: Variable, facts: TreeFacts): boolean {
  return variable.defs.some((def) => {
    if (TYPE_ONLY.has(def.node.type)) return false
    return !facts.ambient.has((def.name as unknown as Node).start)
  })
}

function isValueUse(reference: Reference, typeQueries: Set<number>): boolean {
  return reference.isValueReference && !typeQueries.has(offsetOf(reference))
}

function offsetOf(reference: Reference): number {
  return (reference.identifier as unknown as Node).start
}
