import { jsonEncoder, type WSSHandlerOptions } from '@trpc/server/adapters/ws'
import type { Batch } from '../session/audience.ts'
import { sentAs, sharedText } from '../session/journal.ts'
import type { AppRouter } from '../trpc/router.ts'
import { textFrame } from './frames.ts'
import { partOf } from './pacedSocket.ts'

type Encoder = NonNullable<WSSHandlerOptions<AppRouter>['experimental_encoder']>

interface TrackedMessage {
  id: string | number
  jsonrpc?: '2.0'
  result: { type: 'data'; id: string; data: { id: string; data: unknown } }
}

/** Plain JSON; an event that goes to many sockets is serialised once, not once a socket. */
export const encoder: Encoder = {
  decode: (data) => {
    const part = typeof data === 'object' ? partOf(data) : undefined
    return part ? part.said : jsonEncoder.decode(data)
  },
  encode(message) {
    if (!isTracked(message)) return jsonEncoder.encode(message)
    const { result, ...head } = message
    const event = result.data.data
    const begins = JSON.stringify(head).slice(0, -1)
    sentAs(event, begins)
    return messageText(begins, result.id, sharedText(event) ?? JSON.stringify(event))
  },
}

function isTracked(message: unknown): message is TrackedMessage {
  const { result } = message as { result?: { data?: { id?: unknown; data?: unknown }; id?: unknown } }
  return typeof result?.id === 'string' && typeof result.data === 'object' && result.data?.id === result.id
}

/** What `JSON.stringify` writes for a tracked message that begins so. */
function messageText(head: string, position: string, event: string): string {
  const id = JSON.stringify(position)
  return `${head},"result":{"type":"data","id":${id},"data":{"id":${id},"data":${event}}}}`
}

/** The batch as whole frames, as sockets carry them whose messages begin so. */
export function framesOf(head: string, { items, bytes }: Batch): Buffer {
  const made = bytes.get(head)
  if (made) return made
  const frames = Buffer.concat(items.map(({ position, text }) => textFrame(messageText(head, position, text))))
  bytes.set(head, frames)
  return frames
}
