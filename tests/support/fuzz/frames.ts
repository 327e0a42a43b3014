import type { Chance } from '../random.ts'
import { noise } from './mutate.ts'

/**
 * One frame of a client as RFC 6455 (section 5.2) draws it, right or wrong in every part.
 * `declared`: the length that it says it has.
 */
export interface Frame {
  payload: Buffer
  fin?: boolean
  rsv?: number
  opcode?: number
  masked?: boolean
  declared?: number
}

export const TEXT = 1
export const BINARY = 2
const CONTINUATION = 0
const PING = 9

export function encode({ payload, fin = true, rsv = 0, opcode = TEXT, masked = true, declared = payload.length }: Frame): Buffer {
  const head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode]
  const mask = masked ? 0x80 : 0
  if (declared < 126) head.push(mask | declared)
  else if (declared < 65_536) head.push(mask | 126, declared >> 8, declared & 0xff)
  else {
    const length = Buffer.alloc(8)
    length.writeBigUInt64BE(BigInt(declared))
    head.push(mask | 127, ...length)
  }
  if (!masked) return Buffer.concat([Buffer.from(head), payload])
  // A mask of zeros changes nothing, and is one.
  return Buffer.concat([Buffer.from(head), Buffer.alloc(4), payload])
}

/** The message in several frames, perhaps with a ping between them. */
export function fragmented(message: Buffer, chance: Chance): Buffer {
  const frames: Buffer[] = []
  for (let at = 0; at < message.length || frames.length === 0; ) {
    const length = 1 + chance.below(Math.max(1, message.length))
    const payload = message.subarray(at, at + length)
    frames.push(encode({ payload, opcode: at === 0 ? TEXT : CONTINUATION, fin: at + length >= message.length }))
    if (chance.chance(0.2)) frames.push(encode({ payload: Buffer.from('x'), opcode: PING }))
    at += length
  }
  return Buffer.concat(frames)
}

/** What no client may send: the connection is closed over it. */
export function broken(chance: Chance): Buffer {
  const payload = noise(chance.below(40), chance)
  switch (chance.below(9)) {
    case 0:
      return encode({ payload, opcode: chance.oneOf([3, 4, 7, 11, 15]) })
    case 1:
      return encode({ payload, rsv: 1 + chance.below(7) })
    case 2:
      return encode({ payload, masked: false })
    case 3:
      return encode({ payload: noise(126 + chance.below(300), chance), opcode: PING })
    case 4:
      return encode({ payload, opcode: CONTINUATION })
    case 5:
      return encode({ payload: Buffer.from([0xc3, 0x28, 0xff, 0xfe, ...payload]), opcode: TEXT })
    case 6:
      return encode({ payload, declared: 2 ** 40 })
    case 7:
      return Buffer.concat([encode({ payload, fin: false }), encode({ payload, opcode: TEXT })])
    default:
      return noise(1 + chance.below(200), chance)
  }
}
