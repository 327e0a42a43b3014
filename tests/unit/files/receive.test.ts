import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { FileFolder } from '@rivulet/server/src/files/folder.ts'
import { receive } from '@rivulet/server/src/files/receive.ts'
import { Refused } from '@rivulet/server/src/files/refused.ts'
import { Room } from '@rivulet/server/src/files/room.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const pieces = (...all: (string | Uint8Array)[]) => Readable.from(all.map((piece) => Buffer.from(piece)))
const nothing = () => undefined
const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof Refused ? error.problem : error),
  )

test('what comes is written as it comes; a letter may be cut in two', async () => {
  const path = join(folder, 'x')
  const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)]
  const seen: number[] = []
  const bytes = await receive(pieces('a', first, second), { path, isText: true, onBytes: (total) => seen.push(total) })
  expect([bytes, seen, readFileSync(path, 'utf8')]).toEqual([3, [1, 2, 3], 'aé'])
})

test.each([
  ['nothing', [], 'it is empty.'],
  ['bytes that are no text', ['a', new Uint8Array([0])], 'it is no text.'],
  ['Latin-1', ['Jos', new Uint8Array([0xe9]), ',1'], 'it is not UTF-8 text. Save it as UTF-8.'],
  ['half a letter at the end', ['a', new Uint8Array([0xc3])], 'it is not UTF-8 text. Save it as UTF-8.'],
  ['UTF-16', [new Uint8Array([0xff, 0xfe, 0x61, 0])], 'it is UTF-16. Save it as UTF-8.'],
])('%s is refused', async (_, given, message) => {
  const receiving = receive(pieces(...given), { path: join(folder, 'x'), isText: true, onBytes: nothing })
  expect(await problemOf(receiving)).toEqual({ kind: 'unreadable-file', message })
})

test.runIf(existsSync('/dev/full'))('a full disk is said', async () => {
  const path = join(folder, 'x')
  symlinkSync('/dev/full', path)
  const problem = await problemOf(receive(pieces('a'), { path, isText: true, onBytes: nothing }))
  expect(problem).toEqual({ kind: 'unavailable', reason: 'storage', detail: expect.stringContaining('full') })
})

test('the quota counts what is on its way, and what goes in exchange; at most three come at once', () => {
  const room = new Room({ maxBytes: 100, quotaBytes: 150, bytesOf: () => 20 })
  const refusal = (work: () => unknown) => {
    try {
      work()
      return 'none'
    } catch (error) {
      return error instanceof Refused && 'what' in error.problem ? error.problem.what : error
    }
  }
  expect(refusal(() => room.take('u', 101, 0))).toBe('file')
  const first = room.take('u', 100, 0)
  expect(refusal(() => room.take('u', 31, 0))).toBe('quota')
  const second = room.take('u', 40, 20)
  const third = room.take('u', 0, 0)
  expect(refusal(() => room.take('u', 0, 0))).toBe('uploads')
  expect(refusal(() => room.take('other', 100, 0))).toBe('none')
  first.release()
  third.grow(90)
  expect(refusal(() => third.grow(101))).toBe('file')
  expect(refusal(() => third.grow(99))).toBe('quota')
  for (const each of [second, third]) each.release()
  expect(refusal(() => room.take('u', 100, 0))).toBe('none')
})

test('a sweep takes what no notebook names, and nothing that is coming or somebody else’s', () => {
  const files = new FileFolder(folder, folder)
  const { content: kept } = files.begin()
  const { content: coming } = files.begin()
  const outside = new FileFolder(folder, folder)
  const { content: left } = outside.begin()
  for (const name of [`${kept}.part`, `${coming}.part`, `${left}.part`, 'notes.txt']) writeFileSync(join(folder, name), 'x')
  files.keep(kept)
  files.settled(kept)
  files.sweep(new Set([kept]))
  const there = [kept, `${coming}.part`, `${left}.part`, 'notes.txt'].map((name) => existsSync(join(folder, name)))
  expect(there).toEqual([true, true, false, true])
  files.sweep(new Set())
  expect(existsSync(join(folder, kept))).toBe(false)
  expect([files.pathOf('../secret'), files.pathOf('sample:../x'), files.pathOf(kept)]).toEqual([undefined, undefined, undefined])
})
