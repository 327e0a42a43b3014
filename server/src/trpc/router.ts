import { router } from './base.ts'
import { cellProcedures } from './cells.ts'
import { connectionProcedures } from './connections.ts'
import { downloadProcedures } from './downloads.ts'
import { fileProcedures } from './files.ts'
import { historyProcedures } from './history.ts'
import { liveProcedures } from './live.ts'
import { notebookProcedures } from './notebooks.ts'
import { runProcedures } from './runs.ts'

export const appRouter = router({
  ...notebookProcedures._def.procedures,
  ...cellProcedures._def.procedures,
  ...runProcedures._def.procedures,
  ...downloadProcedures._def.procedures,
  ...historyProcedures._def.procedures,
  ...connectionProcedures._def.procedures,
  ...fileProcedures._def.procedures,
  ...liveProcedures._def.procedures,
})

/** What clients import, as a type only. */
export type AppRouter = typeof appRouter
