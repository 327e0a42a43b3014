import { openDatabase } from '@rivulet/db/client'
import { historyTables } from '@rivulet/db/history'
import { notebookTables } from '@rivulet/db/notebooks'
import { userTables } from '@rivulet/db/users'
import type { Edit } from '@rivulet/server/notebook/commands'
import { type Page, pageOf } from '@rivulet/server/notebook/history/page'
import { cellOf, type Restored } from '@rivulet/server/notebook/history/steps'
import { editsTowards, withCellOf } from '@rivulet/server/notebook/history/towards'
import type { Actor, Language } from '@rivulet/server/notebook/model'
import { HistoryStore } from '@rivulet/server/src/session/history.ts'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { source } from '../../support/histories.ts'
import { toy, World } from '../../support/world.ts'

const START = Date.parse('2026-01-01T00:00:00.000Z')
const ADA: Actor = { userId: 'ada', name: 'Ada', via: 'ui' }
const BEN: Actor = { userId: 'ben', name: 'Ben', via: 'ui' }
const analyse = (_: Language, text: string) => toy(text)
const insert = (text: string, after?: string | null): Edit => ({
  kind: 'insert',
  language: 'typescript',
  content: toy(text),
  ...(after !== undefined && { after }),
})
const edit = (cellId: string, text: string): Edit => ({ kind: 'edit', cellId, content: toy(text) })

let database: ReturnType<typeof openDatabase>
beforeEach(() => {
  database = openDatabase(':memory:')
  userTables(database.db).insert({ id: 'u', name: 'u', kind: 'guest', createdAt: '' })
})
afterEach(() => database.close())

/** A notebook of which everything that is done is recorded, at times and by people of the test's choosing. */
class Recorded {
  readonly world = new World()
  readonly history = new HistoryStore(historyTables(database.db))
  at = START
  /** What the page was when each entry was last added to. */
  readonly pages = new Map<number, Page>()

  constructor() {
    const values = {
      title: '',
      kind: 'user',
      epoch: 'e',
      rev: 0,
      mode: 'auto',
      cutoff: false,
      createdAt: '',
      updatedAt: '',
    } as const
    database.sqlite.exec('delete from notebooks')
    notebookTables(database.db).insertNotebook({ id: 'n', ownerId: 'u', ...values })
  }

  get page(): Page {
    return pageOf(this.world.engine.notebook)
  }

  id(place: number): string {
    return this.world.id(place)
  }

  do(edits: Edit[], { by = ADA, after = 120, restored }: { by?: Actor; after?: number; restored?: Restored } = {}): void {
    this.at += after * 1_000
    const before = this.world.engine.notebook
    const known = this.world.messages.length
    const decided = this.world.edit(...edits)
    if (!decided.ok) throw new Error(decided.problem.kind)
    for (const { rev, changes } of this.world.messages.slice(known)) {
      this.history.record({ before, changes, rev, at: new Date(this.at).toISOString(), by, restored })
    }
    const newest = this.entries()[0]
    if (newest) this.pages.set(newest.id, this.page)
  }

  entries() {
    return this.history.list('n', { limit: 10_000 })
  }

  pageAt(id: number, side: 'before' | 'after' = 'after'): Page {
    const page = this.history.pageAt(this.world.engine.notebook, id, side)
    if (!page) throw new Error(`there is no entry ${id}`)
    return page
  }

  restore(id: number, side: 'before' | 'after' = 'after'): void {
    this.do(editsTowards(this.page, this.pageAt(id, side), analyse), { restored: { at: '' } })
  }
}

/** Without versions: they only ever grow. */
function written({ order, cells }: Page): unknown {
  return order.map((id) => {
    const { version: _, ...content } = cells.get(id) ?? { version: 0 }
    return { id, ...content }
  })
}

const place = fc.nat(40)
const doing = fc.record({
  by: fc.constantFrom(ADA, ADA, BEN),
  after: fc.constantFrom(0, 1, 5, 20, 90),
  batch: fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ do: fc.constant('edit' as const), place, source }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('insert' as const), place, source }) },
      fc.record({
        do: fc.constantFrom('delete' as const, 'disable' as const, 'hide' as const, 'language' as const, 'name' as const),
        place,
      }),
      { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), place, to: place }) },
    ),
    { minLength: 1, maxLength: 4 },
  ),
  restore: fc.option(fc.record({ entry: place, side: fc.constantFrom('before' as const, 'after' as const) }), { freq: 8 }),
})
type Doing = typeof doing extends fc.Arbitrary<infer T> ? T : never

