import { ChangeSet } from '@codemirror/state'
import type { Notebook } from '@rivulet/server/notebook/model'
import type { Client } from './connection.ts'
import type { Chance } from './random.ts'
import type { Follower } from './testServer.ts'

const FIRST_MARK = 0x4e00
const MARKS = 20_000
let made = 0

/** Texts are rows of marks, one character each, and each made once: whose words are there, and whose are gone, can be read off them. */
export const marksIn = (source: string): string[] => [...source]

/** No other mark of the same notebook is like it. */
function newMark(): string {
  made = (made + 1) % MARKS
  return String.fromCharCode(FIRST_MARK + made)
}

type Cell = Notebook['cells'][number]

/** What an accepted operation must have done to the page, and to nothing else. */
export interface Done {
  who: string
  what: string
  rev: number
  /** The page before that position and at it. Throws when something was lost. */
  check: (before: Notebook, after: Notebook) => void
}

export interface Refused {
  who: string
  what: string
  code: string
  /** What nobody may ever see. */
  marks: string[]
}

export interface Attempt {
  what: string
  marks?: string[]
  send: () => Promise<{ rev: number }>
  check: Done['check']
}

/** Somebody who has the notebook open, perhaps as it was a while ago, and changes it in their own way. */
export abstract class Contender {
  readonly done: Done[] = []
  readonly refused: Refused[] = []
  readonly name: string
  protected readonly client: Client
  protected readonly notebookId: string
  protected readonly chance: Chance
  private readonly follower: Follower
  private seen: Notebook

  constructor(name: string, with_: { client: Client; notebookId: string; chance: Chance; follower: Follower }) {
    this.name = name
    this.client = with_.client
    this.notebookId = with_.notebookId
    this.chance = with_.chance
    this.follower = with_.follower
    this.seen = with_.follower.state()
  }

  protected abstract next(page: Notebook, cell: Cell): Attempt | Promise<Attempt>

  /** One attempt, on what is seen now or was seen a while ago. */
  async act(): Promise<void> {
    if (this.chance.chance(0.6)) this.seen = this.follower.state()
    const attempt = await this.next(this.seen, this.chance.oneOf(this.seen.cells))
    const { what, marks = [], check } = attempt
    try {
      const { rev } = await attempt.send()
      this.done.push({ who: this.name, what, rev, check })
    } catch (error) {
      const code = (error as { data?: { code?: string } }).data?.code
      if (code === undefined) throw error
      this.refused.push({ who: this.name, what, code, marks })
      this.seen = this.follower.state()
    }
  }
}

const sourceOf = (page: Notebook, cellId: string) => page.cells.find(({ id }) => id === cellId)
const must = (is: boolean, why: string) => {
  if (!is) throw new Error(why)
}

/**
 * Nothing is gone that was not meant to go, and what was meant to come is there. What was meant to go may be there still, when
 * somebody has written it anew meanwhile.
 */
function keeps(cellId: string, { added, removed }: { added: string[]; removed: string[] }): Done['check'] {
  return (before, after) => {
    const had = marksIn(sourceOf(before, cellId)?.source ?? '')
    const has = marksIn(sourceOf(after, cellId)?.source ?? '')
    const due = [...had.filter((mark) => !removed.includes(mark)), ...added]
    const told = `${cellId}: ${had} became ${has}; removed ${removed}, added ${added}`
    must(
      due.every((mark) => has.includes(mark)),
      told,
    )
    must(new Set(has).size === has.length && has.every((mark) => had.includes(mark) || added.includes(mark)), told)
  }
}

/** Types changes of a version, which the server rebases; takes back what they typed themselves, and nobody else's. */
export class Typist extends Contender {
  private readonly own: { cellId: string; mark: string }[] = []
  /** Of the history that they believe to be in. */
  epoch: string | undefined

  protected next(_page: Notebook, { id: cellId, version: baseVersion, source }: Cell): Attempt {
    const marks = marksIn(source)
    const last = this.own.findLast((one) => one.cellId === cellId && marks.includes(one.mark))
    const undoing = last !== undefined && this.chance.chance(0.25)
    const from = undoing ? marks.indexOf(last.mark) : this.chance.below(marks.length + 1)
    const removed = undoing ? [last.mark] : this.chance.chance(0.3) ? marks.slice(from, from + 1 + this.chance.below(2)) : []
    const added = undoing ? [] : [newMark()]
    const offset = marks.slice(0, from).join('').length
    const change = { from: offset, to: offset + removed.join('').length, insert: added.join('') }
    const changes = ChangeSet.of(change, source.length).toJSON()
    const input = { notebookId: this.notebookId, cellId, baseVersion, changes, clientId: this.name }
    for (const mark of added) this.own.push({ cellId, mark })
    return {
      what: undoing ? 'undo' : 'type',
      marks: added,
      send: () => this.client.editCell.mutate({ ...input, ...(this.epoch !== undefined && { epoch: this.epoch }) }),
      check: keeps(cellId, { added, removed }),
    }
  }
}

