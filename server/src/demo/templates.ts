import { z } from 'zod'
import { CellResult, Output } from '../notebook/model.ts'
import type { Template } from '../session/newNotebook.ts'
import stored from './demo.json' with { type: 'json' }
import { DEMO_FILES } from './samples.ts'
import { DEMO_SOURCES, DEMO_TITLE } from './sources.ts'

const Stored = z.array(z.object({ result: CellResult, outputs: z.array(Output) }))

/** What `demo` and `blank` begin with: the demo arrives with its outputs already there. */
export function templates(): Record<'demo' | 'blank', Template> {
  const ran = Stored.parse(stored)
  const cells = DEMO_SOURCES.map((cell, index) => {
    const { result = { kind: 'none' as const }, outputs = [] } = ran[index] ?? {}
    return { ...cell, result, outputs, stale: false }
  })
  return { demo: { title: DEMO_TITLE, cells, files: DEMO_FILES }, blank: { title: 'Blank notebook', cells: [] } }
}
