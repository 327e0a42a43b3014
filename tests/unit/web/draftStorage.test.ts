// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest'
import { DraftStorage } from '../../../web/src/features/cell/drafts/draftStorage.ts'

const BASE = { version: 1, source: '1' }
const stored = () => Object.keys(localStorage).map((key) => JSON.parse(localStorage.getItem(key) ?? 'null').text as string)

afterEach(() => localStorage.clear())

describe('drafts in the browser', () => {
  test('a key does not wait for the disk; a moment later the last of them is there', async () => {
    const storage = new DraftStorage('n')
    storage.save('a', { base: BASE, text: '12' })
    storage.save('a', { base: BASE, text: '123' })
    storage.save('b', { base: BASE, text: '4' })
    expect(stored()).toEqual([])
    await expect.poll(() => stored().toSorted()).toEqual(['123', '4'])
  })

  test('a page that goes writes what it has not yet written', () => {
    new DraftStorage('n').save('a', { base: BASE, text: '12' })
    window.dispatchEvent(new Event('pagehide'))
    expect(stored()).toEqual(['12'])
  })

  test('what the server has by then is never written', async () => {
    const storage = new DraftStorage('n')
    storage.save('a', { base: BASE, text: '12' })
    storage.forget('a')
    storage.save('b', { base: BASE, text: '4' })
    await expect.poll(stored).toEqual(['4'])
  })

  test('the next visit finds it, once', async () => {
    new DraftStorage('n').save('a', { base: BASE, text: '12' })
    expect([...(await new DraftStorage('n').adopt())]).toEqual([['a', { base: BASE, text: '12' }]])
    expect((await new DraftStorage('n').adopt()).size).toBe(0)
  })
})
