import { isUnreachable } from '../../failures.ts'
import { describeError } from '../../trpc.ts'
import { newId } from '../../ui/id.ts'
import { toast } from '../../ui/toast.ts'

/**
 * Asks for a change under an `opId`, and once more when no answer came: it cannot have two effects.
 * Undefined when it was refused; then the person has been told why.
 */
export async function attempt<T>(call: (opId: string) => Promise<T>): Promise<T | undefined> {
  const opId = newId()
  try {
    return await call(opId).catch((error: unknown) => {
      if (isUnreachable(error)) return call(opId)
      throw error
    })
  } catch (error) {
    void toast(describeError(error), { tone: 'bad' })
    return undefined
  }
}
