import type { Client } from './connection.ts'
import { Follower } from './testServer.ts'

/** Something of somebody's that calls can be about. */
export interface Target {
  notebookId: string
  cellId: string
  connectionId: string
}

type Calls = Record<string, () => Promise<unknown>>

/** Every call of the API that names a notebook, made by `client` on somebody's notebook. */
export function callsOn(client: Client, id: string, cellId: string): Calls {
  const inNotebook = { notebookId: id }
  const inCell = { notebookId: id, cellId }
  return {
    getNotebook: () => client.getNotebook.query({ id }),
    renameNotebook: () => client.renameNotebook.mutate({ id, title: 'mine now' }),
    deleteNotebook: () => client.deleteNotebook.mutate({ id }),
    restoreNotebook: () => client.restoreNotebook.mutate({ id }),
    duplicateNotebook: () => client.duplicateNotebook.mutate({ id }),
    setNotebook: () => client.setNotebook.mutate({ ...inNotebook, mode: 'lazy' }),
    insertCell: () => client.insertCell.mutate({ ...inNotebook, language: 'typescript' }),
    editCell: () => client.editCell.mutate({ ...inCell, baseVersion: 1, source: '' }),
    applyEdits: () => client.applyEdits.mutate({ ...inNotebook, edits: [] }),
    moveCell: () => client.moveCell.mutate({ ...inCell, after: null }),
    deleteCell: () => client.deleteCell.mutate(inCell),
    restoreCell: () => client.restoreCell.mutate(inCell),
    setCell: () => client.setCell.mutate({ ...inCell, disabled: true }),
    runCell: () => client.runCell.mutate(inCell),
    runCells: () => client.runCells.mutate({ ...inNotebook, cellIds: [cellId] }),
    runAll: () => client.runAll.mutate(inNotebook),
    runStale: () => client.runStale.mutate(inNotebook),
    interrupt: () => client.interrupt.mutate(inNotebook),
    restartKernel: () => client.restartKernel.mutate(inNotebook),
    setInput: () => client.setInput.mutate({ ...inCell, inputId: 'x', value: 1 }),
    plan: () => client.plan.query(inNotebook),
    getVariables: () => client.getVariables.query(inNotebook),
    getRows: () => client.getRows.query({ ...inNotebook, handle: 'x', offset: 0, limit: 1 }),
    downloadRows: () => client.downloadRows.mutate({ ...inNotebook, handle: 'x', format: 'csv' }),
    getOutput: () => client.getOutput.query({ ...inCell, outputId: 'x' }),
    getSchema: () => client.getSchema.query(inNotebook),
    listFiles: () => client.listFiles.query(inNotebook),
    removeFile: () => client.removeFile.mutate({ ...inNotebook, fileId: 'x' }),
    getHistory: () => client.getHistory.query(inNotebook),
    getHistoryEntry: () => client.getHistoryEntry.query({ ...inNotebook, entryId: 1 }),
    getDeletedCells: () => client.getDeletedCells.query(inNotebook),
    restoreVersion: () => client.restoreVersion.mutate({ ...inNotebook, entryId: 1 }),
    setPresence: () => client.setPresence.mutate({ ...inNotebook, clientId: 'x' }),
    notebook: () => new Follower(client, id).snapshot(),
  }
}

/** Every call that names a connection. */
export function callsOnConnection(client: Client, id: string): Calls {
  return {
    updateConnection: () => client.updateConnection.mutate({ id, name: 'mine now' }),
    removeConnection: () => client.removeConnection.mutate({ id }),
    testConnection: () => client.testConnection.mutate({ id }),
  }
}

/** Every call that is about the caller alone. */
export function callsOnSelf(client: Client): Calls {
  return {
    whoami: () => client.whoami.query(),
    listNotebooks: () => client.listNotebooks.query(),
    createNotebook: () => client.createNotebook.mutate({}),
    listConnections: () => client.listConnections.query(),
    addConnection: () => client.addConnection.mutate({ name: crypto.randomUUID(), url: 'postgres://a:b@127.0.0.1:1/none' }),
    notebookList: () => firstOfList(client),
  }
}

/** All there are. */
export function everyCall(client: Client, { notebookId, cellId, connectionId }: Target): Calls {
  return { ...callsOnSelf(client), ...callsOnConnection(client, connectionId), ...callsOn(client, notebookId, cellId) }
}

function firstOfList(client: Client): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const subscription = client.notebookList.subscribe(undefined, {
      onData: ({ data }) => {
        subscription.unsubscribe()
        resolve(data)
      },
      onError: reject,
    })
  })
}
