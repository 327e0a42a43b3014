import { problemOf } from '../../failures.ts'
import { type Api, describeError } from '../../trpc.ts'
import { newId } from '../../ui/id.ts'
import type { LoadRows, SaveRows } from '../output/rows.ts'

/** Rows of tables beyond those that came with the outputs, from where they are. */
export class TableRows {
  readonly #api: Api
  readonly #notebookId: () => string

  constructor(api: Api, notebookId: () => string) {
    this.#api = api
    this.#notebookId = notebookId
  }

  readonly load: LoadRows = (handle, query) =>
    this.#api.getRows.query({ notebookId: this.#notebookId(), handle, ...query }).catch((error: unknown) => {
      if (problemOf(error)?.kind !== 'not-found') throw new Error(describeError(error))
      throw new Error('The other rows are gone from the kernel. Run the cell again to see them.')
    })

  readonly save: SaveRows = async (handle, query) => {
    try {
      const { url } = await this.#api.downloadRows.mutate({ notebookId: this.#notebookId(), handle, ...query, opId: newId() })
      return url
    } catch (error) {
      if (problemOf(error)?.kind === 'not-found') return undefined
      throw new Error(describeError(error))
    }
  }
}