/** Replaces whole texts, as programs do, and only what they have seen. */
export class Writer extends Contender {
  protected next(_page: Notebook, { id: cellId, version: baseVersion, source: seen }: Cell): Attempt {
    const mark = newMark()
    const kept = this.chance.chance(0.2) ? marksIn(seen).slice(1) : marksIn(seen)
    const source = [...kept, mark].join('')
    return {
      what: 'write',
      marks: [mark],
      send: () => this.client.editCell.mutate({ notebookId: this.notebookId, cellId, baseVersion, source }),
      check: (before, after) => {
        must(sourceOf(before, cellId)?.source === seen, `${cellId} was replaced, and was not what had been seen`)
        must(sourceOf(after, cellId)?.source === source, `${cellId} is not what was written`)
      },
    }
  }
}

/** Several edits in one transaction, on the versions or on the position that it has seen; before the latter it looks again. */
export class Agent extends Contender {
  protected async next(seen: Notebook): Promise<Attempt> {
    const byRev = this.chance.chance(0.5)
    const page = byRev ? await this.client.getNotebook.query({ id: this.notebookId }) : seen
    const first = this.chance.oneOf(page.cells)
    const second = page.cells.find(({ id }) => id !== first.id)
    const marks = [newMark(), newMark(), newMark()] as const
    const cells = second ? [first, second] : [first]
    const edits = cells.map(({ id, version, source }, n) => ({
      ...{ cellId: id, source: `${source}${marks[n]}` },
      ...(!byRev && { baseVersion: version }),
    }))
    const insert = { insert: { language: 'markdown' as const, source: marks[2], after: first.id } }
    const input = { notebookId: this.notebookId, edits: [...edits, insert], run: false, ...(byRev && { baseRev: page.rev }) }
    return {
      what: byRev ? 'batch on a position' : 'batch on versions',
      marks: [...marks],
      send: () => this.client.applyEdits.mutate(input),
      check: (before, after) => {
        for (const { id, source } of cells) must(sourceOf(before, id)?.source === source, `${id} was replaced unseen`)
        for (const { cellId, source } of edits) must(sourceOf(after, cellId)?.source === source, `${cellId} was left out`)
        must(
          after.cells.some(({ source }) => source === marks[2]),
          'the new cell of a batch is missing',
        )
      },
    }
  }
}

/** Moves, deletes and brings back; what comes back is what was deleted. */
export class Arranger extends Contender {
  private readonly binned = new Set<string>()
  /** Texts of the cells that went, as they were then. */
  private readonly kept = new Map<string, string>()

  protected next(page: Notebook, cell: Cell): Attempt {
    const { id: cellId } = cell
    const { notebookId } = this
    const [bin] = this.binned
    if (bin !== undefined && this.chance.chance(0.6)) return this.restore(bin)
    if (page.cells.length > 3 && this.chance.chance(0.4))
      return {
        what: 'delete',
        send: async () => {
          const answer = await this.client.deleteCell.mutate({ notebookId, cellId })
          this.binned.add(cellId)
          return answer
        },
        check: (before, after) => {
          this.kept.set(cellId, sourceOf(before, cellId)?.source ?? '')
          must(sourceOf(after, cellId) === undefined, `${cellId} was not deleted`)
          must(after.cells.length === before.cells.length - 1, 'another cell went, too')
        },
      }
    const after = this.chance.oneOf(page.cells.filter(({ id }) => id !== cellId))
    return {
      what: 'move',
      send: () => this.client.moveCell.mutate({ notebookId, cellId, after: after.id }),
      check: (_, page) => {
        const order = page.cells.map(({ id }) => id)
        must(order.indexOf(cellId) === order.indexOf(after.id) + 1, `${cellId} is not behind ${after.id}`)
      },
    }
  }

  private restore(cellId: string): Attempt {
    return {
      what: 'restore',
      send: async () => {
        const answer = await this.client.restoreCell.mutate({ notebookId: this.notebookId, cellId })
        this.binned.delete(cellId)
        return answer
      },
      check: (before, after) => {
        must(sourceOf(before, cellId) === undefined, `${cellId} was there already`)
        must(sourceOf(after, cellId)?.source === this.kept.get(cellId), `${cellId} did not come back as it was`)
      },
    }
  }
}
