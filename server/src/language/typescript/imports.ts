import type MagicString from 'magic-string'
import { child, children, isNode, type Node } from './ast.ts'
import { RUNTIME } from './instrument.ts'

/** Imports become awaited calls of the kernel's own resolver, before everything else, as in a module. Each leaves a semicolon, so that the lines around it do not become one. */
export function rewriteImports(code: MagicString, statements: readonly Node[]): void {
  const body = statements.find((node) => node.type !== 'ImportDeclaration')
  for (const node of statements) {
    if (node.type !== 'ImportDeclaration') continue
    code.overwrite(node.start, node.end, node.importKind === 'type' ? ';' : importCall(node))
    if (!body || node.start < body.start) continue
    code.appendLeft(node.start, ';')
    code.move(node.start, node.end, body.start)
  }
}

function importCall(node: Node): string {
  const call = `await ${RUNTIME}.import(${JSON.stringify(child(node, 'source').value)});`
  const specifiers = children(node, 'specifiers').filter((each) => each.importKind !== 'type')
  const all = specifiers.find((each) => each.type === 'ImportNamespaceSpecifier')
  const named = specifiers.filter((each) => each !== all).map(binding)
  if (all && named.length > 0) return `const ${localName(all)} = ${call} const { ${named.join(', ')} } = ${localName(all)};`
  if (all) return `const ${localName(all)} = ${call}`
  return named.length > 0 ? `const { ${named.join(', ')} } = ${call}` : call
}

function binding(specifier: Node): string {
  if (specifier.type === 'ImportDefaultSpecifier') return `default: ${localName(specifier)}`
  const imported = child(specifier, 'imported')
  const key = imported.type === 'Literal' ? JSON.stringify(imported.value) : String(imported.name)
  return `${key}: ${localName(specifier)}`
}

function localName(specifier: Node): string {
  return String(child(specifier, 'local').name)
}

/** `export` means nothing in a cell: every top-level name is visible anyway. */
export function stripExports(code: MagicString, statements: readonly Node[]): void {
  for (const node of statements) {
    if (node.type === 'ExportNamedDeclaration') {
      if (isNode(node.declaration)) code.remove(node.start, node.declaration.start)
      else code.overwrite(node.start, node.end, ';')
    } else if (node.type === 'ExportDefaultDeclaration') stripDefault(code, node)
  }
}

function stripDefault(code: MagicString, node: Node): void {
  const declaration = child(node, 'declaration')
  if (isNode(declaration.id) || declaration.type === 'TSInterfaceDeclaration')
    return void code.remove(node.start, declaration.start)
  // An anonymous function or class needs parentheses to be an expression, which any other expression bears.
  const decorators = children(declaration, 'decorators')
  const start = Math.min(node.start, ...decorators.map((each) => each.start))
  code.prependLeft(start, `;${RUNTIME}.value=(`)
  code.remove(node.start, declaration.start)
  if (declaration.abstract === true) removeAbstract(code, declaration)
  code.appendLeft(declaration.end, ');')
}

/** Which only declarations can be. */
function removeAbstract(code: MagicString, declaration: Node): void {
  const start = Math.max(declaration.start, ...children(declaration, 'decorators').map((each) => each.end))
  const at = code.original.indexOf('abstract', start)
  code.remove(at, at + 'abstract'.length)
}
