import type { AppRouter } from '@rivulet/server/api'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createTRPCReact } from '@trpc/react-query'
import { type ReactNode, useState } from 'react'
import { useClients } from './trpc.ts'

export const trpc: ReturnType<typeof createTRPCReact<AppRouter>> = createTRPCReact<AppRouter>()

/** Cached queries for what is around a notebook: lists, the account, variables. */
export function Queries({ children }: { children: ReactNode }) {
  const { links } = useClients()
  const [client] = useState(() => trpc.createClient({ links }))
  // Never fresh: who is not on the page hears of no change. What is known is shown until the answer is here.
  const [queries] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: 2, staleTime: 0 } } }))
  return (
    <trpc.Provider client={client} queryClient={queries}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </trpc.Provider>
  )
}
