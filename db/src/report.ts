/** One sentence and code 1 instead of a stack: what reaches an operator here was written for one. */
export function reported(work: () => void): void {
  try {
    work()
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
