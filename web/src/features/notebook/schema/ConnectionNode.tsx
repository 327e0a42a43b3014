import { Database, RefreshCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import { describeError } from '../../../trpc.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import type { Schemas, TableSchema } from '../../cell/sql/Schemas.ts'
import { Branch } from './Branch.tsx'
import { quoted } from './nameInto.ts'
import { TableNode } from './TableNode.tsx'

interface Props {
  id: string | undefined
  name: string
  schemas: Schemas
  /** Changes when the tables may have. */
  turn: number
  /** `table`: how statements name the table, where the name is one. */
  onName: (text: string, table?: string) => void
  onRemoveFile?: (fileId: string) => Promise<unknown>
}

type Loaded = { tables: readonly TableSchema[] } | { problem: string }

function useTables({ id, schemas, turn }: Props, open: boolean) {
  const [loaded, setLoaded] = useState<Loaded>()
  const [asked, setAsked] = useState(0)
  useEffect(() => {
    if (!open) return
    let outdated = false
    schemas.tables(id).then(
      (tables) => !outdated && setLoaded({ tables }),
      (error: unknown) => !outdated && setLoaded({ problem: describeError(error) }),
    )
    return () => {
      outdated = true
    }
  }, [schemas, id, open, turn, asked])
  const again = () => {
    schemas.forget(id)
    setLoaded(undefined)
    setAsked((times) => times + 1)
  }
  return { loaded, again }
}

/** One database; what it holds is asked for when it is opened. */
export function ConnectionNode(props: Props) {
  const { id, name, onName, onRemoveFile } = props
  const [open, setOpen] = useState(id === undefined)
  const { loaded, again } = useTables(props, open)
  return (
    <Branch
      label={name}
      icon={<Database size={14} aria-hidden className="shrink-0 text-muted" />}
      open={open}
      onToggle={() => setOpen(!open)}
      tools={
        open && (
          <IconButton label={`Refresh ${name}`} onClick={again}>
            <RefreshCw size={13} aria-hidden />
          </IconButton>
        )
      }
    >
      {!loaded && (
        <p role="status" className="schema-note">
          Asking the database…
        </p>
      )}
      {loaded && 'problem' in loaded && (
        <div role="alert" className="schema-note text-bad!">
          <p>{loaded.problem}</p>
          <Button size="small" className="mt-1.5" onClick={again}>
            Try again
          </Button>
        </div>
      )}
      {loaded && 'tables' in loaded && (
        <SchemaList tables={loaded.tables} embedded={id === undefined} {...{ onName, onRemoveFile }} />
      )}
    </Branch>
  )
}

interface ListProps extends Pick<Props, 'onName' | 'onRemoveFile'> {
  tables: readonly TableSchema[]
  embedded: boolean
}

function SchemaList({ tables, embedded, ...acts }: ListProps) {
  if (!tables.length) {
    const hint = embedded
      ? 'No table yet. Files that you upload, and tables that SQL cells create, appear here.'
      : 'There is no table that this user may see.'
    return <p className="schema-note">{hint}</p>
  }
  const bySchema = grouped(tables)
  // A lone usual schema is no news, and one level less to open.
  const [only] = bySchema.keys()
  if (bySchema.size === 1 && (only === 'main' || only === 'public')) return <TableList tables={tables} {...acts} />
  return (
    <ul>
      {[...bySchema].map(([schema, within]) => (
        <SchemaNode key={schema} schema={schema} tables={within} {...acts} />
      ))}
    </ul>
  )
}

function grouped(tables: readonly TableSchema[]): Map<string, TableSchema[]> {
  const bySchema = new Map<string, TableSchema[]>()
  for (const table of tables) bySchema.set(table.schema, [...(bySchema.get(table.schema) ?? []), table])
  return bySchema
}

interface SchemaProps extends Pick<Props, 'onName' | 'onRemoveFile'> {
  schema: string
  tables: readonly TableSchema[]
}

function SchemaNode({ schema, tables, ...acts }: SchemaProps) {
  const [open, setOpen] = useState(schema === 'main' || schema === 'public')
  return (
    <Branch label={schema} note={String(tables.length)} open={open} onToggle={() => setOpen(!open)}>
      <TableList tables={tables} {...acts} />
    </Branch>
  )
}

function TableList({ tables, ...acts }: Omit<SchemaProps, 'schema'>) {
  return (
    <ul>
      {tables.map((table) => (
        <TableNode key={`${table.schema}.${table.name}`} table={table} path={pathOf(table)} {...acts} />
      ))}
    </ul>
  )
}

/** With the schema where a table is not found without it. */
function pathOf({ schema, name }: TableSchema): string {
  return schema === 'main' || schema === 'public' ? quoted(name) : `${quoted(schema)}.${quoted(name)}`
}
