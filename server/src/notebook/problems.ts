/** Everything that can be refused, as values: expected failures are returned, never thrown. */
export type Problem =
  | { kind: 'invalid-input'; issues: { path: string; message: string }[] }
  | { kind: 'unauthorized'; reason: 'no-token' | 'bad-token' | 'expired-token' }
  | { kind: 'forbidden'; action: string }
  | {
      kind: 'not-found'
      what: 'notebook' | 'cell' | 'output' | 'input' | 'run' | 'version' | 'connection' | 'file' | 'procedure'
      id: string
    }
  | { kind: 'version-conflict'; cellId: string; version: number; source: string }
  | { kind: 'rev-conflict'; rev: number; epoch: string }
  | {
      kind: 'too-large'
      what: 'source' | 'notebook' | 'notebooks' | 'text' | 'message' | 'file' | 'files' | 'quota'
      limit: number
      actual: number
    }
  | {
      kind: 'too-many-requests'
      what: 'rate' | 'kernels' | 'subscriptions' | 'sockets' | 'downloads' | 'uploads'
      retryAfterMs: number
    }
  | { kind: 'unavailable'; reason: 'kernel' | 'shutting-down' | 'storage'; detail?: string }
  /** A table of this name is there already: a file's, which can be replaced, or a cell's. */
  | { kind: 'table-taken'; table: string; by: 'file' | 'cell' }
  | { kind: 'unreadable-file'; message: string }
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
      return describeTooLarge(problem)
    case 'too-many-requests':
      return `Too many ${problem.what === 'rate' ? 'requests' : problem.what}. Try again in ${Math.ceil(problem.retryAfterMs / 1000)} s.`
    case 'unavailable':
      return problem.reason === 'shutting-down'
        ? 'The server is restarting.'
        : problem.reason === 'storage'
          ? `The server cannot write to its ${problem.detail ?? 'database'} right now; nothing was changed.`
          : `The kernel cannot do that now${problem.detail ? `: ${problem.detail}` : '.'}`
    case 'table-taken':
      return problem.by === 'file'
        ? `There is a file that is the table “${problem.table}” already.`
        : `A cell of this notebook makes a table “${problem.table}” already.`
    case 'unreadable-file':
      return `The file cannot be read: ${problem.message}`
    case 'internal':
      return `Something went wrong on the server (${problem.id}).`
  }
}

function describeTooLarge({ what, limit, actual }: Extract<Problem, { kind: 'too-large' }>): string {
  switch (what) {
    case 'notebook':
      return `A notebook holds at most ${limit} cells.`
    case 'notebooks':
      return `You may have ${limit.toLocaleString('en')} notebooks, and have as many. What is in the bin counts until it goes, 30 days after it was deleted.`
    case 'text':
      return `The cells of a notebook hold at most ${inMegabytes(limit)} of text together; these would hold ${inMegabytes(actual)}. Shorten or delete cells, or go on in another notebook.`
    case 'files':
      return `A notebook holds at most ${limit} files.`
    case 'file':
      return `This file has ${inMegabytes(actual)}; at most ${inMegabytes(limit)} are accepted.`
    case 'quota':
      return `Your files would take ${inMegabytes(actual)}; you have room for ${inMegabytes(limit)}. Remove files that you do not need, also from the bin's notebooks.`
    default:
      return `This ${what} is ${actual} bytes; at most ${limit} are accepted.`
  }
}

const inMegabytes = (bytes: number) => `${(bytes / 2 ** 20).toLocaleString('en', { maximumFractionDigits: 1 })} MB`