/** Of one batch, as far as the page has such cells; each cell once, so that the batch as a whole is not refused. */
function editsOf(page: Page, batch: Doing['batch']): Edit[] {
  const used = new Set<string>()
  return batch.flatMap((one): Edit[] => {
    const cellId = page.order[one.place % Math.max(1, page.order.length)]
    const free = cellId !== undefined && !used.has(cellId)
    if (one.do === 'insert') return [insert(one.source, free ? cellId : null)]
    if (!free) return []
    used.add(cellId)
    if (one.do !== 'move') return changing(page, cellId, one)
    const after = page.order[one.to % page.order.length]
    return after === undefined || used.has(after) ? [] : [{ kind: 'move', cellId, after }]
  })
}

function changing(page: Page, cellId: string, one: Exclude<Doing['batch'][number], { do: 'insert' | 'move' }>): Edit[] {
  const cell = page.cells.get(cellId)
  if (!cell) return []
  switch (one.do) {
    case 'edit':
      return [edit(cellId, one.source)]
    case 'delete':
      return [{ kind: 'delete', cellId }]
    case 'disable':
      return [{ kind: 'set', cellId, disabled: !cell.disabled }]
    case 'hide':
      return [{ kind: 'set', cellId, hidden: !cell.hidden }]
    case 'language': {
      const language = cell.language === 'sql' ? 'typescript' : 'sql'
      return [{ kind: 'set', cellId, language, content: toy(cell.source) }]
    }
    case 'name':
      return [{ kind: 'set', cellId, resultName: cell.resultName ? null : 'result', content: toy(cell.source) }]
  }
}

