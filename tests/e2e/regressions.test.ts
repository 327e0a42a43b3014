import { expect } from 'vitest'
import { describeInBrowser, test } from './app.ts'
import { Screen } from './screen.ts'

// Its first output is there long before the chart.
const SLOW_CHART = `console.log('for', points)
if (wait) await new Promise(() => {})
Plot.plot({ height: 280, marks: [Plot.dot(Array.from({ length: points }, (_, x) => ({ x, y: x * x })), { x: 'x', y: 'y' })] })`

const frameOf = (screen: Screen, place: number) => screen.output(place).locator('iframe')

/** Waits until what is drawn has been measured, so that the frame is as high as that; answers how high. */
async function chartIsDrawn(screen: Screen, place: number): Promise<number> {
  await expect.poll(() => screen.drawing(place)).toContain('<svg')
  const content = () => frameOf(screen, place).contentFrame().locator('#root').boundingBox()
  const height = async () => (await frameOf(screen, place).boundingBox())?.height ?? 0
  await expect.poll(async () => (await height()) - Math.ceil((await content())?.height ?? 0)).toBe(0)
  expect(await height()).toBeGreaterThan(250)
  return height()
}

/** From now on, in every frame that is painted: how high the chart is, 0 while there is none, and whether one has been taken away. */
async function watchFrame(screen: Screen, place: number): Promise<void> {
  await screen.cell(place).evaluate((cell) => {
    const seen = { heights: [] as number[], removed: 0 }
    Object.assign(window, { seen })
    const look = () => {
      const height = cell.querySelector('iframe')?.getBoundingClientRect().height ?? 0
      if (!seen.heights.includes(height)) seen.heights.push(height)
      requestAnimationFrame(look)
    }
    look()
    new MutationObserver((changes) => {
      for (const { removedNodes } of changes) {
        for (const node of removedNodes) {
          if (node instanceof Element && (node.matches('iframe') || node.querySelector('iframe'))) seen.removed += 1
        }
      }
    }).observe(cell, { childList: true, subtree: true })
  })
}

const frameSeen = (screen: Screen) => screen.page.evaluate(() => Reflect.get(window, 'seen'))

