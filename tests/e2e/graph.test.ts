import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { barriers } from './axe.ts'
import { Screen } from './screen.ts'

const graph = (screen: Screen) => screen.page.getByRole('group', { name: 'Dependency graph' }).last()
const node = (screen: Screen, label: string) => graph(screen).getByRole('button', { name: label })
const scale = (screen: Screen) =>
  graph(screen)
    .locator('.graph-drawing')
    .evaluate((drawing) => new DOMMatrix(getComputedStyle(drawing).transform).a)

async function openGraph(screen: Screen): Promise<void> {
  await screen.page.getByRole('tab', { name: 'graph' }).click()
  await graph(screen).locator('.graph-node').first().waitFor()
}

const SOURCES = ['const a = 1', 'const b = a + 1', 'const c = a + 2', 'const d = b + c', 'const lone = 5', 'd.missing.deep']

describeInBrowser('the graph', () => {
  test('draws who feeds whom and how each stands; a click goes to the cell', async ({ app }) => {
    const screen = await Screen.of(app, SOURCES)
    await openGraph(screen)
    expect(await graph(screen).locator('.graph-node').count()).toBe(6)
    expect(await graph(screen).locator('.graph-edge').count()).toBe(5)
    await node(screen, '1 a, not run').waitFor()
    await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
    await node(screen, '1 a, up to date').waitFor()
    await node(screen, '6 cell, TypeError').waitFor()
    expect(await barriers(screen.page)).toEqual([])
    await node(screen, '4 d').click()
    await screen.onCell(4)
    await screen.page.locator('.graph-node[aria-current="location"]').filter({ hasText: '4 d' }).waitFor()
  })

  test('pointing at a cell, or reaching it by key, lights what it comes from and what follows', async ({ app }) => {
    const screen = await Screen.of(app, SOURCES)
    await openGraph(screen)
    const parts = async () => {
      const nodes = await graph(screen).locator('.graph-node').all()
      return Promise.all(nodes.map(async (one) => `${await one.textContent()} ${await one.getAttribute('data-part')}`))
    }
    await node(screen, '2 b').hover()
    await expect.poll(parts).toEqual(['1 a up', '2 b self', '3 c off', '4 d down', '5 lone off', '6 cell down'])
    await screen.page.getByText('2 b: comes from 1 cell, leads to 2').waitFor()
    await screen.page.mouse.move(900, 400)
    await expect.poll(async () => (await parts())[0]).toBe('1 a null')
    await node(screen, '1 a').focus()
    await expect.poll(async () => (await parts())[3]).toBe('4 d down')
    await screen.press('ArrowDown')
    await expect.poll(() => screen.page.locator('.graph-node:focus').textContent()).toMatch(/^[23] [bc]$/)
    await screen.press('ArrowDown')
    await expect.poll(() => screen.page.locator('.graph-node:focus').textContent()).toBe('4 d')
    await screen.press('Enter')
    await screen.onCell(4)
  })

  test('follows what is typed and what is deleted', async ({ app }) => {
    const screen = await Screen.of(app, ['const a = 1', 'const b = a'])
    await openGraph(screen)
    await expect.poll(() => graph(screen).locator('.graph-edge').count()).toBe(1)
    await screen.edit(2)
    await screen.write('const renamed = 2')
    await node(screen, '2 renamed').waitFor()
    await expect.poll(() => graph(screen).locator('.graph-edge').count()).toBe(0)
    await screen.press('Escape')
    await screen.press('d', 'd')
    await node(screen, '2 renamed').waitFor({ state: 'detached' })
  })

  test('200 cells can be read: zoomed by wheel, keys and buttons, moved, seen whole, and enlarged', async ({ app }) => {
    const sources = Array.from({ length: 200 }, (_, n) => {
      const uses = [n - 1 - (n % 7), Math.floor(n / 3)].filter((other) => other >= 0 && other < n)
      return `const value${n} = ${[...new Set(uses)].map((other) => `value${other}`).join(' + ') || '1'}`
    })
    const screen = await Screen.of(app, sources)
    await openGraph(screen)
    await screen.page.getByRole('button', { name: 'Enlarge the graph' }).click()
    const dialog = screen.page.getByRole('dialog', { name: 'Dependency graph' })
    await dialog.locator('.graph-node').first().waitFor()
    expect(await dialog.locator('.graph-node').count()).toBe(200)
    const first = await scale(screen)
    // At first it is large enough to be read.
    expect(first).toBeGreaterThanOrEqual(0.6)
    await dialog.getByRole('button', { name: 'Zoom in' }).click()
    await expect.poll(() => scale(screen)).toBeGreaterThan(first)
    await dialog.getByRole('button', { name: 'Show the whole graph' }).click()
    await expect.poll(() => scale(screen)).toBeLessThan(first)
    const inside = () =>
      graph(screen).evaluate((box) => {
        const view = box.getBoundingClientRect()
        return [...box.querySelectorAll('.graph-node')].every((one) => {
          const { left, right, top, bottom } = one.getBoundingClientRect()
          return left >= view.left && right <= view.right && top >= view.top && bottom <= view.bottom
        })
      })
    await expect.poll(inside).toBe(true)
    const whole = await scale(screen)
    const middle = await graph(screen).boundingBox()
    await screen.page.mouse.move((middle?.x ?? 0) + 200, (middle?.y ?? 0) + 200)
    await screen.page.keyboard.down('Control')
    await screen.page.mouse.wheel(0, -300)
    await screen.page.keyboard.up('Control')
    await expect.poll(() => scale(screen)).toBeGreaterThan(whole)
    await dialog.locator('.graph-node[tabindex="0"]').focus()
    const before = await scale(screen)
    await screen.press('-')
    await expect.poll(() => scale(screen)).toBeLessThan(before)
    await screen.press('0')
    await expect.poll(() => scale(screen)).toBeCloseTo(whole)
    expect(await barriers(screen.page)).toEqual([])
    await node(screen, '150 value149').click()
    await screen.onCell(150)
    expect(await dialog.count()).toBe(0)
  })
})
