import { analyze, type Reference, type ScopeManager, type Variable } from '@typescript-eslint/scope-manager'
import { isNode, type Node } from './ast.ts'
import { readTree, type TreeFacts, TYPE_ONLY } from './facts.ts'

export interface Names {
  /** Names with a value at the top level, private ones included, in order of appearance. */
  declared: string[]
  /** Those of them that hold nothing any more when the cell has ended (`using`). */
  disposed: ReadonlySet<string>
  /** Free variables used as values, in order of appearance. */
  uses: string[]
  /** Where free variables are assigned to: offsets into the source. */
  assigns: { name: string; offset: number }[]
  /** A declaration that cannot be. */
  conflict?: { message: string; offset: number }
}

/** Scopes are resolved by scope-manager; what is type-only it cannot always tell, so that is read from the tree. */
export function namesOf(program: Node): Names {
  const facts = readTree(program)
  // Both are ESTree; scope-manager names the types of its own parser only.
  const manager = analyze(program as never, { sourceType: 'module', lib: [] })
  const variables = manager.globalScope?.childScopes[0]?.variables ?? []
  const declared = variables.filter((each) => hasValue(each, facts))
  const free = freeReferences(manager, facts)
  return {
    declared: declared.map((each) => each.name),
    disposed: facts.disposed,
    uses: [...new Set(free.map((each) => String(each.identifier.name)))],
    assigns: assignments(free),
    conflict: findConflict(declared, facts),
  }
}

/** References that nothing in the cell gives a value: also those to what is only declared to exist elsewhere. */
function freeReferences(manager: ScopeManager, facts: TreeFacts): Reference[] {
  const declaredElsewhere = manager.scopes
    .flatMap((scope) => scope.variables)
    .filter((each) => each.defs.length > 0 && !hasValue(each, facts))
  const free = [...(manager.globalScope?.through ?? []), ...declaredElsewhere.flatMap((each) => each.references)]
  return free.filter((each) => isValueUse(each, facts)).sort((a, b) => offsetOf(a) - offsetOf(b))
}

function assignments(free: readonly Reference[]): { name: string; offset: number }[] {
  const byOffset = new Map<number, string>()
  for (const each of free) if (each.isWrite()) byOffset.set(offsetOf(each), String(each.identifier.name))
  return [...byOffset].map(([offset, name]) => ({ name, offset }))
}

function hasValue(variable: Variable, facts: TreeFacts): boolean {
  return variable.defs.some((def) => isValueDefinition(def, facts))
}

function isValueDefinition(def: Variable['defs'][number], facts: TreeFacts): boolean {
  return !TYPE_ONLY.has(def.node.type) && !facts.ambient.has(startOf(def.name))
}

const UNDEFINABLE = new Set(['undefined', 'globalThis'])

/** What the parser lets pass because in TypeScript it may be right. */
function findConflict(declared: readonly Variable[], facts: TreeFacts): Names['conflict'] {
  for (const variable of declared) {
    const values = variable.defs.filter((def) => isValueDefinition(def, facts))
    const imported = values.some((def) => String(def.type) === 'ImportBinding')
    const second = values.map((def) => startOf(def.name)).sort((a, b) => a - b)[1]
    if (imported && second !== undefined)
      return { message: `\`${variable.name}\` is already declared in this cell`, offset: second }
    const first = variable.defs[0]
    if (first && UNDEFINABLE.has(variable.name))
      return { message: `\`${variable.name}\` means the same everywhere and cannot be defined`, offset: startOf(first.name) }
  }
  return undefined
}

function isValueUse(reference: Reference, facts: TreeFacts): boolean {
  return reference.isValueReference && !facts.typeQueries.has(offsetOf(reference)) && !facts.exported.has(offsetOf(reference))
}

function offsetOf(reference: Reference): number {
  return startOf(reference.identifier)
}

function startOf(node: unknown): number {
  return isNode(node) ? node.start : 0
}
