import { z } from 'zod'

/** What comes from the engine's process: anything else ends it. */

const ask = z.number().int()
const Failure = z.object({
  kind: z.enum(['database', 'cancelled', 'lost']),
  message: z.string().max(10_000),
  statement: z.number().int().min(0),
  offset: z.number().int().min(0).optional(),
  code: z.string().max(200).optional(),
})

export const FromInside = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('done'), ask, answer: z.unknown() }),
  z.object({ kind: z.literal('failed'), ask, failure: Failure }),
  z.object({ kind: z.literal('dying'), reason: z.string().max(10_000) }),
])

const Columns = z.array(
  z.object({
    name: z.string(),
    key: z.string(),
    type: z.string(),
    shown: z.enum(['number', 'string', 'boolean', 'date', 'bigint', 'object']),
  }),
)
const Rows = z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])))
const total = z.number().int().min(0)

export const RunAnswer = z.object({
  result: z.object({ result: z.number().int(), columns: Columns, rows: Rows, total }).optional(),
  changed: z.number().int().optional(),
})

export const FileAnswer = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: total,
  sheets: z.number().int().optional(),
})

export const PageAnswer = z.object({ rows: Rows, total }).nullable()

export const ReadAnswer = z.object({ reader: z.number().int(), columns: Columns, total }).nullable()

/** MiB, as the operating system counts the whole process. */
export const MemoryAnswer = z.number().int().min(0)

export const SchemaAnswer = z.array(
  z.object({
    schema: z.string(),
    name: z.string(),
    kind: z.enum(['table', 'view']),
    rows: z.number().optional(),
    columns: z.array(z.object({ name: z.string(), type: z.string(), nullable: z.boolean() })),
  }),
)
