import type { Chance } from '../random.ts'

export interface Call {
  type: 'query' | 'mutation' | 'subscription'
  path: string
  input?: object
}

/** What a fuzzed user has, so that a good part of what is sent means something. */
export interface Belongings {
  notebookId: string
  cellId: string
}

/** Calls as clients make them. Those that start or end processes are few: this is about messages. */
export function sensibleCalls({ notebookId, cellId }: Belongings): Call[] {
  const query = (path: string, input?: object): Call => ({ type: 'query', path, ...(input && { input }) })
  const mutation = (path: string, input: object): Call => ({ type: 'mutation', path, input })
  const inCell = { notebookId, cellId }
  const edits = [
    { cellId, source: 'x', baseVersion: 1 },
    { insert: { language: 'markdown', source: '# x', after: cellId } },
    { move: { cellId, after: null } },
  ]
  return [
    query('whoami'),
    query('listNotebooks', { deleted: false }),
    query('getNotebook', { id: notebookId }),
    query('plan', { notebookId, edits: [{ cellId, source: 'const a = 1' }], run: [cellId] }),
    query('getVariables', { notebookId }),
    query('getRows', { notebookId, handle: 'h', offset: 0, limit: 10, sort: { column: 'a', descending: true }, filter: 'x' }),
    mutation('downloadRows', { notebookId, handle: 'h', format: 'csv' }),
    query('listFiles', { notebookId }),
    mutation('removeFile', { notebookId, fileId: 'f' }),
    query('getOutput', { ...inCell, outputId: 'o' }),
    query('getHistory', { notebookId, limit: 5 }),
    query('getHistoryEntry', { notebookId, entryId: 1 }),
    query('getDeletedCells', { notebookId }),
    query('listConnections'),
    mutation('renameNotebook', { id: notebookId, title: 'Fuzzed', opId: 'op-1' }),
    mutation('setNotebook', { notebookId, mode: 'lazy', cutoff: true, network: ['api.example.org:443'] }),
    mutation('insertCell', { notebookId, language: 'markdown', source: '# x', after: cellId, opId: 'op-2' }),
    mutation('editCell', { ...inCell, baseVersion: 1, source: 'const x = 1' }),
    mutation('editCell', { ...inCell, baseVersion: 1, changes: [3, [0, 'a', 'b'], 2], clientId: 'c', epoch: 'e' }),
    mutation('applyEdits', { notebookId, baseRev: 1, edits, run: false }),
    mutation('moveCell', { ...inCell, after: 'end' }),
    mutation('deleteCell', { notebookId, cellId: `${cellId}x` }),
    mutation('restoreCell', inCell),
    mutation('setCell', { ...inCell, language: 'sql', disabled: true, hidden: false, resultName: 'r', connectionId: 'c' }),
    mutation('setInput', { ...inCell, inputId: 'i', value: { a: [1] } }),
    mutation('setPresence', { notebookId, clientId: 'c', cellId, selection: { version: 1, anchor: 0, head: 1 } }),
    mutation('restoreVersion', { notebookId, entryId: 1, cellId, side: 'before' }),
    mutation('interrupt', { notebookId }),
    mutation('updateConnection', { id: 'c', name: 'n', readOnly: true }),
    mutation('restoreNotebook', { id: notebookId }),
    { type: 'subscription', path: 'notebook', input: { id: notebookId, lastEventId: 'e:1', clientId: 'c' } },
    { type: 'subscription', path: 'notebookList', input: { lastEventId: null } },
  ]
}

/** A call as a message of tRPC over a WebSocket, or the end of one, or a batch of them. */
export function asMessage(call: Call, id: number, chance: Chance): object {
  const message = { jsonrpc: '2.0', id, method: call.type, params: { path: call.path, input: call.input ?? {} } }
  if (call.type === 'subscription' && chance.chance(0.5)) return { id, method: 'subscription.stop' }
  return chance.chance(0.05) ? [message, { ...message, id: id + 1 }] : message
}
