import { toCsv } from '@rivulet/server/notebook/csv'
import { Copy, Download, FileSpreadsheet, Table2 } from 'lucide-react'
import { use } from 'react'
import { IconButton } from '../../ui/Button.tsx'
import { download, downloadFrom } from '../../ui/download.ts'
import { plural } from '../../ui/format.ts'
import { Menu } from '../../ui/Menu.tsx'
import { toast } from '../../ui/toast.ts'
import type { TableData } from './choose.ts'
import { type SaveQuery, SaveRowsContext } from './rows.ts'
import { type Row, toTsv } from './table.ts'
import type { ShownRows } from './useRows.ts'

interface Props {
  table: TableData
  /** What its file is called. */
  name: string
  shown: ShownRows
}

/** All rows, in the order and with the filter that are shown: to the clipboard, or as a file. */
export function Exports({ table, name, shown }: Props) {
  const saveRows = use(SaveRowsContext)
  const { columns, rows, total, handle } = table
  const ofQuery = handle !== undefined && columns.some(({ sqlType }) => sqlType !== undefined)
  const attempt = (work: () => Promise<void>) => {
    work().catch((error: Error) => toast(error.message, { tone: 'bad' }))
  }
  const copy = async () => {
    const all = await shown.all()
    const copied = await navigator.clipboard.writeText(toTsv(columns, all)).then(
      () => true,
      () => false,
    )
    if (!copied) await toast('The browser did not allow copying.', { tone: 'bad' })
    else await toast(all.length < shown.count ? `${firstOf(all, shown.count)} copied` : `${plural(all.length, 'row')} copied`)
  }
  /** What came along is all there is of a table that is kept nowhere. */
  const saveHere = async () => {
    const names = columns.map((column) => column.name)
    download(`${name}.csv`, 'text/csv', toCsv(names, await shown.all()))
  }
  const save = async (format: SaveQuery['format']) => {
    const isHere = !ofQuery && rows.length >= total
    if (!saveRows || handle === undefined || isHere) return await saveHere()
    const url = await saveRows(handle, { ...shown.question, format, name })
    if (url !== undefined) return downloadFrom(url)
    if (format !== 'csv' || rows.length < total) throw new Error(GONE)
    await saveHere()
    await toast('The engine does not keep these rows any more: they are saved as they are shown.')
  }
  return (
    <>
      <IconButton label="Copy rows" onClick={() => attempt(copy)}>
        <Copy size={13} aria-hidden />
      </IconButton>
      {ofQuery && saveRows ? (
        <Menu
          trigger={
            <IconButton label="Download">
              <Download size={13} aria-hidden />
            </IconButton>
          }
          entries={() => [
            { label: 'CSV', icon: <FileSpreadsheet size={14} />, onSelect: () => attempt(() => save('csv')) },
            { label: 'Parquet', icon: <Table2 size={14} />, note: 'keeps types', onSelect: () => attempt(() => save('parquet')) },
          ]}
        />
      ) : (
        <IconButton label="Download as CSV" onClick={() => attempt(() => save('csv'))}>
          <Download size={13} aria-hidden />
        </IconButton>
      )}
    </>
  )
}

const GONE = 'These rows are not kept any more. Run the cell again to save them.'

const firstOf = (rows: readonly Row[], count: number) =>
  `The first ${rows.length.toLocaleString('en')} of ${plural(count, 'row')}`
