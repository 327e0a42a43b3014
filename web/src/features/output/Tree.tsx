import { useState } from 'react'
import { plural } from '../../ui/format.ts'
import { Unfold } from '../../ui/Unfold.tsx'
import { lineOf, previewOf, type TreeNode, titleOf } from './tree.ts'

const FIRST = 50
/** Of a leaf; some more are not worth a click. */
const CHARACTERS = 400
const FOLDED_FROM = 600

export function Tree({ node }: { node: TreeNode }) {
  return (
    <div className="tree">
      <Node node={node} open />
    </div>
  )
}

function Node({ label, node, open = false }: { label?: string; node: TreeNode; open?: boolean }) {
  const [opened, setOpened] = useState(open)
  if (!node.entries?.length) {
    return (
      <div className="tree-leaf">
        {label !== undefined && <span className="tree-key">{label}: </span>}
        <span className={`tree-${node.t}`}>
          <Line text={lineOf(node)} />
        </span>
      </div>
    )
  }
  return (
    <details open={opened} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>
        {label !== undefined && <span className="tree-key">{label}: </span>}
        <span className="tree-title">{titleOf(node) || (opened && label === undefined ? 'Object' : '')}</span>
        {!opened && <span className="tree-preview">{previewOf(node)}</span>}
      </summary>
      {/* What was never opened is never built. */}
      {opened && <Entries node={node} />}
    </details>
  )
}

/** The end of a long text is unfolded where it stands. */
function Line({ text }: { text: string }) {
  const [whole, setWhole] = useState(false)
  if (whole || text.length <= FOLDED_FROM) return text
  return (
    <>
      {text.slice(0, CHARACTERS)}…{' '}
      <Unfold onUnfold={() => setWhole(true)}>{plural(text.length - CHARACTERS, 'more character')}</Unfold>
    </>
  )
}

function Entries({ node }: { node: TreeNode }) {
  const [shown, setShown] = useState(FIRST)
  const entries = node.entries ?? []
  return (
    <div className="tree-children">
      {entries.slice(0, shown).map(([key, item], index) => (
        <Node key={index} label={key} node={item} />
      ))}
      {entries.length > shown && <Unfold onUnfold={() => setShown(shown + 200)}>{entries.length - shown} more</Unfold>}
      {node.more !== undefined && node.more > 0 && <div className="text-xs text-muted">… and {node.more} more not sent</div>}
    </div>
  )
}
