import { ProblemError } from './problems.ts'

/** A kernel that is busy or gone cannot answer: that is expected. */
export async function fromKernel<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    throw new ProblemError({ kind: 'unavailable', reason: 'kernel', detail }, error)
  }
}
