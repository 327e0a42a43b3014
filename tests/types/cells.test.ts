import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import { CELL_TYPES_FILE } from '@rivulet/server/src/kernel/typescript/deno.ts'
import { makeConsole } from '@rivulet/server/src/kernel/typescript/inside/console.ts'
import { builtinNames } from '@rivulet/server/src/kernel/typescript/inside/evaluate.ts'
import { makeInputs } from '@rivulet/server/src/kernel/typescript/inside/inputs.ts'
import { HOST_NAMES, INPUTS } from '@rivulet/web/src/features/cell/editor/hostNames.ts'
import { expect, test } from 'vitest'

/** What cells can use without defining it: one file of types, held in step with what the kernel has and what the page says. */

const types = readFileSync(CELL_TYPES_FILE, 'utf8')
const oneLine = (text: string) =>
  text
    .replace(/\s+/g, ' ')
    .replace(/\( | \)|, \)/g, (found) => found.replace(/[ ,]/g, ''))
    .replaceAll('Rivulet.', '')

/** Each as the page's completion describes it. */
const declared = [...types.matchAll(/\/\*\* ([^*]+) \*\/\ndeclare (?:function|const|var) (\w+)(\(?[\s\S]*?)\n(?=\n)/g)].map(
  ([, doc, name, signature]) => ({ name, signature: oneLine(signature ?? ''), doc }),
)

function bodyOf(name: string): string {
  const [, body] = new RegExp(`interface ${name}(?:<\\w+>)?(?: extends \\w+)? \\{\\n([\\s\\S]*?)\\n\\s*\\}`).exec(types) ?? []
  if (body === undefined) throw new Error(`There is no interface ${name}`)
  return body
}

const membersOf = (name: string) => [
  ...new Set([...bodyOf(name).matchAll(/^\s+(\w+)(?=[<?:(])/gm)].map((match) => String(match[1]))),
]

/** `(choices, { multiple, value, label }): Input<…>` */
function shortSignature(parameters: string, result: string): string {
  const parts = parameters.split(/, (?=\w+\??:)/).map((part) => {
    const options = /(\w+Options)/.exec(part)?.[1]
    if (!options) return part.slice(0, part.indexOf(':'))
    const own = options === 'InputOptions' ? [] : membersOf(options)
    return `{ ${[...own, ...membersOf('InputOptions')].join(', ')} }`
  })
  return `(${parts.join(', ')}): ${result}`
}

test('the types declare exactly the names that the kernel gives to cells', () => {
  const names = declared.map(({ name }) => name)
  expect(names.toSorted()).toEqual(builtinNames().toSorted())
  expect(types.match(/^declare (?!namespace)/gm)).toHaveLength(names.length)
})

test('the console and the inputs have what their types say, and no more', () => {
  expect(membersOf('Console')).toEqual(
    Object.keys(
      makeConsole(
        () => undefined,
        () => 0,
      ),
    ),
  )
  const inputs = makeInputs({ version: 1, kept: () => undefined, show: () => undefined })
  expect(membersOf('Inputs')).toEqual(Object.keys(inputs))
})

test('the page’s completion says what the types say', () => {
  expect(HOST_NAMES).toEqual(declared)
  const members = [...bodyOf('Inputs').matchAll(/\/\*\* ([^*]+) \*\/\n\s+(\w+)(?:<[^(]+>)?\((.*)\): (.*)/g)]
  expect(INPUTS).toEqual(
    members.map(([, doc, name, parameters, result]) => ({
      name,
      signature: shortSignature(parameters ?? '', result ?? ''),
      doc,
    })),
  )
})

test('the compiler accepts what cells may write and refuses what they may not', async () => {
  const require = createRequire(import.meta.url)
  const tsc = resolve(dirname(require.resolve('typescript/package.json')), 'bin/tsc')
  const compiled = await promisify(execFile)(process.execPath, [tsc, '-p', resolve(import.meta.dirname, 'cells')]).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  )
  expect(compiled).toBe('')
})
