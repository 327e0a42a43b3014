import type { TableName } from './cursor.ts'

/** What a statement does, as far as its first words tell. */
export type StatementKind =
  | 'select'
  | 'explain'
  | 'create-table'
  | 'create-view'
  | 'create-other'
  | 'insert'
  | 'update'
  | 'delete'
  | 'merge'
  | 'truncate'
  | 'drop'
  | 'alter'
  | 'copy'
  | 'export'
  | 'import'
  | 'attach'
  | 'detach'
  | 'use'
  | 'set'
  | 'pragma'
  | 'call'
  | 'do'
  | 'transaction'
  | 'extension'
  | 'prepare'
  | 'execute'
  | 'maintenance'
  | 'permission'
  | 'other'

/** `reference`: foreign keys and the like, which need the table itself. */
export interface TableUse {
  table: TableName
  how: 'read' | 'write' | 'drop' | 'reference'
}

export interface CreatedTable {
  table: TableName
  kind: 'table' | 'view'
  /** Gone with the connection, and nobody else's. */
  temporary: boolean
}

export interface StatementFacts {
  kind: StatementKind
  /** What `explain` explains, and what a `with` ends in is the kind itself. */
  explained?: StatementKind
  /** `explain analyze` runs what it explains. */
  analyzes: boolean
  /** In the order of the text. */
  uses: TableUse[]
  creates: CreatedTable[]
  /** Holes where only a table can stand. */
  holesAsTables: number[]
}

/** By first word; those with more to them have functions of their own. */
export const KINDS: ReadonlyMap<string, StatementKind> = new Map(
  Object.entries({
    select: 'select with from values table summarize describe desc show pivot pivot_wider pivot_longer unpivot (',
    explain: 'explain',
    insert: 'insert',
    update: 'update',
    delete: 'delete',
    merge: 'merge',
    truncate: 'truncate',
    drop: 'drop',
    alter: 'alter',
    copy: 'copy',
    export: 'export',
    import: 'import',
    attach: 'attach',
    detach: 'detach',
    use: 'use',
    set: 'set reset discard',
    pragma: 'pragma',
    call: 'call',
    do: 'do',
    transaction: 'begin start commit end rollback abort savepoint release',
    extension: 'install load force',
    prepare: 'prepare declare',
    execute: 'execute deallocate fetch move close',
    maintenance: 'vacuum analyze checkpoint reindex cluster refresh lock listen notify unlisten',
    permission: 'grant revoke comment security reassign',
  } satisfies Partial<Record<StatementKind, string>>).flatMap(([kind, words]) =>
    words.split(' ').map((word) => [word, kind as StatementKind] as const),
  ),
)
