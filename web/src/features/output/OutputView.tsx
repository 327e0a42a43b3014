import type { MimeBundle, Output } from '@rivulet/server/notebook/model'
import { lazy, memo, Suspense } from 'react'
import { cx } from '../../ui/cx.ts'
import { chooseRepresentation, type Representation } from './choose.ts'
import { Frame } from './Frame.tsx'
import { TextOutput } from './TextOutput.tsx'
import { Tree } from './Tree.tsx'
import { treeOfJson } from './tree.ts'

const Table = lazy(() => import('./Table.tsx'))
const Markdown = lazy(() => import('./Markdown.tsx'))
const Chart = lazy(() => import('./Chart.tsx'))
const Formula = lazy(() => import('./Formula.tsx'))

interface Props {
  output: Output
  /** Something newer is on its way. */
  old: boolean
  /** Where on the page it stands: cell and place. */
  slot: string
}

export const OutputView = memo(function OutputView({ output, old, slot }: Props) {
  return (
    <div className={cx('output', old && 'output-old')} data-output={output.kind}>
      {output.kind === 'stream' ? (
        <TextOutput text={output.text} tone={output.name === 'stderr' ? 'error' : 'plain'} />
      ) : (
        <Bundle data={output.data} slot={slot} />
      )}
      {output.truncated && (
        <p className="mt-1 text-xs text-muted">Shortened: {output.truncated.bytes.toLocaleString('en')} bytes were left out.</p>
      )}
    </div>
  )
})

const Bundle = memo(function Bundle({ data, slot }: { data: MimeBundle; slot: string }) {
  return (
    <Suspense fallback={<Waiting text={data['text/plain']} />}>
      <Rich shown={chooseRepresentation(data)} slot={slot} />
    </Suspense>
  )
})

/** While a renderer's code arrives, the plain text holds its place. */
function Waiting({ text }: { text: unknown }) {
  return typeof text === 'string' ? <TextOutput text={text} /> : null
}

function Rich({ shown, slot }: { shown: Representation; slot: string }) {
  switch (shown.kind) {
    case 'table':
      return <Table table={shown.table} />
    case 'chart':
      return <Chart library={shown.library} spec={shown.spec} text={shown.text} slot={slot} />
    case 'frame':
      return <Frame html={shown.html} title={shown.what === 'chart' ? 'Chart' : 'HTML output'} slot={slot} />
    case 'markdown':
      return <Markdown text={shown.text} />
    case 'math':
      return <Formula tex={shown.tex} />
    case 'image':
      return <img src={shown.src} alt="Output" className="max-w-full" />
    case 'tree':
      return <Tree node={shown.node} />
    case 'json':
      return <Tree node={treeOfJson(shown.value)} />
    case 'text':
      return <TextOutput text={shown.text} />
  }
}
