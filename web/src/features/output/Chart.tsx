import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import type { Library } from '../../frame/messages.ts'
import { useMedia } from '../../ui/media.ts'
import { useIsDark } from '../../ui/theme.ts'
import { chartName, chartTable, expectedHeight } from './chart.ts'
import { chartTheme } from './chartTheme.ts'
import type { TableData } from './choose.ts'
import { LiveFrame } from './LiveFrame.tsx'
import { TextOutput } from './TextOutput.tsx'
import { useLiveFrame } from './useLiveFrame.ts'
import { useSlotHeight } from './useSlotHeight.ts'

const Table = lazy(() => import('./Table.tsx'))

interface Props {
  library: Library
  spec: Record<string, unknown>
  /** What stands for the chart until it is drawn. */
  text: string
  /** The place on the page; its last height is reserved for the next thing shown there. */
  slot: string
}

/** A chart, drawn by a frame without an origin from its specification. */
export default function Chart({ library, spec, text, slot }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const live = useLiveFrame(box)
  const dark = useIsDark()
  const still = useMedia('(prefers-reduced-motion: reduce)')
  const [height, measured] = useSlotHeight(slot, () => expectedHeight(library, spec))
  const [drawn, setDrawn] = useState(false)
  if (drawn && !live) setDrawn(false)
  const message = useMemo(() => ({ library, spec, theme: chartTheme(dark, still) }), [library, spec, dark, still])
  const table = useMemo(() => chartTable(library, spec), [library, spec])
  return (
    <>
      <div ref={box} className="chart" style={{ minHeight: height }} data-drawn={drawn}>
        {!drawn && (
          <div className="chart-words">
            <TextOutput text={text} />
          </div>
        )}
        {live && (
          <LiveFrame
            src="/frame.html"
            title={chartName(library, spec)}
            height={height}
            message={message}
            onHeight={(next) => {
              measured(next)
              setDrawn(true)
            }}
          />
        )}
      </div>
      {table && <ChartData table={table} />}
    </>
  )
}

/** The numbers, for whom a drawing says nothing. */
function ChartData({ table }: { table: TableData }) {
  const [open, setOpen] = useState(false)
  return (
    <details className="chart-data" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Data of this chart</summary>
      {open && (
        <Suspense fallback={null}>
          <Table table={table} />
        </Suspense>
      )}
    </details>
  )
}
