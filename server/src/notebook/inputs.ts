import { z } from 'zod'
import type { Output } from './model.ts'

/** Inputs: what people move, type and press to feed the cells below (S18). One shape for kernel, server and browser. */

export const INPUT_MIME = 'application/vnd.input+json'

const base = {
  /** Unique within its cell, and the same when unchanged code runs again. */
  id: z.string(),
  label: z.string().optional(),
  /** The cell's version that made it: an edit of the cell resets its inputs. */
  version: z.number(),
}
const bounds = { min: z.number().optional(), max: z.number().optional(), step: z.number().positive().optional() }

export const Input = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('slider'),
    min: z.number(),
    max: z.number(),
    step: z.number().positive(),
    value: z.number(),
  }),
  z.object({ ...base, kind: z.literal('number'), ...bounds, value: z.number().nullable() }),
  z.object({
    ...base,
    kind: z.literal('text'),
    placeholder: z.string().optional(),
    multiline: z.boolean().optional(),
    value: z.string(),
  }),
  /** The value is the index of the option, or the indices when several may be chosen. */
  z.object({
    ...base,
    kind: z.literal('select'),
    options: z.array(z.string()),
    multiple: z.boolean().optional(),
    value: z.union([z.number(), z.array(z.number())]).nullable(),
  }),
  z.object({ ...base, kind: z.literal('checkbox'), value: z.boolean() }),
  /** The value counts how often it was pressed. */
  z.object({ ...base, kind: z.literal('button'), value: z.number() }),
  /** The value is a calendar day, `2026-11-25`. */
  z.object({
    ...base,
    kind: z.literal('date'),
    min: z.string().optional(),
    max: z.string().optional(),
    value: z.string().nullable(),
  }),
  /** The value is the indices of the chosen rows. */
  z.object({
    ...base,
    kind: z.literal('table'),
    columns: z.array(z.object({ name: z.string(), type: z.string().optional() })),
    rows: z.array(z.array(z.unknown())),
    value: z.array(z.number()),
  }),
])
export type Input = z.infer<typeof Input>

/** The input an output shows, if it shows one. */
export function inputOf(output: Output): Input | undefined {
  if (output.kind === 'stream' || !(INPUT_MIME in output.data)) return undefined
  const parsed = Input.safeParse(output.data[INPUT_MIME])
  return parsed.success ? parsed.data : undefined
}

const LONGEST_TEXT = 64 * 1024
const DAY = /^\d{4}-\d{2}-\d{2}$/

/** The input with another value, or a sentence that says why it cannot have it. A button counts by itself. */
export function withValue(input: Input, value: unknown): Input | string {
  if (input.kind === 'button') return { ...input, value: input.value + 1 }
  return refusal(input, value) ?? Input.parse({ ...input, value })
}

function refusal(input: Exclude<Input, { kind: 'button' }>, value: unknown): string | undefined {
  switch (input.kind) {
    case 'slider':
      return numberRefusal(input, value)
    case 'number':
      return value === null ? undefined : numberRefusal(input, value)
    case 'text':
      if (typeof value !== 'string') return 'expected text'
      return value.length > LONGEST_TEXT ? `at most ${LONGEST_TEXT} characters` : undefined
    case 'checkbox':
      return typeof value === 'boolean' ? undefined : 'expected true or false'
    case 'select':
      if (input.multiple) return indicesRefusal(value, input.options.length)
      return value === null ? undefined : indicesRefusal([value], input.options.length)
    case 'table':
      return indicesRefusal(value, input.rows.length)
    case 'date':
      return value === null ? undefined : dayRefusal(input, value)
  }
}

function numberRefusal({ min, max }: { min?: number | undefined; max?: number | undefined }, value: unknown): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'expected a number'
  if (min !== undefined && value < min) return `at least ${min}`
  return max !== undefined && value > max ? `at most ${max}` : undefined
}

function indicesRefusal(value: unknown, length: number): string | undefined {
  const fits = (index: unknown) => typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < length
  return Array.isArray(value) && value.every(fits) ? undefined : `expected positions from 0 to ${length - 1}`
}

function dayRefusal({ min, max }: { min?: string | undefined; max?: string | undefined }, value: unknown): string | undefined {
  if (typeof value !== 'string' || !DAY.test(value)) return 'expected a day such as 2026-11-25'
  if (min !== undefined && value < min) return `not before ${min}`
  return max !== undefined && value > max ? `not after ${max}` : undefined
}
