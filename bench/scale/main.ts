// `pnpm bench:scale [--write]`: how cost grows with what is stored and watched. Prints Markdown; asserts nothing.
import { writeFileSync } from 'node:fs'
import { machine, writeBlock } from '../support/report.ts'
import { AXES, type Axis, type Point } from './axes.ts'
import { exponentOf } from './fit.ts'
import { type Mark, picture } from './picture.ts'

const PICTURE = new URL('../../docs/scale.svg', import.meta.url)

const written = (ms: number) => (ms >= 100 ? ms.toFixed(0) : ms.toFixed(2))

/** One line for each thing that was done: its cost at each size, and the exponent. */
function tableOf({ name, sizes }: Axis, points: readonly Point[]): string {
  const kinds = Object.keys(points[0]?.costs ?? {})
  const lines = kinds.map((what) => {
    const costs = points.map(({ size, costs }) => ({ size, cost: costs[what] ?? Number.NaN }))
    return `| ${what} | ${costs.map(({ cost }) => written(cost)).join(' | ')} | ${exponentOf(costs).toFixed(2)} |`
  })
  const head = `| ms, by ${name} | ${sizes.map((size) => size.toLocaleString('en')).join(' | ')} | exponent |`
  return [head, `| --- | ${sizes.map(() => '---: | ').join('')}---: |`, ...lines].join('\n')
}

const tables: string[] = []
const marks: Mark[] = []
for (const axis of AXES) {
  const points: Point[] = []
  for await (const point of axis.measure(axis.sizes)) {
    points.push(point)
    for (const [what, cost] of Object.entries(point.costs)) marks.push({ axis: axis.name, what, size: point.size, cost })
  }
  tables.push(tableOf(axis, points))
  console.log(`\n${tables.at(-1)}`)
}

if (process.argv.includes('--write')) {
  writeFileSync(PICTURE, await picture(marks))
  writeBlock('scale', [machine(), '', '![how cost grows](scale.svg)', '', tables.join('\n\n')].join('\n'))
}
