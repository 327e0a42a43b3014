import { describe, expect, it, vi } from 'vitest'

vi.stubGlobal('matchMedia', undefined)
const { KeyReader } = await import('../../../web/src/features/notebook/keys.ts')
const { COMMANDS } = await import('../../../web/src/features/notebook/shortcuts.ts')

const stroke = (key: string, modifiers: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...modifiers,
})
const idOf = (read: ReturnType<InstanceType<typeof KeyReader>['read']>) => (typeof read === 'object' ? read.id : read)

describe('the keyboard', () => {
  it('runs inside the editor and out of it', () => {
    const keys = new KeyReader(false)
    expect(idOf(keys.read(stroke('Enter', { shiftKey: true }), 'edit', 0))).toBe('run-next')
    expect(idOf(keys.read(stroke('Enter', { ctrlKey: true }), 'command', 0))).toBe('run')
    expect(idOf(new KeyReader(true).read(stroke('Enter', { metaKey: true }), 'edit', 0))).toBe('run')
  })

  it('leaves letters to the editor', () => {
    const keys = new KeyReader(false)
    expect(keys.read(stroke('b'), 'edit', 0)).toBeUndefined()
    expect(idOf(keys.read(stroke('b'), 'command', 0))).toBe('insert-below')
  })

  it('takes D twice, and soon, to delete', () => {
    const keys = new KeyReader(false)
    expect(keys.read(stroke('d'), 'command', 0)).toBe('pending')
    expect(idOf(keys.read(stroke('d'), 'command', 300))).toBe('delete')
    expect(keys.read(stroke('d'), 'command', 400)).toBe('pending')
    expect(keys.read(stroke('d'), 'command', 2_000)).toBe('pending')
  })

  it('gives every combination to one command', () => {
    const all = COMMANDS.flatMap(({ keys }) => keys)
    expect(new Set(all).size).toBe(all.length)
  })
})