/** What notebooks of this kind have got wrong before. */
describeInBrowser('what must not happen again', () => {
  test('leaving an editor wipes no output', async ({ app }) => {
    const screen = await Screen.of(app, ['40 + 2', '// other'])
    await screen.edit(1)
    await screen.press('ControlOrMeta+Enter')
    await screen.shows(1, /^42$/)
    await screen.press('ControlOrMeta+End')
    await screen.page.keyboard.type(' + (')
    await screen.edit(2)
    await screen.saved()
    await screen.shows(1, '42')
    await screen.edit(1)
    await screen.press('Backspace', 'Backspace', 'Backspace', 'Backspace')
    await screen.edit(2)
    await screen.saved()
    await screen.shows(1, /^42$/)
  })

  test('one’s own echo moves no cursor', async ({ app }) => {
    const screen = await Screen.of(app, ['const text = ""'])
    await screen.edit(1)
    await screen.press('ControlOrMeta+End', 'ArrowLeft')
    const words = 'the quick brown fox jumps over the lazy dog '.repeat(3).trim()
    await screen.page.keyboard.type(words, { delay: 15 })
    await screen.saved()
    await screen.page.keyboard.type('!')
    expect(await screen.source(1)).toBe(`const text = "${words}!"`)
  })

  test('a second run shows its output once, not behind the first', async ({ app }) => {
    const screen = await Screen.of(app, ['console.log("printed")\n17'])
    await screen.edit(1)
    for (const [key, run] of [
      ['ControlOrMeta+Enter', 1],
      ['ControlOrMeta+Enter', 2],
      ['ControlOrMeta+Enter', 3],
    ] as const) {
      await screen.press(key)
      await screen.page.locator('footer').getByText(`rev`).waitFor()
      await screen.reaches(1, 'ok')
      await expect
        .poll(() => screen.output(1).locator('.output').allTextContents(), { message: `run ${run}` })
        .toEqual(['printed\n', '17'])
    }
  })

  test('charts neither pile up nor collapse when they are drawn again', async ({ app }) => {
    const screen = await Screen.demo(app)
    await screen.cell(5).scrollIntoViewIfNeeded()
    const drawn = await chartIsDrawn(screen, 5)
    await watchFrame(screen, 5)
    for (const limit of [10, 25, 20]) {
      await screen.edit(1)
      await screen.write(`const warmFrom = ${limit}`)
      await screen.press('ControlOrMeta+Enter')
      await screen.shows(2, `at least ${limit} °C`)
      await screen.reaches(5, 'ok')
    }
    await screen.cell(5).scrollIntoViewIfNeeded()
    await expect.poll(async () => (await screen.drawing(5)).match(/<circle/g)?.length).toBe(9)
    expect(await screen.output(5).locator('iframe').count()).toBe(1)
    expect(await frameSeen(screen)).toEqual({ heights: [drawn], removed: 0 })
  })

  test('a chart stays while runs overtake one another, and when one of them is stopped', async ({ app }) => {
    const screen = await Screen.of(app, ['const [points, wait] = [5, false]', SLOW_CHART])
    await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
    const drawn = await chartIsDrawn(screen, 2)
    await watchFrame(screen, 2)
    for (const points of [6, 7, 8]) {
      await screen.edit(1)
      await screen.write(`const [points, wait] = [${points}, true]`)
      await screen.press('ControlOrMeta+Enter')
      await screen.shows(2, `for ${points}`)
      await screen.reaches(2, 'running')
    }
    await screen.page.getByRole('button', { name: 'Stop cell 2' }).click()
    await screen.reaches(2, 'interrupted')
    await screen.edit(1)
    await screen.write('const [points, wait] = [9, false]')
    await screen.press('ControlOrMeta+Enter')
    await expect.poll(async () => (await screen.drawing(2)).match(/<circle/g)?.length).toBe(9)
    expect(await frameSeen(screen)).toEqual({ heights: [drawn], removed: 0 })
  })

  test('a cell longer than the screen is an editor as soon as any of it is there', async ({ app }) => {
    const long = Array.from({ length: 150 }, (_, line) => `const line${line} = ${line}`).join('\n')
    const screen = await Screen.of(app, [long, ...Array.from({ length: 30 }, (_, n) => `const after${n} = ${n}`), long])
    await screen.editor(1).waitFor()
    // The end of the last is out of reach, and its middle as well as its beginning are on the screen at some time.
    await screen.cell(32).evaluate((cell) => cell.scrollIntoView({ block: 'start' }))
    await screen.editor(32).waitFor()
  })

  test('the text with the focus takes the room of its lines, however they change', async ({ app }) => {
    const screen = await Screen.of(app, ['1 + 1', '// below'])
    await screen.edit(1)
    const rows = () =>
      screen.page.evaluate(() => {
        const [text, box, below] = ['.cm-content', '.cell-code', 'article[aria-posinset="2"]'].map((selector) =>
          document.querySelector(selector)?.getBoundingClientRect(),
        )
        if (!text || !box || !below) throw new Error('There is no such cell.')
        return { lines: Math.round(text.height / 20.925), inside: text.bottom <= box.bottom, below: Math.round(below.top) }
      })
    const one = await rows()
    expect(one).toMatchObject({ lines: 1, inside: true })
    await screen.press('End', 'Enter', 'Enter', 'Enter')
    await expect.poll(rows).toEqual({ lines: 4, inside: true, below: one.below + 63 })
    await screen.page.keyboard.insertText(`// ${'long '.repeat(60)}`)
    await expect.poll(async () => (await rows()).lines).toBeGreaterThan(5)
    const wide = await rows()
    await screen.page.setViewportSize({ width: 500, height: 800 })
    await expect.poll(async () => (await rows()).lines).toBeGreaterThan(wide.lines)
    expect((await rows()).inside).toBe(true)
    await screen.page.setViewportSize({ width: 1280, height: 800 })
    await expect.poll(rows).toEqual(wide)
    await screen.press('ControlOrMeta+a', 'Backspace')
    await expect.poll(rows).toEqual(one)
    await screen.press('Escape')
    await expect.poll(rows).toEqual(one)
  })

  test('a run executes the last keystrokes, however quickly it follows them', async ({ app }) => {
    const screen = await Screen.of(app, ['0'])
    await screen.edit(1)
    for (const number of [11, 222, 3333]) {
      await screen.press('ControlOrMeta+A')
      await screen.page.keyboard.type(String(number))
      await screen.press('ControlOrMeta+Enter')
      await screen.shows(1, new RegExp(`^${number}$`))
    }
  })

  test('[C5] an answer that is lost on its way makes no second cell', async ({ app }) => {
    app.allow(/ERR_INTERNET_DISCONNECTED/)
    const screen = await Screen.of(app, ['// one'])
    await screen.page.route(
      '**/trpc/insertCell*',
      async (route) => {
        await route.fetch()
        await route.abort('internetdisconnected')
      },
      { times: 1 },
    )
    await screen.edit(1)
    await screen.press('Escape', 'b')
    await screen.editing(2)
    await screen.page.keyboard.type('// two')
    await screen.order('// one', '// two')
    await screen.page.reload()
    await screen.opened()
    await screen.order('// one', '// two')
  })

  test('nothing jumps while the demo runs again', async ({ app }) => {
    const screen = await Screen.demo(app)
    await screen.cell(5).scrollIntoViewIfNeeded()
    await expect.poll(() => screen.drawing(5)).toContain('<svg')
    await screen.cell(1).scrollIntoViewIfNeeded()
    await screen.cell(4).locator('.cm-content').waitFor()
    await screen.page.evaluate(() => {
      const shifts = { total: 0 }
      Object.assign(window, { shifts })
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.total += Reflect.get(entry, 'value')
      }).observe({ type: 'layout-shift' })
    })
    await screen.page.getByRole('button', { name: /^Run (all|stale)/ }).click()
    await screen.page.getByText(/Run of \d cells done/).waitFor({ state: 'attached' })
    expect(await screen.page.evaluate(() => Reflect.get(window, 'shifts').total)).toBeLessThan(0.05)
  })
})
