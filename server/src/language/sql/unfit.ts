/** Why a value cannot go to an engine. `path` leads to the part that cannot. */
export class Unfit extends Error {
  readonly path: string

  constructor(path: string, why: string) {
    super(why)
    this.path = path
  }
}
