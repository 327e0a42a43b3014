import type { MarkdownIt } from 'markdown-it'

/** `$…$` inline (no space inside the dollars, no digit behind) and `$$…$$`; both become elements that hold the TeX as text. */
export function mathRules(markdown: MarkdownIt): void {
  markdown.inline.ruler.before('escape', 'math', (state, silent) => {
    if (state.src[state.pos] !== '$') return false
    const block = state.src[state.pos + 1] === '$'
    const fence = block ? '$$' : '$'
    const start = state.pos + fence.length
    const end = state.src.indexOf(fence, start)
    const tex = end > start ? state.src.slice(start, end) : ''
    if (!tex.trim() || (!block && (/^\s|\s$/.test(tex) || /\d/.test(state.src[end + 1] ?? '')))) return false
    if (!silent) state.push(block ? 'math_block' : 'math_inline', 'span', 0).content = tex.trim()
    state.pos = end + fence.length
    return true
  })
  const rule = (className: string) => (tokens: { content: string }[], index: number) =>
    `<span class="${className}">${markdown.utils.escapeHtml(tokens[index]?.content ?? '')}</span>`
  markdown.renderer.rules.math_inline = rule('math-inline')
  markdown.renderer.rules.math_block = rule('math-block')
}
