import { jsonEncoder, type WSSHandlerOptions } from '@trpc/server/adapters/ws'
import { sharedText } from '../session/journal.ts'
import type { AppRouter } from '../trpc/router.ts'

type Encoder = NonNullable<WSSHandlerOptions<AppRouter>['experimental_encoder']>

interface TrackedMessage {
  id: string | number
  jsonrpc?: '2.0'
  result: { type: 'data'; id: string; data: { id: string; data: unknown } }
}

/** Plain JSON; an event that goes to many sockets is serialised once, not once a socket. */
export const encoder: Encoder = {
  decode: jsonEncoder.decode,
  encode(message) {
    const text = isTracked(message) ? sharedText(message.result.data.data) : undefined
    return text !== undefined && isTracked(message) ? withText(message, text) : jsonEncoder.encode(message)
  },
}

function isTracked(message: unknown): message is TrackedMessage {
  const { result } = message as { result?: { data?: { id?: unknown; data?: unknown }; id?: unknown } }
  return typeof result?.id === 'string' && typeof result.data === 'object' && result.data?.id === result.id
}

/** The message as `JSON.stringify` would write it, with `text` for the event. */
function withText({ result, ...head }: TrackedMessage, text: string): string {
  const position = JSON.stringify(result.id)
  const open = JSON.stringify(head).slice(0, -1)
  return `${open},"result":{"type":"data","id":${position},"data":{"id":${position},"data":${text}}}}`
}
