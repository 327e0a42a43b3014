import type { AppRouter } from '@rivulet/server/api'
import { httpSubscriptionLink, type TRPCLink } from '@trpc/client'
import { type EventSourceInit, FetchEventSource } from './eventSource.ts'

export function sseLink({ url, headers }: { url: string } & EventSourceInit): TRPCLink<AppRouter> {
  return httpSubscriptionLink({ url, EventSource: FetchEventSource, eventSourceOptions: { headers } })
}
