import { describeProblem, type Problem } from '@rivulet/server/notebook/problems'

/** The server's reason not to take a file, for a person. */
export class UploadRefused extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(describeProblem(problem))
    this.problem = problem
  }
}
