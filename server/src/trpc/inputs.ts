import { z } from 'zod'
import { CellSelection, Language, LIMITS } from '../notebook/model.ts'
import { TextChanges } from '../notebook/textChanges.ts'

/** Shapes of what clients send. */

const Id = z.string().min(1).max(200)
/** Made by the client: one open page, or one program. */
const ClientId = z.string().min(1).max(100)
/** `null`: first; `'end'` or absent: last; otherwise behind that cell. */
const After = Id.nullish()
const Title = z.string().trim().min(1).max(LIMITS.titleLength)
/** What other cells can write to read the result. */
const Name = z
  .string()
  .max(200)
  .regex(/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u, 'must be a name such as result or by_month')
/** How large a source may be is checked by the service: it answers PAYLOAD_TOO_LARGE. */
const Source = z.string()

/** Client-made; the same `opId` again has no second effect and gets the first answer. */
const Op = z.object({ opId: z.string().min(1).max(100).optional() })

export const NotebookInput = Op.extend({ id: Id })
export const InNotebook = Op.extend({ notebookId: Id })
export const InCell = InNotebook.extend({ cellId: Id })

export const InFile = InNotebook.extend({ fileId: Id })

export const NotebookQuery = z.object({ id: Id })
export const InNotebookQuery = z.object({ notebookId: Id })
export const CreateNotebook = Op.extend({ title: Title.optional(), from: z.enum(['blank', 'demo']).optional() }).default({})
export const RenameNotebook = NotebookInput.extend({ title: Title })
export const DuplicateNotebook = NotebookInput.extend({ title: Title.optional() })
export const ListNotebooks = z.object({ deleted: z.boolean().optional() }).nullish()

export const InsertCell = InNotebook.extend({ language: Language, source: Source.optional(), after: After })
const Version = z.number().int().min(0)
/** A whole source, on top of exactly that version; or changes of that version, which are rebased over what came since. */
export const EditCell = z.union([
  InCell.extend({ baseVersion: Version, source: Source, changes: z.undefined().optional() }),
  InCell.extend({
    baseVersion: Version,
    changes: TextChanges,
    /** Who of those who type together; with the `opId` it names the edit in the events. */
    clientId: ClientId.optional(),
    /** Of the history that the version belongs to. */
    epoch: z.string().max(200).optional(),
    source: z.undefined().optional(),
  }),
])
export type EditCell = z.infer<typeof EditCell>
/** Where the caller's `clientId`, as given to `notebook`, is now; without a cell nowhere in particular. */
export const SetPresence = InNotebook.extend({
  clientId: ClientId,
  cellId: Id.nullish(),
  selection: CellSelection.nullish(),
})
export const MoveCell = InCell.extend({ after: After })
export const SetCell = InCell.extend({
  language: Language.optional(),
  disabled: z.boolean().optional(),
  hidden: z.boolean().optional(),
  resultName: Name.nullish(),
  connectionId: Id.nullish(),
})
/** `name` or `name:port`, as the permissions of a kernel are written; no scheme, no path, no pattern. */
const Host = z.string().regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?$/i, 'expected a host such as api.example.org')
export const SetNotebook = InNotebook.extend({
  mode: z.enum(['auto', 'lazy']).optional(),
  cutoff: z.boolean().optional(),
  network: z.array(Host).max(50).optional(),
})

const CellEdit = z.union([
  z.strictObject({ cellId: Id, source: Source, baseVersion: z.number().int().min(0).optional() }),
  z.strictObject({
    insert: z.strictObject({
      language: Language,
      source: Source.default(''),
      after: After,
      disabled: z.boolean().optional(),
      hidden: z.boolean().optional(),
      resultName: Name.optional(),
      connectionId: Id.optional(),
    }),
  }),
  z.strictObject({ delete: Id }),
  z.strictObject({ move: z.strictObject({ cellId: Id, after: After }) }),
])
export type CellEdit = z.infer<typeof CellEdit>

const MAX_EDITS = LIMITS.cells * 2
export const ApplyEdits = InNotebook.extend({
  baseRev: z.number().int().min(0).optional(),
  edits: z.array(CellEdit).max(MAX_EDITS),
  run: z.boolean().optional(),
})
/** Without a connection: the embedded engine. */
export const GetSchema = InNotebookQuery.extend({ connectionId: Id.optional() })
export const Plan = InNotebookQuery.extend({
  edits: z.array(CellEdit).max(MAX_EDITS).optional(),
  run: z.array(Id).max(LIMITS.cells).optional(),
})
export const RunCells = InNotebook.extend({ cellIds: z.array(Id).min(1).max(LIMITS.cells) })
export const SetInput = InCell.extend({ inputId: Id, value: z.unknown() })
export const GetRows = InNotebookQuery.extend({
  handle: z.string().min(1).max(300),
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(1_000),
  sort: z.object({ column: z.string().max(500), descending: z.boolean().default(false) }).optional(),
  filter: z
    .string()
    .max(1_000)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'The text to look for has no such character.')
    .optional(),
})
/** In the order and with the filter of a page; `name` is what the file is called. */
export const DownloadRows = InNotebook.extend({
  ...GetRows.pick({ handle: true, sort: true, filter: true }).shape,
  format: z.enum(['csv', 'parquet']),
  name: z.string().trim().min(1).max(200).default('table'),
})
export const GetOutput = InNotebookQuery.extend({ cellId: Id, outputId: Id })

/** An object that has the key, or tRPC cannot add the position when it reconnects. */
export const FollowNotebook = z.object({ id: Id, lastEventId: z.string().nullish(), clientId: ClientId.optional() })
export const FollowList = z.object({ lastEventId: z.string().nullish() }).nullish()

const EntryId = z.number().int().min(1)
export const GetHistory = InNotebookQuery.extend({
  before: EntryId.optional(),
  limit: z.number().int().min(1).max(100).default(50),
})
export const GetHistoryEntry = InNotebookQuery.extend({ entryId: EntryId })
export const RestoreVersion = InNotebook.extend({
  entryId: EntryId,
  cellId: Id.optional(),
  side: z.enum(['before', 'after']).default('after'),
})

/** Its parts are looked at by whoever connects: the messages of this parser must not repeat it. */
const ConnectionString = z.string().trim().min(1).max(4_000)
const ConnectionName = z.string().trim().min(1).max(100)
export const AddConnection = Op.extend({ name: ConnectionName, url: ConnectionString, readOnly: z.boolean().default(true) })
export const OneConnection = Op.extend({ id: Id })
export const UpdateConnection = OneConnection.extend({
  name: ConnectionName.optional(),
  url: ConnectionString.optional(),
  readOnly: z.boolean().optional(),
})
export const TestConnection = z.union([
  OneConnection.strict(),
  Op.extend({ url: ConnectionString, readOnly: z.boolean().default(true) }).strict(),
])
