import type { Problem } from '@rivulet/server/notebook/problems'
import { TRPCClientError } from '@trpc/client'

/** What the server says is wrong, when it was the server that said so. */
export function problemOf(error: unknown): Problem | undefined {
  if (!(error instanceof TRPCClientError)) return undefined
  return (error.data as { problem?: Problem } | null | undefined)?.problem
}

/** The request never got an answer; it may or may not have arrived. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof TRPCClientError ? !error.data : error instanceof TypeError
}
