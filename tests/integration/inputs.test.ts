import { INPUT_MIME, inputOf } from '@rivulet/server/notebook/inputs'
import { expect, test } from 'vitest'
import { useSignedIn } from '../support/signedIn.ts'
import { codeOf, Follower } from '../support/testServer.ts'

const shared = useSignedIn()

interface Page {
  notebookId: string
  cellIds: string[]
  follower: Follower
}

/** A notebook with these cells, everything run. */
async function ran(...sources: string[]): Promise<Page> {
  const { id: notebookId } = await shared.client.createNotebook.mutate({ title: 'Inputs' })
  const follower = new Follower(shared.server.ws(shared.token).client, notebookId)
  await follower.snapshot()
  const edits = sources.map((source) => ({ insert: { language: 'typescript' as const, source } }))
  const { cellIds, runIds } = await shared.client.applyEdits.mutate({ notebookId, edits, run: true })
  for (const runId of runIds) await follower.finished(runId)
  return { notebookId, cellIds, follower }
}

const cellsOf = async ({ notebookId }: Page) => (await shared.client.getNotebook.query({ id: notebookId })).cells

async function move(page: Page, value: unknown, inputId = 'input-1'): Promise<string[]> {
  const { runIds, cellIds } = await shared.client.setInput.mutate({
    notebookId: page.notebookId,
    cellId: page.cellIds[0] ?? '',
    inputId,
    value,
  })
  for (const runId of runIds) await page.follower.finished(runId)
  return cellIds
}

const textOf = (cell: { outputs: { kind: string; data?: Record<string, unknown> }[] } | undefined) =>
  cell?.outputs.map((output) => output.data?.['text/plain']).join()

test('[S18] other cells read the value; moving it runs them, not the input’s own cell', async () => {
  const page = await ran('const n = input.slider({ min: 0, max: 10, value: 3, label: "n" })', 'n * 2', 'console.log("apart")')
  expect((await cellsOf(page))[0]?.outputs).toMatchObject([
    {
      kind: 'display',
      data: { 'text/plain': 'n: 3', [INPUT_MIME]: { id: 'input-1', kind: 'slider', min: 0, max: 10, step: 1, value: 3 } },
    },
  ])
  expect(await move(page, 7)).toEqual([page.cellIds[1]])
  const cells = await cellsOf(page)
  expect(textOf(cells[1])).toBe('14')
  expect(cells[1]?.cause).toEqual({ kind: 'input', cell: page.cellIds[0] })
  expect(cells[0]?.outputs.flatMap((output) => inputOf(output) ?? [])[0]?.value).toBe(7)
})

test('[S18] a value outside of its range, of another type, or of an input that is not there is refused', async () => {
  const page = await ran('const n = input.slider({ min: 0, max: 10 })')
  expect(await codeOf(move(page, 11))).toBe('BAD_REQUEST')
  expect(await codeOf(move(page, 'ten'))).toBe('BAD_REQUEST')
  expect(await codeOf(move(page, 1, 'input-2'))).toBe('NOT_FOUND')
})

test('[S18] unchanged code keeps the value, also in a new kernel; an edit of the cell resets it', async () => {
  const page = await ran('const n = input.number({ value: 1 })', 'n')
  const [source = '', user = ''] = page.cellIds
  await move(page, 5)
  const run = async (cellId: string) => {
    const { runIds } = await shared.client.runCell.mutate({ notebookId: page.notebookId, cellId })
    for (const runId of runIds) await page.follower.finished(runId)
    return textOf((await cellsOf(page))[1])
  }
  expect(await run(source)).toBe('5')
  await shared.client.restartKernel.mutate({ notebookId: page.notebookId })
  expect(await run(user)).toBe('5')
  await shared.client.editCell.mutate({
    notebookId: page.notebookId,
    cellId: source,
    baseVersion: 1,
    source: 'const n = input.number({ value: 2 })',
  })
  expect(await run(source)).toBe('2')
})

test('[S18] every kind of input, read as values of its own type', async () => {
  const page = await ran(
    `const form = {
  text: input.text({ value: 'a' }), select: input.select({ one: 1, two: 2 }, { value: 2 }), many: input.select(['x', 'y'], { multiple: true, value: ['y'] }),
  check: input.checkbox({ value: true }), button: input.button('Go'), day: input.date({ value: '2026-02-03' }),
  rows: input.table([{ a: 1 }, { a: 2 }]), same: input.select({ options: ['u', 'v'], value: 'v' }),
}`,
    'JSON.stringify(form)',
  )
  const value = {
    text: 'a',
    select: 2,
    many: ['y'],
    check: true,
    button: 0,
    day: '2026-02-03T00:00:00.000Z',
    rows: [],
    same: 'v',
  }
  const shown = async () => JSON.parse(JSON.parse(String(textOf((await cellsOf(page))[1]))) as string) as typeof value
  expect(await shown()).toEqual(value)
  await move(page, 'b', 'input-1')
  await move(page, 0, 'input-2')
  await move(page, [0, 1], 'input-3')
  await move(page, false, 'input-4')
  await move(page, null, 'input-5')
  await move(page, '2026-12-24', 'input-6')
  await move(page, [1], 'input-7')
  expect(await shown()).toEqual({
    ...{ text: 'b', select: 1, many: ['x', 'y'], check: false, button: 1 },
    ...{ day: '2026-12-24T00:00:00.000Z', rows: [{ a: 2 }], same: 'v' },
  })
})

test('[S18] functions of the input’s cell see the new value, and who uses them runs', async () => {
  const page = await ran('const n = input.slider({ max: 10, value: 1 })\nconst twice = () => n * 2', 'twice()')
  await move(page, 4)
  expect(textOf((await cellsOf(page))[1])).toBe('8')
})

test('[S17] with cut-off, readers of an equal value keep their result', async () => {
  const page = await ran('const a = 1', 'const sign = Math.sign(a), list = [a > 0]', 'console.log("ran", sign, list)', 'a')
  await shared.client.setNotebook.mutate({ notebookId: page.notebookId, cutoff: true })
  const again = async (source: string, baseVersion: number) => {
    const cellId = page.cellIds[0] ?? ''
    await shared.client.editCell.mutate({ notebookId: page.notebookId, cellId, baseVersion, source })
    const { runIds } = await shared.client.runCell.mutate({ notebookId: page.notebookId, cellId })
    for (const runId of runIds) await page.follower.finished(runId)
    return cellsOf(page)
  }
  // The first run after switching it on compares with nothing.
  await again('const a = 2', 1)
  const cells = await again('const a = 3', 2)
  expect(cells.map((cell) => cell.result)).toMatchObject([
    { kind: 'ok' },
    { kind: 'ok' },
    { kind: 'ok', cached: true },
    { kind: 'ok' },
  ])
  expect(cells[1]?.result).not.toHaveProperty('cached')
  expect(cells[2]?.outputs).toMatchObject([{ kind: 'stream', text: 'ran 1 [ true ]\n' }])
  expect(textOf((await again('const a = -3', 3))[3])).toBe('-3')
  expect((await cellsOf(page))[2]?.outputs).toMatchObject([{ text: 'ran -1 [ false ]\n' }])
})
