import { fromWire } from '@rivulet/server/notebook/evolve'
import { describe, expect, test } from 'vitest'
import { planOf } from '../../../web/src/features/notebook/graph/layout.ts'
import { neighbour } from '../../../web/src/features/notebook/graph/neighbour.ts'
import { NODE_HEIGHT, type Plan } from '../../../web/src/features/notebook/graph/plan.ts'
import { shapeOf, traceOf } from '../../../web/src/features/notebook/graph/shape.ts'
import { centred, fitted, kept, opened, showing, zoomed } from '../../../web/src/features/notebook/graph/viewport.ts'
import { wireCell, wireNotebook } from '../../support/wire.ts'

/** `a = b c`: a cell that defines a and uses b and c; it is called by its place. */
function notebook(...lines: string[]) {
  const cells = lines.map((line, index) => {
    const [left = '', right = ''] = line.split('=').map((side) => side.trim())
    const names = (text: string) => text.split(/\s+/).filter(Boolean)
    return wireCell(`${index + 1}`, { source: line, defines: names(left), uses: names(right) })
  })
  return fromWire(wireNotebook(cells))
}

const nodeOf = (plan: Plan, id: string) => {
  const node = plan.nodes.find((other) => other.id === id)
  if (!node) throw new Error(`${id} is not drawn`)
  return node
}

/** Many cells with few names each, as notebooks have. */
function large(count: number) {
  const uses = (n: number) => [n - 1, Math.floor(n / 2), Math.floor(n / 7)].filter((m) => m > 0 && m < n).map((m) => `x${m}`)
  return notebook(...Array.from({ length: count }, (_, index) => `x${index + 1} = ${uses(index + 1).join(' ')}`))
}

describe('what is drawn', () => {
  test('cells that give or take a name; each line once, from who defines to who uses', () => {
    const { nodes, edges } = shapeOf(notebook('a b =', '= a b', '=', 'c = nothing', '= c'), null)
    expect(nodes.map(({ id }) => id)).toEqual(['1', '2', '4', '5'])
    expect(edges).toEqual([
      { from: '1', to: '2' },
      { from: '4', to: '5' },
    ])
  })

  test('of very many cells those nearest to the current one', () => {
    const shape = shapeOf(large(1_000), '500')
    expect(shape.nodes).toHaveLength(200)
    expect(shape.of).toBe(1_000)
    const ids = new Set(shape.nodes.map(({ id }) => id))
    expect(ids.has('500') && ids.has('499') && ids.has('501')).toBe(true)
    expect(shape.edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true)
  })

  test('a cell’s trace: what it comes from and what follows, through everything between; a cycle ends', () => {
    const { edges } = shapeOf(notebook('a =', 'b = a', 'c = b', 'd = c', 'e = a', 'x = y', 'y = x'), null)
    const { up, down } = traceOf(edges, '3')
    expect([...up].sort()).toEqual(['1', '2', '3'])
    expect([...down].sort()).toEqual(['3', '4'])
    expect([...traceOf(edges, '6').up].sort()).toEqual(['6', '7'])
  })
})

