/** Everything that can be refused, as values: expected failures are returned, never thrown. */
export type Problem =
  | { kind: 'invalid-input'; issues: { path: string; message: string }[] }
  | { kind: 'unauthorized'; reason: 'no-token' | 'bad-token' | 'expired-token' }
  | { kind: 'forbidden'; action: string }
  | {
      kind: 'not-found'
      what: 'notebook' | 'cell' | 'output' | 'input' | 'run' | 'version' | 'connection' | 'procedure'
      id: string
    }
  | { kind: 'version-conflict'; cellId: string; version: number; source: string }
  | { kind: 'rev-conflict'; rev: number; epoch: string }
  | { kind: 'too-large'; what: 'source' | 'notebook' | 'message'; limit: number; actual: number }
  | { kind: 'too-many-requests'; what: 'rate' | 'kernels' | 'subscriptions' | 'downloads'; retryAfterMs: number }
  | { kind: 'unavailable'; reason: 'kernel' | 'shutting-down' | 'storage'; detail?: string }
  | { kind: 'internal'; id: string }

/** One sentence for a person. */
export function describeProblem(problem: Problem): string {
  switch (problem.kind) {
    case 'invalid-input':
      return `The request is not valid: ${problem.issues.map((i) => (i.path ? `${i.path}: ${i.message}` : i.message)).join('; ')}`
    case 'unauthorized':
      return problem.reason === 'expired-token' ? 'Your session has expired. Sign in again.' : 'Sign in first.'
    case 'forbidden':
      return `You may not ${problem.action}.`
    case 'not-found':
      return `There is no such ${problem.what}, or it is not yours.`
    case 'version-conflict':
      return 'The cell has been changed by someone else since you read it.'
    case 'rev-conflict':
      return 'The notebook has changed since you read it.'
    case 'too-large':
      return problem.what === 'notebook'
        ? `A notebook holds at most ${problem.limit} cells.`
        : `This ${problem.what} is ${problem.actual} bytes; at most ${problem.limit} are accepted.`
    case 'too-many-requests':
      return `Too many ${problem.what === 'rate' ? 'requests' : problem.what}. Try again in ${Math.ceil(problem.retryAfterMs / 1000)} s.`
    case 'unavailable':
      return problem.reason === 'shutting-down'
        ? 'The server is restarting.'
        : problem.reason === 'storage'
          ? 'The server cannot write to its database right now; nothing was changed.'
          : `The kernel cannot do that now${problem.detail ? `: ${problem.detail}` : '.'}`
    case 'internal':
      return `Something went wrong on the server (${problem.id}).`
  }
}