describe('history', () => {
  test('[H2] [H3] every point of a random history is the page as it was, and going back to any makes the page so', () => {
    fc.assert(
      fc.property(fc.array(doing, { maxLength: 40 }), (history) => {
        const recorded = new Recorded()
        for (const { by, after, batch, restore } of history) {
          const entries = recorded.entries()
          const chosen = restore && entries[restore.entry % Math.max(1, entries.length)]
          if (!chosen || !restore) {
            recorded.do(editsOf(recorded.page, batch), { by, after })
            continue
          }
          const wanted = written(recorded.pageAt(chosen.id, restore.side))
          recorded.restore(chosen.id, restore.side)
          expect(written(recorded.page)).toEqual(wanted)
        }
        const entries = recorded.entries()
        for (const { id } of entries) expect(written(recorded.pageAt(id))).toEqual(written(recorded.pages.get(id) as Page))
        const oldest = entries.at(-1)
        if (oldest) expect(written(recorded.pageAt(oldest.id, 'before'))).toEqual([])
      }),
      { numRuns: Number(process.env.RUNS ?? 150) },
    )
  })

  test('[H2] one person who types in one cell makes one entry a minute, from what was there to what is', () => {
    const recorded = new Recorded()
    recorded.do([insert('a = 1')])
    for (const text of ['a = 12', 'a = 123', 'a = 1234']) recorded.do([edit(recorded.id(1), text)], { after: 10 })
    expect(recorded.entries().map(({ steps }) => steps)).toMatchObject([[{ kind: 'inserted', content: { source: 'a = 1234' } }]])
    recorded.do([edit(recorded.id(1), 'a = 9')], { after: 90 })
    recorded.do([edit(recorded.id(1), 'a = 99')], { after: 50 })
    expect(recorded.entries()[0]?.steps).toMatchObject([{ kind: 'edited', before: 'a = 1234', after: 'a = 99' }])
    recorded.do([edit(recorded.id(1), 'a = 5')], { after: 11 })
    expect(recorded.entries().map(({ steps }) => steps.length)).toEqual([1, 1, 1])
  })

  test('[H2] two who type at the same time share an entry that says who did what; a deletion ends it', () => {
    const recorded = new Recorded()
    recorded.do([insert('a = 1'), insert('b = 1')])
    const [one, two] = [recorded.id(1), recorded.id(2)]
    recorded.do([edit(one, 'a = 2')], { by: ADA })
    recorded.do([edit(two, 'b = 2')], { by: BEN, after: 1 })
    expect(recorded.entries()).toHaveLength(3)
    recorded.do([edit(one, 'a = 3')], { by: ADA, after: 1 })
    recorded.do([edit(two, 'b = 3')], { by: BEN, after: 1 })
    const [shared, first] = recorded.entries()
    expect(recorded.entries()).toHaveLength(2)
    expect(shared?.steps).toEqual([
      { kind: 'edited', cellId: one, by: [ADA], before: 'a = 1', after: 'a = 3' },
      { kind: 'edited', cellId: two, by: [BEN], before: 'b = 1', after: 'b = 3' },
    ])
    expect(first?.steps.map(({ kind }) => kind)).toEqual(['inserted', 'inserted'])
    recorded.do([{ kind: 'delete', cellId: two }], { after: 1 })
    recorded.do([edit(one, 'a = 4')], { by: ADA, after: 1 })
    expect(recorded.entries().map(({ steps }) => steps.map((step) => `${step.kind} ${cellOf(step)}`))).toEqual([
      [`edited ${one}`],
      [`deleted ${two}`],
      [`edited ${one}`, `edited ${two}`],
      [`inserted ${one}`, `inserted ${two}`],
    ])
  })

  test('[H2] text that is taken back within its minute leaves nothing, and runs leave nothing', () => {
    const recorded = new Recorded()
    recorded.do([insert('a = 1')])
    recorded.do([edit(recorded.id(1), 'a = 2')])
    recorded.do([edit(recorded.id(1), 'a = 1')], { after: 5 })
    expect(recorded.entries()).toHaveLength(1)
    const { messages } = recorded.world
    recorded.world.run(1)
    recorded.world.settle()
    const before = recorded.world.engine.notebook
    for (const { changes, rev } of messages.slice(-2)) recorded.history.record({ before, changes, rev, at: '', by: ADA })
    expect(recorded.entries()).toHaveLength(1)
  })

  test('[H3] a cell that was deleted comes back under its id, beside its neighbour, and above every version it had', () => {
    const recorded = new Recorded()
    recorded.do([insert('a ='), insert('b ='), insert('c =')])
    const [a, b, c] = recorded.world.engine.notebook.order
    recorded.do([edit(b ?? '', 'b = a')])
    const point = recorded.entries()[0]?.id ?? 0
    recorded.do([edit(b ?? '', 'b = c')])
    recorded.do([{ kind: 'delete', cellId: b ?? '' }, insert('d =', null)])
    const page = withCellOf(recorded.page, recorded.pageAt(point), b ?? '')
    recorded.do(editsTowards(recorded.page, page as Page, analyse))
    expect(recorded.page.order).toEqual([expect.any(String), a, b, c])
    expect(recorded.page.cells.get(b ?? '')).toMatchObject({ source: 'b = a', version: 4 })
    expect(recorded.world.engine.notebook.cells.get(b ?? '')).toMatchObject({ stale: true, status: 'idle' })
    expect(withCellOf(recorded.page, { order: [], cells: new Map() }, b ?? '')).toBeUndefined()
  })

  test('as few cells move as can', () => {
    const recorded = new Recorded()
    recorded.do(Array.from({ length: 6 }, (_, n) => insert(`x${n} =`)))
    const { order } = recorded.page
    recorded.do([{ kind: 'move', cellId: order[0] ?? '', after: order[5] ?? null }])
    const back = editsTowards(recorded.page, { ...recorded.page, order }, analyse)
    expect(back).toEqual([{ kind: 'move', cellId: order[0], after: null }])
  })

  test('[H4] old entries go, by age and by number, and what is left is exact', () => {
    const recorded = new Recorded()
    for (let n = 0; n < 6; n++) recorded.do([insert(`x${n} =`)], { after: 100 * 24 * 60 * 60 })
    expect(recorded.history.prune(recorded.at)).toBe(2)
    expect(recorded.entries()).toHaveLength(4)
    historyTables(database.db).pruneOne('n', { entries: 3, characters: 1e9 })
    expect(recorded.entries()).toHaveLength(3)
    const size = JSON.stringify(recorded.entries()[0]?.steps).length
    historyTables(database.db).pruneOne('n', { entries: 10, characters: size * 2 + 1 })
    expect(recorded.entries()).toHaveLength(2)
    for (const { id } of recorded.entries()) expect(written(recorded.pageAt(id))).toEqual(written(recorded.pages.get(id) as Page))
    expect(recorded.history.pageAt(recorded.world.engine.notebook, 1, 'after')).toBeUndefined()
  })
})
