import { bundleOf, TABLE_MIME, TREE_MIME } from '@rivulet/server/src/kernel/typescript/inside/bundle.ts'
import { plainJson } from '@rivulet/server/src/kernel/typescript/inside/plain.ts'
import type { tableOf } from '@rivulet/server/src/kernel/typescript/inside/table.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

class Point {
  x = 1
}

const cycle: Record<string, unknown> = { a: [1] }
cycle.self = cycle

describe('richer forms', () => {
  test('plain values up to 64 KB carry their JSON', () => {
    for (const value of [1, 'a', true, null, [1, [2]], { a: { b: 'c' } }, []])
      expect(bundleOf(value)['application/json']).toEqual(value)
    for (const value of [
      undefined,
      Number.NaN,
      1n,
      new Date(0),
      new Map(),
      new Point(),
      [() => 1],
      { a: undefined },
      'x'.repeat(70_000),
      cycle,
    ])
      expect(bundleOf(value)).not.toHaveProperty('application/json')
  })

  test('JSON is a copy: any plain value, equal to itself', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const made = plainJson(value, 1e6)
        if (made) expect(JSON.stringify(made.json)).toBe(JSON.stringify(value))
        else expect(JSON.stringify(value)).toContain('__proto__')
      }),
    )
  })

  test('other structures carry a tree that can be opened', () => {
    const bundle = bundleOf(new Map([['a', { b: [1n] }]]))
    expect(bundle[TREE_MIME]).toEqual({
      t: 'map',
      size: 1,
      entries: [
        ['"a"', { t: 'object', size: 1, entries: [['b', { t: 'array', size: 1, entries: [['0', { t: 'bigint', v: '1' }]] }]] }],
      ],
    })
  })

  test('a list of plain objects is a table, with columns, types, and the first rows', () => {
    const rows = Array.from({ length: 1_000 }, (_, i) => ({
      n: i,
      s: `s${i}`,
      d: new Date(i),
      b: i % 2 === 0,
      big: 5n,
      o: { i },
      mixed: i % 2 ? i : 'x',
      none: null,
    }))
    const table = bundleOf(rows)[TABLE_MIME] as ReturnType<typeof tableOf>
    expect(table?.total).toBe(1_000)
    expect(table?.rows).toHaveLength(200)
    expect(table?.columns).toEqual(
      [
        ['n', 'number'],
        ['s', 'string'],
        ['d', 'date'],
        ['b', 'boolean'],
        ['big', 'bigint'],
        ['o', 'object'],
        ['mixed', 'mixed'],
        ['none', 'null'],
      ].map(([name, type]) => ({ name, type })),
    )
    expect(table?.rows[0]).toEqual([0, 's0', '1970-01-01T00:00:00.000Z', true, '5', '{ i: 0 }', 'x', null])
    for (const other of [[], [1], [{}, 1], [new Point()], { a: 1 }, 'x']) expect(bundleOf(other)).not.toHaveProperty([TABLE_MIME])
  })

  test('objects say themselves what they look like', () => {
    const shown = (made: unknown) => bundleOf({ [Symbol.for('Jupyter.display')]: () => made })
    expect(shown({ 'text/markdown': '*x*', 'text/plain': 'x' })).toEqual({ 'text/markdown': '*x*', 'text/plain': 'x' })
    expect(shown({ 'text/html': '<b>' })).toMatchObject({ 'text/html': '<b>', 'text/plain': expect.any(String) })
    expect(shown({ 'text/plain': { not: 'text' }, 'text/html': 'x' })).toMatchObject({
      'text/html': 'x',
      'text/plain': expect.any(String),
    })
    for (const other of [1, null, {}, { nonsense: 1 }, Promise.resolve({})])
      expect(shown(other)).toMatchObject({ 'text/plain': expect.stringContaining('Jupyter.display') })
    const throwing = {
      [Symbol.for('Jupyter.display')]: () => {
        throw new Error('no')
      },
    }
    expect(bundleOf(throwing)['text/plain']).toContain('Jupyter.display')
  })

  test('elements show their markup; images get the namespace they need on their own', () => {
    expect(bundleOf({ nodeType: 1, localName: 'p', outerHTML: '<p>a</p>' })).toEqual({
      'text/html': '<p>a</p>',
      'text/plain': '<p>',
    })
    expect(bundleOf({ nodeType: 1, localName: 'svg', outerHTML: '<svg width="1"></svg>' })).toEqual({
      'image/svg+xml': '<svg xmlns="http://www.w3.org/2000/svg" width="1"></svg>',
      'text/plain': '<svg>',
    })
  })
})
