import type { Cell } from '@rivulet/server/notebook/model'
import { useMemo } from 'react'
import { toast } from '../../../ui/toast.ts'
import type { TableData } from '../../output/choose.ts'
import type { TableHelp } from '../../output/tableHelp.ts'
import { useHost } from '../host.ts'
import { definerOf } from '../names.ts'

/** The result of a query can be drawn by a cell below. */
export function useTableHelp({ id, language, resultName }: Cell): TableHelp {
  const { view, actions, readOnly } = useHost()
  return useMemo(() => {
    if (language !== 'sql') return {}
    const called = resultName !== undefined && { name: resultName }
    if (readOnly) return { ...called }

    /** The name that the result has, or one that is free and is given to it. */
    const named = async (): Promise<string | undefined> => {
      if (resultName !== undefined) return resultName
      const { notebook } = view.get()
      let [name, number] = ['result', 1]
      while (definerOf(notebook, name)) name = `result${++number}`
      const refused = await actions.configure(id, { resultName: name })
      if (refused !== undefined) void toast(refused, { tone: 'bad' })
      return refused === undefined ? name : undefined
    }
    const draw = async (table: TableData) => {
      const { plotOf } = await import('./plot.ts')
      const name = await named()
      if (name !== undefined)
        await actions.insertAndRun({ language: 'typescript', after: id, source: plotOf(name, table.columns) })
    }
    const onChart = (table: TableData) =>
      void draw(table).catch((error: Error) => toast(`The chart could not be made: ${error.message}`, { tone: 'bad' }))
    return { ...called, onChart }
  }, [id, language, resultName, view, actions, readOnly])
}
