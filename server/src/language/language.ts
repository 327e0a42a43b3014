import type { Analysis } from '../notebook/commands.ts'

/** What the product knows about one cell language. Both functions are pure, total and never run the code. */
export interface CellLanguage {
  analyse(source: string): Analysis
}
