const FINAL_TEXT = 0x81
const IN_16_BITS = 126
const IN_64_BITS = 127

/** A text as one whole WebSocket frame from a server: final and unmasked (RFC 6455, 5.2). */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const extended = length < IN_16_BITS ? 0 : length < 2 ** 16 ? 2 : 8
  const frame = Buffer.allocUnsafe(2 + extended + length)
  frame[0] = FINAL_TEXT
  frame[1] = extended === 0 ? length : extended === 2 ? IN_16_BITS : IN_64_BITS
  if (extended === 2) frame.writeUInt16BE(length, 2)
  if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2)
  frame.write(text, 2 + extended)
  return frame
}
