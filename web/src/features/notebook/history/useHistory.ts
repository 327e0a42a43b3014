import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useClients } from '../../../trpc.ts'
import type { NotebookStore } from '../NotebookStore.ts'
import { useRefresh } from '../panel/useRefresh.ts'

const PAGE = 50

const CODE_CHANGES = new Set(['cell.inserted', 'cell.deleted', 'cell.moved', 'cell.edited', 'cell.set', 'notebook.set'])
const concerns = ({ type }: { type: string }) => CODE_CHANGES.has(type)

/** The history page by page, kept current. */
export function useHistory(store: NotebookStore, notebookId: string) {
  const { api } = useClients()
  const queries = useQueryClient()
  const queryKey = ['history', notebookId]
  const refresh = useCallback(() => void queries.invalidateQueries({ queryKey: ['history', notebookId] }), [queries, notebookId])
  useRefresh(store, concerns, refresh)
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) =>
      api.getHistory.query({ notebookId, limit: PAGE, ...(pageParam !== undefined && { before: pageParam }) }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ entries, more }) => (more ? entries.at(-1)?.id : undefined),
  })
}
