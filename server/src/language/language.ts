import type { Analysis } from '../notebook/commands.ts'

/** What a cell's meaning hangs on besides its language and text. */
export interface CellSettings {
  /** SQL: what other cells call the result. */
  resultName?: string | null | undefined
  /** SQL: where it runs; absent: the embedded engine. */
  connectionId?: string | null | undefined
}

/** What the product knows about one cell language. Both functions are pure, total and never run the code. */
export interface CellLanguage {
  analyse(source: string, settings: CellSettings): Analysis
}
