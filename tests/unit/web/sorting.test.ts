import type { NotebookSummary } from '@rivulet/server/notebook/model'
import { expect, test } from 'vitest'
import { found } from '../../../web/src/features/home/sorting.ts'

const notebook = (title: string, updatedAt: string, cellCount: number): NotebookSummary => ({
  ...{ id: title, title, updatedAt, cellCount, kind: 'user', role: 'owner' },
})
const shelf = [notebook('Sales 10', '2026-03', 1), notebook('sales 2', '2026-01', 5), notebook('Churn of sales', '2026-02', 5)]
const titles = (...[query, sorting]: [string, Parameters<typeof found>[2]]) =>
  found(shelf, query, sorting).map(({ title }) => title)

test('the list is sorted by last edit, by title as people count, and by size', () => {
  expect(titles('', 'edited')).toEqual(['Sales 10', 'Churn of sales', 'sales 2'])
  expect(titles('', 'title')).toEqual(['Churn of sales', 'sales 2', 'Sales 10'])
  expect(titles('', 'cells')).toEqual(['Churn of sales', 'sales 2', 'Sales 10'])
})

test('every word that is looked for has to be in the title, in any order and case', () => {
  expect(titles('SALES', 'title')).toHaveLength(3)
  expect(titles(' sales  churn', 'title')).toEqual(['Churn of sales'])
  expect(titles('sales 3', 'title')).toEqual([])
})
