// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest'
import { type Copied, keepCopied, MOST_BYTES, readCopied } from '../../../web/src/features/notebook/clipboard/copied.ts'

const cell = (source: string, more: Partial<Copied> = {}): Copied => ({
  ...{ language: 'typescript', source, disabled: false, hidden: false },
  ...more,
})
const only = () => Object.keys(localStorage)[0] ?? ''

afterEach(() => localStorage.clear())

describe('copied cells in the browser', () => {
  test('come back as they were, without what was not written in them', () => {
    const cells = [cell('1'), cell('select 1', { language: 'sql', resultName: 'one', connectionId: 'c', hidden: true })]
    const whole = cells.map((copied) => ({ ...copied, id: 'x', outputs: [{ text: 'secret' }] }))
    expect(keepCopied(whole)).toBe('kept')
    expect(localStorage.getItem(only())).not.toContain('secret')
    expect(readCopied()).toEqual(cells)
  })

  test('are none before anything was copied, and when another version or another program wrote there', () => {
    expect(readCopied()).toEqual([])
    keepCopied([cell('1')])
    for (const text of [
      '',
      'no JSON',
      'null',
      '{"version":1,"cells":[]}',
      JSON.stringify({ version: 2, cells: [cell('1')] }),
      JSON.stringify({ version: 1, cells: [{ ...cell('1'), language: 'cobol' }] }),
      JSON.stringify({ version: 1, cells: [{ ...cell('1'), source: { toString: 'x' } }] }),
    ]) {
      localStorage.setItem(only(), text)
      expect(readCopied(), text).toEqual([])
    }
  })

  test('are refused when they are too large in bytes, and what was copied before stays', () => {
    keepCopied([cell('small')])
    expect(keepCopied([cell('x'.repeat(MOST_BYTES / 2)), cell('x'.repeat(MOST_BYTES / 2))])).toBe('too-large')
    expect(keepCopied([cell('€'.repeat(MOST_BYTES / 3))])).toBe('too-large')
    expect(readCopied()).toEqual([cell('small')])
    expect(keepCopied([cell('x'.repeat(MOST_BYTES - 200))])).toBe('kept')
  })
})
