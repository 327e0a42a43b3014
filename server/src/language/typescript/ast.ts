/** The few things this folder needs to know about any ESTree node. */
export interface Node {
  type: string
  start: number
  end: number
  [key: string]: unknown
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

/** Visits every node, parents first, without recursion: sources may nest deeper than the stack. */
export function walk(root: Node, visit: (node: Node, parent: Node | undefined) => void): void {
  const pending: [Node, Node | undefined][] = [[root, undefined]]
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    const [node, parent] = entry
    visit(node, parent)
    for (const key in node) pushChildren(pending, node[key], node)
  }
}

function pushChildren(pending: [Node, Node | undefined][], value: unknown, parent: Node): void {
  if (Array.isArray(value)) for (const item of value) pushChildren(pending, item, parent)
  else if (isNode(value)) pending.push([value, parent])
}

/** A child that the grammar promises to be there. */
export function child(node: Node, key: string): Node {
  const value = node[key]
  if (!isNode(value)) throw new TypeError(`${node.type} has no ${key}`)
  return value
}

export function children(node: Node, key: string): Node[] {
  const value = node[key]
  return Array.isArray(value) ? value.filter(isNode) : []
}
