import { toCsv } from '@rivulet/server/notebook/csv'
import { describe, expect, it } from 'vitest'
import { parseAnsi } from '../../../web/src/features/output/ansi.ts'
import { chooseRepresentation } from '../../../web/src/features/output/choose.ts'
import { fold } from '../../../web/src/features/output/fold.ts'
import { matching, sorted, typeTip, writeDate } from '../../../web/src/features/output/table.ts'
import { lineOf, previewOf, treeOfJson } from '../../../web/src/features/output/tree.ts'

describe('choosing what to show', () => {
  it('shows a plan as it was drawn, and other tables as tables', () => {
    const table = (names: string[], rows: unknown[][], total = rows.length) =>
      chooseRepresentation({ 'application/vnd.table+json': { columns: names.map((name) => ({ name })), rows, total } })
    expect(table(['QUERY PLAN'], [['Sort'], ['  ->  Scan']])).toEqual({ kind: 'text', text: 'Sort\n  ->  Scan' })
    expect(table(['explain_key', 'explain_value'], [['physical_plan', '┌─┐\n└─┘\n']])).toEqual({ kind: 'text', text: '┌─┐\n└─┘' })
    expect(table(['QUERY PLAN'], [['Sort']], 2)).toMatchObject({ kind: 'table' })
    expect(table(['plan'], [['Sort']])).toMatchObject({ kind: 'table' })
  })

  it('tells a blank text from nothing in a file', () => {
    expect(toCsv(['a', 'b'], [[null, '']])).toBe('a,b\r\n,""\r\n')
  })

  it('prefers the richest that can be read', () => {
    expect(chooseRepresentation({ 'text/plain': 'x', 'text/html': '<b>x</b>' })).toEqual({
      kind: 'frame',
      html: '<b>x</b>',
      what: 'page',
    })
    expect(chooseRepresentation({ 'text/plain': 'x', 'application/vnd.table+json': 'broken' }).kind).toBe('text')
  })

  it('writes plain values plainly', () => {
    expect(chooseRepresentation({ 'text/plain': '81220.5', 'application/json': 81220.5 })).toEqual({
      kind: 'text',
      text: '81220.5',
    })
  })

  it('never interprets text as HTML', () => {
    expect(chooseRepresentation({ 'text/plain': '<img src=x onerror=alert(1)>' })).toEqual({
      kind: 'text',
      text: '<img src=x onerror=alert(1)>',
    })
  })
})

describe('terminal text', () => {
  const esc = String.fromCharCode(27)

  it('becomes styled spans', () => {
    expect(parseAnsi(`a${esc}[1;31mb${esc}[0mc`)).toEqual([
      { text: 'a', style: {} },
      { text: 'b', style: { bold: true, fg: 'var(--ansi-1)' } },
      { text: 'c', style: {} },
    ])
  })

  it('knows 256 and true colours', () => {
    expect(parseAnsi(`${esc}[38;5;196mx`)[0]?.style.fg).toBe('rgb(255 0 0)')
    expect(parseAnsi(`${esc}[48;2;1;2;3mx`)[0]?.style.bg).toBe('rgb(1 2 3)')
  })

  it('knows what is inverse and what is struck out, and where that ends', () => {
    expect(parseAnsi(`${esc}[7;9ma${esc}[27mb${esc}[29mc`).map(({ style }) => style)).toEqual([
      { inverse: true, strike: true },
      { inverse: false, strike: true },
      { inverse: false, strike: false },
    ])
  })

  it('is folded when it is long, by lines or, where these are long, by characters', () => {
    const lines = (count: number, width: number) => Array.from({ length: count }, () => 'x'.repeat(width)).join('\n')
    expect(fold(lines(48, 100))).toBeUndefined()
    expect(fold(lines(1_000, 10))).toEqual({ head: lines(24, 10), tail: lines(8, 10), hidden: '968 more lines' })
    expect(fold('x'.repeat(34_000))).toEqual({
      head: 'x'.repeat(4_000),
      tail: 'x'.repeat(1_000),
      hidden: '29,000 more characters',
    })
    expect(fold(lines(1_000, 1_000))?.head.length).toBe(4_000)
  })

  it('is cut in the middle of no character and of no sequence', () => {
    const long = (at: number, piece: string) => `${'x'.repeat(at)}${piece}${'x'.repeat(20_000)}`
    expect(fold(long(3_999, '😀'))?.head).toBe('x'.repeat(3_999))
    expect(fold(long(3_998, `${esc}[31m`))?.head).toBe('x'.repeat(3_998))
    expect(fold(long(3_995, `${esc}[31m`))?.head).toBe(`${'x'.repeat(3_995)}${esc}[31m`)
  })

  it('leaves out what is not about style, and lets a line start over', () => {
    expect(parseAnsi(`${esc}[2J10 %\r20 %\nnext`).map(({ text }) => text)).toEqual(['20 %\nnext'])
  })
})

