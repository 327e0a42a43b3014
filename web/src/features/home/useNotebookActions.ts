import { useLocation } from 'wouter'
import { trpc } from '../../queries.tsx'
import { describeError, useClients } from '../../trpc.ts'
import { newId } from '../../ui/id.ts'
import { toast } from '../../ui/toast.ts'

/** What can be done to notebooks from outside; the list follows by its subscription. */
export function useNotebookActions() {
  const { api } = useClients()
  const utils = trpc.useUtils()
  const [, navigate] = useLocation()

  const attempt = async <T>(call: (opId: string) => Promise<T>): Promise<T | undefined> => {
    try {
      return await call(newId())
    } catch (error) {
      void toast(describeError(error), { tone: 'bad' })
      return undefined
    } finally {
      void utils.listNotebooks.invalidate()
    }
  }
  const restore = (id: string) => attempt((opId) => api.restoreNotebook.mutate({ id, opId }))
  return {
    create: async (from: 'blank' | 'demo') => {
      const created = await attempt((opId) => api.createNotebook.mutate({ from, opId }))
      if (created) navigate(`/n/${created.id}`)
    },
    rename: (id: string, title: string) => attempt((opId) => api.renameNotebook.mutate({ id, title, opId })),
    duplicate: (id: string) => attempt((opId) => api.duplicateNotebook.mutate({ id, opId })),
    restore,
    remove: async (id: string, title: string) => {
      const removed = await attempt((opId) => api.deleteNotebook.mutate({ id, opId }))
      if (removed) void toast(`“${title}” is in the bin`, { action: { label: 'Undo', run: () => void restore(id) } })
    },
  }
}

export type NotebookActions = ReturnType<typeof useNotebookActions>
