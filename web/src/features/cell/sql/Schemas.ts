import type { AppRouter } from '@rivulet/server/api'
import type { inferRouterOutputs } from '@trpc/server'
import type { Api } from '../../../trpc.ts'
import type { Readable } from '../../../ui/store.ts'
import type { NotebookView } from '../host.ts'

export type TableSchema = inferRouterOutputs<AppRouter>['getSchema'][number]

interface Asked<T> {
  /** Which runs and files had been when it was asked. */
  after: string
  answer: Promise<T>
}

const TABLE = 'application/vnd.table+json'
/** Types of values, as the list of variables calls them, that are no rows. */
const NO_ROWS = new Set([
  'number',
  'string',
  'boolean',
  'bigint',
  'symbol',
  'function',
  'class',
  'null',
  'undefined',
  'Date',
  'RegExp',
])

/** What SQL cells can name: asked for once, until a cell has run again, or a file has come or gone. */
export class Schemas {
  readonly #api: Api
  readonly #view: Readable<NotebookView>
  readonly #tables = new Map<string | undefined, Asked<readonly TableSchema[]>>()
  #unfit: Asked<ReadonlySet<string>> | undefined

  constructor(api: Api, view: Readable<NotebookView>) {
    this.#api = api
    this.#view = view
  }

  /** Rejects when the database cannot be asked; the next call asks again. */
  tables(connectionId: string | undefined): Promise<readonly TableSchema[]> {
    const after = this.#runs()
    const known = this.#tables.get(connectionId)
    if (known?.after === after) return known.answer
    const answer = this.#api.getSchema.query({ notebookId: this.#id, ...(connectionId !== undefined && { connectionId }) })
    this.#tables.set(connectionId, { after, answer })
    answer.catch(() => this.forget(connectionId))
    return answer
  }

  /** Something may have changed that no cell of the notebook did. */
  forget(connectionId: string | undefined): void {
    this.#tables.delete(connectionId)
  }

  /** With the results of other SQL cells, which are tables of the embedded engine under their names. */
  async named(connectionId: string | undefined): Promise<readonly TableSchema[]> {
    const tables = await this.tables(connectionId)
    return connectionId === undefined ? [...tables, ...this.#results()] : tables
  }

  /** Names of values that are known to be no tables: numbers, functions. Nothing is known while nobody can be asked. */
  unfitValues(): Promise<ReadonlySet<string>> {
    const after = this.#runs()
    if (this.#unfit?.after === after) return this.#unfit.answer
    const answer = this.#api.getVariables.query({ notebookId: this.#id }).then(
      (variables) => new Set(variables.filter(({ type }) => NO_ROWS.has(type)).map(({ name }) => name)),
      () => new Set<string>(),
    )
    this.#unfit = { after, answer }
    return answer
  }

  get #id(): string {
    return this.#view.get().notebook.id
  }

  #runs(): string {
    const { cells, files } = this.#view.get().notebook
    const runs = [...cells.values()].map(({ runId, status }) => `${runId} ${status}`)
    return [...runs, ...files.map(({ id }) => id)].join()
  }

  #results(): TableSchema[] {
    return [...this.#view.get().notebook.cells.values()].flatMap(({ resultName, outputs }) => {
      if (resultName === undefined) return []
      const columns = outputs.flatMap((output) => (output.kind === 'stream' ? [] : columnsIn(output.data[TABLE])))
      return [{ schema: 'main', name: resultName, kind: 'view' as const, columns }]
    })
  }
}

function columnsIn(table: unknown): TableSchema['columns'] {
  const columns = (table as { columns?: { name: string; type?: string; sqlType?: string }[] } | null | undefined)?.columns ?? []
  return columns.map(({ name, type, sqlType }) => ({ name, type: sqlType ?? type ?? '', nullable: true }))
}
