import katex from 'katex'
import 'katex/dist/katex.min.css'

export function renderTex(tex: string, into: HTMLElement, displayMode: boolean): void {
  katex.render(tex, into, { displayMode, throwOnError: false, trust: false, maxExpand: 1000, output: 'htmlAndMathml' })
}
