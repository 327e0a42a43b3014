import { FrameReader, HEADER_BYTES } from '@rivulet/server/src/kernel/typescript/frames.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'

/** No end of it is also its beginning, as with nearly all random ones: else its first part, written before it, would be one with it. */
const SECRET = 'f00d0123456789abcde0123456789abc'

function reader() {
  const frames: string[] = []
  const stray: Buffer[] = []
  const read = new FrameReader(
    SECRET,
    (text) => frames.push(text),
    (bytes) => stray.push(Buffer.from(bytes)),
  )
  return { read, frames, stray: () => Buffer.concat(stray).toString('latin1') }
}

function frame(text: string): Buffer {
  const body = Buffer.from(text)
  return Buffer.concat([Buffer.from(`${SECRET}${body.length.toString(16).padStart(8, '0')}\n`), body])
}

test('frames come out whole, however the stream is cut', () => {
  const bytes = Buffer.concat([frame('{"a":"é"}'), frame(''), frame('x'.repeat(100_000))])
  for (const size of [1, 2, 7, HEADER_BYTES - 1, HEADER_BYTES, HEADER_BYTES + 1, 65_536]) {
    const { read, frames, stray } = reader()
    for (let at = 0; at < bytes.length; at += size) read.push(bytes.subarray(at, at + size))
    expect(frames).toEqual(['{"a":"é"}', '', 'x'.repeat(100_000)])
    expect(stray()).toBe('')
  }
})

test('what others write before, between and after frames comes out apart', () => {
  const { read, frames, stray } = reader()
  read.push(Buffer.concat([Buffer.from('before'), frame('one'), Buffer.from('between'), frame('two'), Buffer.from('after')]))
  expect(frames).toEqual(['one', 'two'])
  // The last bytes may still be the beginning of a frame.
  expect(stray()).toBe('beforebetween')
  read.push(frame('three'))
  expect(frames).toEqual(['one', 'two', 'three'])
  expect(stray()).toBe('beforebetweenafter')
})

test('half a secret is not a frame', () => {
  const { read, frames, stray } = reader()
  const half = SECRET.slice(0, 20)
  read.push(Buffer.from(half))
  read.push(Buffer.concat([Buffer.from('no'), frame('yes')]))
  expect(frames).toEqual(['yes'])
  expect(stray()).toBe(`${half}no`)
})

test('a frame with another secret is stray text', () => {
  const { read, frames, stray } = reader()
  const forged = frame('[{"kind":"ready"}]').toString('latin1').replace('f00d', 'beef')
  read.push(Buffer.concat([Buffer.from(forged), frame('real')]))
  expect(frames).toEqual(['real'])
  expect(stray()).toBe(forged)
})

test('a frame beyond all bounds, or with a length that is no number, is refused', () => {
  for (const length of ['ffffffff', '04000001', 'zzzzzzzz']) {
    const { read, frames } = reader()
    expect(() => read.push(Buffer.from(`${SECRET}${length}\n`))).toThrow(RangeError)
    expect(frames).toEqual([])
  }
})

test('any frames among any stray bytes, cut anywhere', () => {
  const piece = fc.oneof(
    fc.record({ frame: fc.string({ unit: 'binary', maxLength: 200 }) }),
    fc.record({ stray: fc.uint8Array({ maxLength: 100 }) }),
    fc.record({
      stray: fc.constantFrom(Buffer.from(SECRET.slice(0, 7)), Buffer.from('f'), Buffer.from(`f00d${SECRET.slice(0, 30)}`)),
    }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(60), { minLength: 1, maxLength: 30 }), (pieces, cuts) => {
      const { read, frames, stray } = reader()
      const bytes = Buffer.concat([
        ...pieces.map((each) => ('frame' in each ? frame(each.frame) : Buffer.from(each.stray))),
        // Pushes out what might have been the beginning of a frame.
        frame('end'),
      ])
      for (let at = 0, i = 0; at < bytes.length; i += 1) {
        const size = 1 + (cuts[i % cuts.length] ?? 0)
        read.push(bytes.subarray(at, at + size))
        at += size
      }
      const expected = pieces.flatMap((each) => ('frame' in each ? [Buffer.from(each.frame).toString('utf8')] : []))
      expect(frames).toEqual([...expected, 'end'])
      expect(stray()).toBe(
        Buffer.concat(pieces.map((each) => ('stray' in each ? Buffer.from(each.stray) : Buffer.alloc(0)))).toString('latin1'),
      )
    }),
  )
})
