/** The embedded engine knows no case: values whose names differ in nothing else would be one table. */
export function refuseTwins(names: readonly string[]): void {
  const known = new Map<string, string>()
  for (const name of names) {
    const twin = known.get(name.toLowerCase())
    if (twin !== undefined)
      throw new Error(
        `“${twin}” and “${name}” are two values of the notebook, but one table to DuckDB, which knows no case: rename one.`,
      )
    known.set(name.toLowerCase(), name)
  }
}
