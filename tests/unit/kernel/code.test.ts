import { CellCode } from '@rivulet/server/src/kernel/typescript/inside/code.ts'
import type { InsideRequest } from '@rivulet/server/src/kernel/typescript/inside/protocol.ts'
import { expect, test } from 'vitest'

function request(url: string, body = '$rivulet.value=1'): InsideRequest {
  const planned = { uses: [], binds: [], unavailable: {}, defines: [], needs: [], after: [], inputs: {}, version: 1 }
  return { runId: url, seq: 1, cellId: 'c', url, body, cutoff: false, optional: false, ...planned }
}

test('unchanged code with the same parameters is the same function; anything else is another', () => {
  const code = new CellCode()
  const first = code.functionOf(request('a'), ',x')
  expect(code.functionOf(request('a'), ',x')).toBe(first)
  expect(code.functionOf(request('a'), ',x,y')).not.toBe(first)
  expect(code.functionOf(request('b'), ',x')).not.toBe(first)
})

test('what was used last is kept, within bounds of number and of length', () => {
  const code = new CellCode()
  const first = code.functionOf(request('first'), '')
  const second = code.functionOf(request('second'), '')
  for (let i = 0; i < 4_999; i += 1) {
    if (i === 4_000) code.functionOf(request('first'), '')
    code.functionOf(request(`other-${i}`), '')
  }
  expect(code.functionOf(request('first'), '')).toBe(first)
  expect(code.functionOf(request('second'), '')).not.toBe(second)
  const long = (n: number) => code.functionOf(request(`long-${n}`, `//${'x'.repeat(5_000_000)}`), '')
  const one = long(1)
  expect(long(1)).toBe(one)
  long(2)
  expect(long(1)).not.toBe(one)
  expect(code.functionOf(request('first'), '')).not.toBe(first)
})

test('code that does not compile throws each time and is not kept', () => {
  const code = new CellCode()
  for (let i = 0; i < 2; i += 1) expect(() => code.functionOf(request('bad', 'const = 1'), '')).toThrow(SyntaxError)
})