describe('a table', () => {
  const rows = [
    ['b', 2],
    ['a', null],
    ['c', 10],
  ]

  it('sorts numbers as numbers and puts what is missing last', () => {
    expect(sorted(rows, { column: 1, descending: true }).map(([name]) => name)).toEqual(['c', 'b', 'a'])
    expect(sorted(rows, { column: 1, descending: false }).map(([name]) => name)).toEqual(['b', 'c', 'a'])
  })

  it('decimals that came as texts are sorted as numbers', () => {
    const rows = ['1.10', '-2.50', '1.9', '-10.00'].map((price) => [price])
    expect(sorted(rows, { column: 0, descending: false }).flat()).toEqual(['-10.00', '-2.50', '1.10', '1.9'])
  })

  it('filters by any column', () => {
    expect(matching(rows, ' 10 ')).toEqual([['c', 10]])
  })

  it('writes dates as short as they are exact', () => {
    const dates = ['2026-01-31T00:00:00.000Z', '2026-01-31T09:05:00.000Z', '2026-01-31T09:05:00.250Z', 'not a date', null]
    expect(dates.map(writeDate)).toEqual(['2026-01-31', '2026-01-31 09:05:00', '2026-01-31 09:05:00.250', 'not a date', ''])
  })

  it('quotes CSV, and text that a spreadsheet would run', () => {
    expect(toCsv(['x', 'y'], [['a "b", c', '=1+1']])).toBe(`x,y\r\n"a ""b"", c",'=1+1\r\n`)
    // A page rounds for reading, a file does not.
    expect(toCsv(['x'], [[-0.123456789], [true], [{ a: 1 }]])).toBe('x\r\n-0.123456789\r\ntrue\r\n"{""a"":1}"\r\n')
  })
})

describe('a tree', () => {
  it('says what an error says, alone and within something', () => {
    const error = { t: 'error', name: 'TypeError', v: 'not that', size: 0, entries: [] }
    expect(lineOf(error)).toBe('TypeError: not that')
    expect(lineOf({ ...error, v: '' })).toBe('TypeError')
    expect(previewOf({ t: 'object', entries: [['reason', error]] })).toBe('{reason: TypeError: not that}')
    expect(lineOf({ t: 'array', size: 0, entries: [] })).toBe('Array(0) []')
  })

  it('previews in one short line', () => {
    expect(previewOf(treeOfJson({ name: 'Ann', tags: ['x'], n: 1 }))).toBe('{name: "Ann", tags: Array(1), n: 1}')
    expect(previewOf(treeOfJson(Array.from({ length: 99 }, (_, index) => index))).length).toBeLessThan(90)
  })
})

it('the heading of a column says what code gets of a type that is no number of JavaScript', () => {
  const tips = [
    'DECIMAL(10,2)',
    'numeric(38, 20)',
    'DECIMAL(18,0)',
    'BIGINT',
    'HUGEINT',
    'INTEGER',
    'DOUBLE',
    'DECIMAL(3,1)[]',
  ].map(typeTip)
  expect(tips).toEqual([
    'DECIMAL(10,2): in code a text, with all of its digits',
    'numeric(38, 20): in code a text, with all of its digits',
    'DECIMAL(18,0): in code a bigint',
    'BIGINT: in code a bigint',
    'HUGEINT: in code a bigint',
    'INTEGER',
    'DOUBLE',
    'DECIMAL(3,1)[]',
  ])
})
