import { useState } from 'react'
import { reasonOf } from '../../trpc.ts'

/** One piece of work at a time; why it was refused stays until the next one begins. */
export function useAttempt() {
  const [refused, setRefused] = useState<string>()
  const [pending, setPending] = useState(false)
  /** False when it was refused. */
  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    setPending(true)
    setRefused(undefined)
    try {
      await work()
      return true
    } catch (error) {
      setRefused(reasonOf(error))
      return false
    } finally {
      setPending(false)
    }
  }
  return { attempt, refused, pending, forget: () => setRefused(undefined) }
}
