import DOMPurify from 'dompurify'
import MarkdownIt from 'markdown-it'
import { useLayoutEffect, useRef } from 'react'
import { watchNear } from '../../ui/near.ts'
import { mathRules } from './math.ts'
import { plainerRules } from './plainer.ts'

const markdown = new MarkdownIt({ html: false, linkify: true, typographer: true })
markdown.use(mathRules)
markdown.use(plainerRules)

const SANITISED = {
  RETURN_DOM_FRAGMENT: true as const,
  FORBID_TAGS: ['style', 'form', 'input', 'button', 'textarea', 'select'],
  FORBID_ATTR: ['style', 'id', 'name'],
  ALLOW_DATA_ATTR: false,
}

function render(text: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(markdown.render(text), SANITISED)
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank'
    link.rel = 'noopener noreferrer'
  }
  // They scroll within themselves where they are too wide.
  for (const wide of fragment.querySelectorAll<HTMLElement>('table, pre')) wide.tabIndex = 0
  return fragment
}

async function renderMath(root: HTMLElement): Promise<void> {
  const formulas = root.querySelectorAll<HTMLElement>('.math-inline, .math-block')
  if (!formulas.length) return
  const { renderTex } = await import('./katex.ts')
  for (const formula of formulas) renderTex(formula.textContent ?? '', formula, formula.className === 'math-block')
}

/** As soon as it comes near the screen. Without its colours code can be read all the same. */
function colourCode(root: HTMLElement): () => void {
  const stops = [...root.querySelectorAll<HTMLElement>('pre > code[class^="language-"]')].map((code) => {
    const name = code.className.slice('language-'.length)
    const stop = watchNear(code, (near) => {
      if (!near) return
      stop()
      void import('./code/colour.ts').then(({ colour }) => colour(code, name)).catch(() => undefined)
    })
    return stop
  })
  return () => {
    for (const stop of stops) stop()
  }
}

/** Prose with tables, code and formulas. Only elements a sanitiser made are put in, never a string of HTML. */
export default function Markdown({ text }: { text: string }) {
  const ref = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const root = ref.current
    if (!root) return undefined
    root.replaceChildren(render(text))
    void renderMath(root)
    return colourCode(root)
  }, [text])
  return <div ref={ref} className="prose" />
}
