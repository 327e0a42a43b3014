import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { exactText } from './exactText.ts'

/** Readable rows: people open them in Drizzle Studio. Times are ISO-8601 UTC text. */

const bool = (name: string) => integer(name, { mode: 'boolean' })
const json = <T>(name: string) => text(name, { mode: 'json' }).$type<T>()

/** The project's own users; whoever signs in is mapped to one by `identities`. */
export const users = sqliteTable('users', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  kind: text('kind', { enum: ['guest', 'member', 'agent'] }).notNull(),
  createdAt: text('created_at').notNull(),
})

/** Who an issuer says somebody is. Several identities may be one user. */
export const identities = sqliteTable(
  'identities',
  {
    iss: text('iss').notNull(),
    sub: text('sub').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: text('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.iss, t.sub] }), index('identities_user').on(t.userId)],
)

export const notebooks = sqliteTable(
  'notebooks',
  {
    id: text('id').primaryKey(),
    ownerId: text('owner_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    title: exactText('title').notNull(),
    kind: text('kind', { enum: ['demo', 'blank', 'user'] }).notNull(),
    /** Identity of this history: positions of another epoch mean nothing. */
    epoch: text('epoch').notNull(),
    rev: integer('rev').notNull(),
    mode: text('mode', { enum: ['auto', 'lazy'] }).notNull(),
    cutoff: bool('cutoff').notNull(),
    /** Hosts that its cells may reach. */
    network: json<string[]>('network').notNull().default([]),
    /** As last published. None of these kernels outlives the server: the next start says so. */
    kernels: json<unknown[]>('kernels').notNull().default([]),
    createdAt: text('created_at').notNull(),
    updatedAt: text('updated_at').notNull(),
    /** Set while the notebook is in the bin. */
    deletedAt: text('deleted_at'),
  },
  (t) => [
    index('notebooks_owner').on(t.ownerId, t.updatedAt),
    // One demo and one blank notebook a user, whoever asks first.
    uniqueIndex('notebooks_provisioned').on(t.ownerId, t.kind).where(sql`kind in ('demo', 'blank')`),
    // Emptying the bin costs what is in it.
    index('notebooks_bin').on(t.deletedAt).where(sql`deleted_at is not null`),
  ],
)

export const cells = sqliteTable(
  'cells',
  {
    id: text('id').primaryKey(),
    notebookId: text('notebook_id')
      .notNull()
      .references(() => notebooks.id, { onDelete: 'cascade' }),
    /** A fractional index: sorts the page, moves cost one row. */
    orderKey: text('order_key').notNull(),
    language: text('language', { enum: ['typescript', 'sql', 'markdown', 'python'] }).notNull(),
    source: exactText('source').notNull(),
    version: integer('version').notNull(),
    resultName: text('result_name'),
    connectionId: text('connection_id'),
    disabled: bool('disabled').notNull(),
    hidden: bool('hidden').notNull(),
    defines: json<string[]>('defines').notNull(),
    uses: json<string[]>('uses').notNull(),
    status: text('status', { enum: ['idle', 'queued', 'running'] }).notNull(),
    stale: bool('stale').notNull(),
    result: json<unknown>('result').notNull(),
    runId: text('run_id'),
    startedAt: text('started_at'),
    /** Why the last run happened. */
    cause: json<unknown>('cause'),
    /** Names its last good run handed to other cells. */
    exports: json<string[]>('exports').notNull(),
    /** Set once the cell is deleted; it can be put back behind `deletedAfter`. */
    deletedAt: text('deleted_at'),
    deletedAfter: text('deleted_after'),
  },
  (t) => [
    index('cells_notebook').on(t.notebookId, t.deletedAt, t.orderKey),
    index('cells_bin').on(t.deletedAt).where(sql`deleted_at is not null`),
  ],
)

export const outputs = sqliteTable(
  'outputs',
  {
    cellId: text('cell_id')
      .notNull()
      .references(() => cells.id, { onDelete: 'cascade' }),
    id: text('id').notNull(),
    notebookId: text('notebook_id').notNull(),
    runId: text('run_id'),
    seq: integer('seq').notNull(),
    /** It stands from before the cell's latest run, which has not come to its own end. */
    earlier: bool('earlier').notNull().default(false),
    kind: text('kind', { enum: ['stream', 'value', 'display'] }).notNull(),
    /** Of a stream. */
    name: text('name', { enum: ['stdout', 'stderr'] }),
    text: exactText('text'),
    /** Of a value: one representation per MIME type. */
    data: json<Record<string, unknown>>('data'),
    truncatedBytes: integer('truncated_bytes'),
  },
  (t) => [primaryKey({ columns: [t.cellId, t.id] }), index('outputs_notebook').on(t.notebookId, t.seq)],
)

/** The last decisions of each notebook, for clients that come back; pruned. */
export const journal = sqliteTable(
  'journal',
  {
    notebookId: text('notebook_id')
      .notNull()
      .references(() => notebooks.id, { onDelete: 'cascade' }),
    rev: integer('rev').notNull(),
    at: text('at').notNull(),
    actor: json<{ userId: string; name: string; via: 'ui' | 'api' | 'agent' | 'system' }>('actor').notNull(),
    changes: json<unknown[]>('changes').notNull(),
  },
  (t) => [primaryKey({ columns: [t.notebookId, t.rev] })],
)

/** What people did to the page, the newest last: enough to go back to any of these points from where the notebook stands now. Pruned. */
export const history = sqliteTable(
  'history',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    notebookId: text('notebook_id')
      .notNull()
      .references(() => notebooks.id, { onDelete: 'cascade' }),
    /** Of the last decision in it. */
    rev: integer('rev').notNull(),
    startedAt: text('started_at').notNull(),
    at: text('at').notNull(),
    /** Typing, which more typing may still join. */
    burst: bool('burst').notNull(),
    /** Each with who did it, and with what was there before. */
    steps: json<unknown[]>('steps').notNull(),
    /** Length of `steps`, so that pruning need not read them. */
    characters: integer('characters').notNull(),
    /** The point that was gone back to, when that is what was done. */
    restored: json<unknown>('restored'),
  },
  (t) => [index('history_notebook').on(t.notebookId, t.id), index('history_at').on(t.at)],
)

/** Databases outside that somebody's cells may ask. Ids begin with `pg-`: they say which engine is behind them. */
export const connections = sqliteTable(
  'connections',
  {
    id: text('id').primaryKey(),
    ownerId: text('owner_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: exactText('name').notNull(),
    kind: text('kind', { enum: ['postgresql'] }).notNull(),
    /** The connection string, encrypted with a key that is not in this file. */
    sealed: text('sealed').notNull(),
    readOnly: bool('read_only').notNull(),
    createdAt: text('created_at').notNull(),
    updatedAt: text('updated_at').notNull(),
  },
  (t) => [uniqueIndex('connections_name').on(t.ownerId, t.name)],
)

/** Files that are tables of a notebook. Their bytes are in the folder of files, under `content`. */
export const files = sqliteTable(
  'files',
  {
    id: text('id').primaryKey(),
    notebookId: text('notebook_id')
      .notNull()
      .references(() => notebooks.id, { onDelete: 'cascade' }),
    /** Where the bytes are; a copy of a notebook has the same ones. */
    content: text('content').notNull(),
    name: exactText('name').notNull(),
    /** What the table is called. */
    tableName: text('table_name').notNull(),
    format: text('format', { enum: ['csv', 'tsv', 'parquet', 'json', 'ndjson', 'xlsx'] }).notNull(),
    bytes: integer('bytes').notNull(),
    rows: integer('rows').notNull(),
    columns: json<{ name: string; type: string }[]>('columns').notNull(),
    uploadedAt: text('uploaded_at').notNull(),
  },
  (t) => [uniqueIndex('files_table').on(t.notebookId, t.tableName), index('files_content').on(t.content)],
)

/** Requests that carried an `opId`, and what they were answered. */
export const operations = sqliteTable(
  'operations',
  {
    userId: text('user_id').notNull(),
    opId: text('op_id').notNull(),
    procedure: text('procedure').notNull(),
    notebookId: text('notebook_id'),
    result: json<unknown>('result').notNull(),
    at: text('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.opId] }), index('operations_at').on(t.at)],
)

export * from './authSchema.ts'
