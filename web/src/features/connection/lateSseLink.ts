import type { AppRouter } from '@rivulet/server/api'
import { TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import type { EventSourceInit } from './eventSource.ts'

/** Server-sent events for networks that block WebSockets; few need them, so their code comes on demand. */
export function lateSseLink(options: { url: string } & EventSourceInit): TRPCLink<AppRouter> {
  return (runtime) =>
    ({ op, next }) =>
      observable((observer) => {
        let ended = false
        let end = () => {
          ended = true
        }
        import('./sseLink.ts').then(
          ({ sseLink }) => {
            if (ended) return
            const following = sseLink(options)(runtime)({ op, next }).subscribe(observer)
            end = () => following.unsubscribe()
          },
          (error: unknown) => observer.error(TRPCClientError.from(error as Error)),
        )
        return () => end()
      })
}
