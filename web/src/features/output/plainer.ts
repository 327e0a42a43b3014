import type { MarkdownIt } from 'markdown-it'

const TASK = /^\[([ xX])\](?=\s)/

/** What the sanitiser would leave out is said otherwise: `- [x]` as a sign, as there are no form elements, and alignment as an attribute, as there are no styles. */
export function plainerRules(markdown: MarkdownIt): void {
  markdown.core.ruler.push('tasks', ({ tokens }) => {
    for (const [index, { type, children }] of tokens.entries()) {
      const [item, paragraph] = [tokens[index - 2], tokens[index - 1]]
      const [first] = children ?? []
      if (type !== 'inline' || item?.type !== 'list_item_open' || paragraph?.type !== 'paragraph_open') continue
      const task = first?.type === 'text' ? TASK.exec(first.content) : null
      if (!first || !task) continue
      first.content = first.content.replace(TASK, task[1] === ' ' ? '☐' : '☑')
      item.attrJoin('class', 'task')
    }
  })
  markdown.core.ruler.push('alignment', ({ tokens }) => {
    for (const token of tokens) {
      const [, side] = /^text-align:(\w+)$/.exec(String(token.attrGet('style') ?? '')) ?? []
      if (side) token.attrSet('align', side)
    }
  })
}