describe('where it is drawn', () => {
  test('what is needed lies above what needs it, and no two cells overlap: 200 cells', () => {
    const plan = planOf(shapeOf(large(200), null))
    expect(plan.nodes).toHaveLength(200)
    for (const { from, to } of plan.edges) expect(nodeOf(plan, from).y, `${from} → ${to}`).toBeLessThan(nodeOf(plan, to).y)
    for (const a of plan.nodes) {
      const over = plan.nodes.find((b) => {
        const beside = a.x + a.width <= b.x || b.x + b.width <= a.x
        return a !== b && !beside && Math.abs(a.y - b.y) < NODE_HEIGHT
      })
      expect(over, `over ${a.id}`).toBeUndefined()
      expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= plan.width && a.y + NODE_HEIGHT <= plan.height).toBe(true)
    }
  })

  test('in a wide view lines lead to the right, and arrow keys with them', () => {
    const plan = planOf(shapeOf(large(60), null), 'right')
    for (const { from, to } of plan.edges) expect(nodeOf(plan, from).x, `${from} → ${to}`).toBeLessThan(nodeOf(plan, to).x)
    const small = planOf(shapeOf(notebook('a =', 'b = a', 'c = a', 'd = b c'), null), 'right')
    expect(neighbour(small, '1', 'ArrowRight')?.id).toMatch(/[23]/)
    expect(neighbour(small, '4', 'ArrowLeft')?.id).toMatch(/[23]/)
    expect(neighbour(small, '1', 'ArrowLeft')).toBeUndefined()
  })

  test('a line that others imply decides no place, is drawn lightly, and none is lost', () => {
    const shape = shapeOf(notebook('a =', 'b = a', 'c = a b', 'x = y', 'y = x', 'z = x y'), null)
    const { edges } = planOf(shape)
    expect(edges).toHaveLength(shape.edges.length)
    const light = edges.filter(({ follows }) => follows).map(({ from, to }) => `${from} → ${to}`)
    expect(light).toEqual(['1 → 3'])
  })

  test('lines that would cross very many layers do not hold the layout up', () => {
    const long = Array.from({ length: 150 }, (_, n) => `p${n} = ${n ? `p${n - 1}` : ''}`)
    const ladder = Array.from({ length: 150 }, (_, n) => `q${n} = ${n ? `q${n - 1}` : ''} ${n % 2 ? `p${149 - n}` : ''}`)
    const shape = shapeOf(notebook(...long, ...ladder), null)
    const plan = planOf(shape)
    expect(plan.edges).toHaveLength(shape.edges.length)
    expect(plan.nodes).toHaveLength(300)
  })

  test('a cycle is drawn, too; what hangs together with nothing fills rows beside the rest', () => {
    const plan = planOf(shapeOf(notebook('x = y', 'y = x', ...Array.from({ length: 40 }, (_, n) => `lone${n} =`)), null))
    expect(plan.nodes).toHaveLength(42)
    expect(plan.edges.every(({ path }) => /^M-?[\d.]+ -?[\d.]+C/.test(path))).toBe(true)
    expect(plan.width).toBeLessThan(1_500)
    expect(plan.height).toBeLessThan(800)
  })

  test('nothing to draw is an empty drawing', () => {
    expect(planOf({ nodes: [], edges: [] })).toEqual({ direction: 'down', width: 0, height: 0, nodes: [], edges: [] })
  })

  test('arrow keys go along lines, and beside', () => {
    const plan = planOf(shapeOf(notebook('a =', 'b = a', 'c = a', 'd = b c'), null))
    const to = (from: string, key: string) => neighbour(plan, from, key)?.id
    expect(['2', '3']).toContain(to('1', 'ArrowDown'))
    expect(to('1', 'ArrowUp')).toBeUndefined()
    expect(to('4', 'ArrowUp')).toMatch(/[23]/)
    const [left, right] = nodeOf(plan, '2').x < nodeOf(plan, '3').x ? ['2', '3'] : ['3', '2']
    expect(to(left, 'ArrowRight')).toBe(right)
    expect(to(right, 'ArrowLeft')).toBe(left)
    expect(to('1', 'Enter')).toBeUndefined()
  })
})

describe('what is seen of it', () => {
  const view = { width: 300, height: 200 }

  test('all of a small drawing at its size, all of a large one smaller, in the middle', () => {
    expect(fitted(view, { width: 100, height: 50 })).toEqual({ scale: 1, x: 100, y: 75 })
    const large = fitted(view, { width: 2_680, height: 100 })
    expect(large.scale).toBeCloseTo(0.1)
    expect(large.x).toBeCloseTo(16)
  })

  test('at first what can be read: around the current cell, when all of it would be too small', () => {
    expect(opened(view, { width: 300, height: 100 }, { x: 0, y: 0 }).scale).toBeGreaterThan(0.6)
    const around = opened(view, { width: 5_000, height: 5_000 }, { x: 2_000, y: 3_000 })
    expect(around.scale).toBeCloseTo(0.8)
    expect(around.x + 2_000 * around.scale).toBeCloseTo(150)
    // At its edge the view is filled with what there is, not with the nothing beyond.
    const corner = opened(view, { width: 5_000, height: 100 }, { x: 0, y: 0 })
    expect(corner.x).toBe(16)
    expect(corner.y).toBeCloseTo(60)
  })

  test('zooming keeps what is under the pointer there, and has bounds', () => {
    const before = centred(view, { x: 100, y: 100 }, 1)
    const at = { x: 30, y: 40 }
    const after = zoomed(before, 1.5, at)
    expect((at.x - after.x) / after.scale).toBeCloseTo((at.x - before.x) / before.scale)
    expect(zoomed(before, 1e6, at).scale).toBe(2)
    expect(zoomed(before, 1e-6, at).scale).toBe(0.05)
  })

  test('it cannot be pushed out of sight, and is pushed as far as a cell needs', () => {
    const drawing = { width: 400, height: 400 }
    const far = kept({ scale: 1, x: 1e6, y: -1e6 }, view, drawing)
    expect(far.x).toBeLessThan(view.width)
    expect(far.y + drawing.height).toBeGreaterThan(0)
    const shown = showing({ scale: 1, x: 0, y: 0 }, view, { x: 350, y: 10, width: 50, height: 28 })
    expect(shown.x + 400).toBeLessThanOrEqual(view.width)
    expect(showing(shown, view, { x: 350, y: 20, width: 50, height: 28 })).toEqual(shown)
  })
})
