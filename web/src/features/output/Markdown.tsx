import DOMPurify from 'dompurify'
import MarkdownIt from 'markdown-it'
import { useLayoutEffect, useRef } from 'react'
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
  for (const table of fragment.querySelectorAll('table')) table.tabIndex = 0
  return fragment
}

async function renderMath(root: HTMLElement): Promise<void> {
  const formulas = root.querySelectorAll<HTMLElement>('.math-inline, .math-block')
  if (!formulas.length) return
  const { renderTex } = await import('./katex.ts')
  for (const formula of formulas) renderTex(formula.textContent ?? '', formula, formula.className === 'math-block')
}

/** Prose with tables, code and formulas. Only elements a sanitiser made are put in, never a string of HTML. */
export default function Markdown({ text }: { text: string }) {
  const ref = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const root = ref.current
    if (!root) return
    root.replaceChildren(render(text))
    void renderMath(root)
  }, [text])
  return <div ref={ref} className="prose" />
}
