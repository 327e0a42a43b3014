import { trpc } from '../../queries.tsx'

/** The person's notebooks, kept current by the server. */
export function useNotebooks() {
  const utils = trpc.useUtils()
  trpc.notebookList.useSubscription(undefined, {
    onData: ({ data }) => {
      utils.listNotebooks.setData(undefined, data)
      void utils.listNotebooks.invalidate({ deleted: true })
    },
  })
  return trpc.listNotebooks.useQuery(undefined, { staleTime: Number.POSITIVE_INFINITY })
}
