import { type TransformFailure, transformSync as transformWithEsbuild } from 'esbuild'
import { transformSync } from 'oxc-transform'
import type { Position } from '../position.ts'
import { positionAt } from '../position.ts'
import { isNode, type Node, walk } from './ast.ts'
import { isInstantiated } from './facts.ts'

/** JavaScript, or why not with the place in `code`. The map is there if it was asked for. */
export type Transformed = { ok: true; text: string; map?: string } | { ok: false; error: Position & { message: string } }

export interface TransformOptions {
  sourcemap: boolean
  /** From `needsAll`. */
  all: boolean
}

/** Removes types, and turns what only TypeScript has into JavaScript. */
export function toJavaScript(code: string, options: TransformOptions): Transformed {
  return options.all ? allOfTypeScript(code, options.sourcemap) : commonTypeScript(code, options.sourcemap)
}

/** Decorators, auto-accessors, aliases and whole namespaces are beyond oxc. */
export function needsAll(program: Node): boolean {
  let found = false
  walk(program, (node) => {
    if (node.type === 'TSModuleDeclaration') found ||= node.declare !== true && isNode(node.body) && isInstantiated(node)
    else found ||= node.type === 'Decorator' || node.type === 'AccessorProperty' || node.type === 'TSImportEqualsDeclaration'
  })
  return found
}

function commonTypeScript(code: string, sourcemap: boolean): Transformed {
  const result = transformSync('cell.ts', code, { lang: 'ts', sourceType: 'module', target: 'esnext', sourcemap })
  const error = result.errors[0]
  if (error) return { ok: false, error: { message: error.message, ...positionAt(code, error.labels[0]?.start ?? 0) } }
  return { ok: true, text: result.code, map: result.map ? JSON.stringify(result.map) : undefined }
}

const ESBUILD = {
  loader: 'ts',
  target: 'esnext',
  supported: { decorators: false },
  logLevel: 'silent',
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, useDefineForClassFields: true } },
} as const

/** A process of its own each time, some milliseconds: few cells need it. */
function allOfTypeScript(code: string, sourcemap: boolean): Transformed {
  try {
    const result = transformWithEsbuild(code, { ...ESBUILD, sourcemap: sourcemap ? 'external' : false, sourcefile: 'cell.ts' })
    return { ok: true, text: result.code, map: sourcemap ? result.map : undefined }
  } catch (failure) {
    const error = (failure as Partial<TransformFailure>).errors?.[0]
    if (!error) throw failure
    return {
      ok: false,
      error: { message: error.text, line: error.location?.line ?? 1, column: (error.location?.column ?? 0) + 1 },
    }
  }
}
