import type { NotebookEvent } from '@rivulet/server/notebook/events'
import type { Problem } from '@rivulet/server/notebook/problems'
import { isUnreachable, problemOf } from '../../failures.ts'
import { type Api, type Clients, describeError } from '../../trpc.ts'
import { newId } from '../../ui/id.ts'
import { Store } from '../../ui/store.ts'
import { toast } from '../../ui/toast.ts'
import { session } from '../account/session.ts'
import { Drafts } from '../cell/drafts/Drafts.ts'
import { DraftStorage } from '../cell/drafts/draftStorage.ts'
import type { Outgoing, Sent } from '../cell/drafts/outgoing.ts'
import type { NotebookView } from '../cell/host.ts'
import { Following } from './following.ts'
import { foldEvent } from './view.ts'
import { type Place, Whereabouts } from './Whereabouts.ts'

export type NotebookPhase =
  | { status: 'opening' }
  | { status: 'open'; view: NotebookView; drafts: Drafts }
  | { status: 'refused'; problem?: Problem; message: string }

/** One open notebook: follows the server's events and owns the text being typed. */
export class NotebookStore {
  readonly phase = new Store<NotebookPhase>({ status: 'opening' })
  /** This page, among all that have the notebook open. */
  readonly clientId = newId()
  readonly whereabouts: Whereabouts
  private readonly clients: Clients
  private readonly following: Following
  private readonly ends: (() => void)[] = []
  private readonly watchers = new Set<(event: NotebookEvent) => void>()

  constructor(clients: Clients, id: string) {
    this.clients = clients
    this.whereabouts = new Whereabouts({
      clientId: this.clientId,
      send: (place) => this.sayPlace(place),
      draftsNow: () => this.draftsNow(),
      isLive: () => clients.connection.state.get() === 'live',
    })
    this.following = new Following({
      ...{ api: clients.api, id, clientId: this.clientId },
      renew: () => session.token(),
      onEvent: (event) => this.receive(event),
      onStreaming: (live) => clients.connection.streaming(live),
      onRefused: (error) => this.phase.set({ status: 'refused', problem: problemOf(error), message: describeError(error) }),
    })
    this.following.begin()
    this.ends.push(
      clients.connection.transport.subscribe(() => this.following.begin()),
      clients.connection.state.subscribe(() => this.connectionChanged()),
    )
    window.addEventListener('pagehide', this.flush)
    document.addEventListener('visibilitychange', this.flush)
  }

  retry(): void {
    this.phase.set({ status: 'opening' })
    this.following.beginAnew()
  }

  /** Called for every event, after it is folded. */
  watch(watcher: (event: NotebookEvent) => void): () => void {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  dispose(): void {
    this.flush()
    this.whereabouts.dispose()
    this.following.end()
    for (const end of this.ends) end()
    window.removeEventListener('pagehide', this.flush)
    document.removeEventListener('visibilitychange', this.flush)
    const phase = this.phase.get()
    if (phase.status === 'open') void phase.drafts.flushAll().finally(() => phase.drafts.dispose())
  }

  private readonly flush = (): void => {
    const phase = this.phase.get()
    if (phase.status === 'open') void phase.drafts.flushAll()
  }

  private connectionChanged(): void {
    if (this.clients.connection.state.get() === 'live') this.flush()
  }

  private receive(event: NotebookEvent): void {
    const phase = this.phase.get()
    const before = phase.status === 'open' ? phase.view : undefined
    const view = foldEvent(before, event)
    if (!view) return
    const drafts = phase.status === 'open' ? phase.drafts : this.createDrafts(view.notebook.id)
    this.syncDrafts(drafts, event, before, view)
    this.phase.set({ status: 'open', view, drafts })
    if (event.type === 'presence') this.whereabouts.told(event.people)
    for (const watcher of this.watchers) watcher(event)
  }

  private syncDrafts(drafts: Drafts, event: NotebookEvent, before: NotebookView | undefined, view: NotebookView): void {
    if (event.type === 'snapshot') {
      drafts.receiveAll(view.notebook.cells, before?.notebook.epoch === view.notebook.epoch)
      return
    }
    if (event.type !== 'changes') return
    for (const change of event.changes) {
      if (change.type === 'cell.deleted') drafts.remove(change.cellId)
      if (change.type === 'cell.inserted') drafts.receive(change.cell)
      if (change.type === 'cell.edited') drafts.follow(change)
    }
  }

  private draftsNow(): Drafts | undefined {
    const phase = this.phase.get()
    return phase.status === 'open' ? phase.drafts : undefined
  }

  /** Where somebody was a moment ago is worth no second attempt and no message. */
  private async sayPlace(place: Place): Promise<void> {
    const phase = this.phase.get()
    if (phase.status !== 'open') return
    const { id: notebookId } = phase.view.notebook
    await this.clients.api.setPresence.mutate({ notebookId, clientId: this.clientId, ...place }).catch((error: unknown) => {
      if (!isUnreachable(error) && !problemOf(error)) throw error
    })
  }

  private epoch(): string | undefined {
    const phase = this.phase.get()
    return phase.status === 'open' ? phase.view.notebook.epoch : undefined
  }

  private createDrafts(notebookId: string): Drafts {
    const storage = new DraftStorage(notebookId)
    const { api } = this.clients
    const drafts: Drafts = new Drafts({
      storage,
      send: (edit) =>
        sendEdit(api, notebookId, 'changes' in edit ? { ...edit, clientId: this.clientId, epoch: this.epoch() } : edit),
      watched: () => this.whereabouts.isWatched,
      onOrphan: (text) => offerBack(api, notebookId, text),
    })
    void storage.adopt().then((stored) => drafts.adopt(stored))
    return drafts
  }
}

type SharedEdit = Extract<Outgoing, { changes: unknown }> & { clientId: string; epoch: string | undefined }

async function sendEdit(api: Api, notebookId: string, edit: Extract<Outgoing, { source: string }> | SharedEdit): Promise<Sent> {
  try {
    const { version } = await api.editCell.mutate({ notebookId, ...edit })
    return { kind: 'accepted', version }
  } catch (error) {
    const problem = problemOf(error)
    if (problem?.kind === 'version-conflict') return { kind: 'conflict', theirs: problem }
    if (isUnreachable(error) || problem?.kind === 'unavailable' || problem?.kind === 'too-many-requests') return { kind: 'later' }
    // The session's end has its own page, and the text is kept in the browser.
    if (problem?.kind !== 'unauthorized') void toast(describeError(error), { tone: 'bad' })
    return { kind: 'refused' }
  }
}

function offerBack(api: Api, notebookId: string, source: string): void {
  const putBack = () =>
    void api.insertCell
      .mutate({ notebookId, language: 'typescript', source, after: 'end', opId: newId() })
      .catch((error: unknown) => toast(describeError(error), { tone: 'bad' }))
  void toast('A cell you were typing in has been deleted.', { sticky: true, action: { label: 'Put my text back', run: putBack } })
}
