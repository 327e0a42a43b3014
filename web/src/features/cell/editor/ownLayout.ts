import { EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'

/**
 * The text with the focus is laid out by itself: its box has the height that its lines need, set here, so that a letter in it makes the
 * browser lay out this box and not every box around it up to the page.
 */
const sizedFromInside = ViewPlugin.fromClass(
  class {
    private readonly view: EditorView
    private readonly lines: ResizeObserver

    constructor(view: EditorView) {
      this.view = view
      this.lines = new ResizeObserver(([entry]) => this.fit(entry?.borderBoxSize[0]?.blockSize))
    }

    update({ focusChanged, view }: ViewUpdate): void {
      if (!focusChanged) return
      if (view.hasFocus) this.lines.observe(view.contentDOM)
      else this.leave()
    }

    destroy(): void {
      this.lines.disconnect()
    }

    /** Between layout and painting of the same frame: a line more is never seen outside of its box. */
    private fit(height: number | undefined): void {
      if (height === undefined) return
      const { scrollDOM } = this.view
      scrollDOM.style.setProperty('--lines', `${height}px`)
      scrollDOM.classList.add('cm-sized')
    }

    private leave(): void {
      this.lines.disconnect()
      this.view.scrollDOM.classList.remove('cm-sized')
    }
  },
)

/**
 * A flex item would be laid out with the box around it all the same, and a text as high as its box never became lower. On paper lines
 * break elsewhere, without a word of it to anybody.
 */
const boxes = EditorView.theme({
  '&': { display: 'block !important' },
  '.cm-content': { minHeight: '0' },
  '.cm-scroller.cm-sized': { contain: 'size layout', height: 'var(--lines)' },
  '@media print': { '.cm-scroller.cm-sized': { contain: 'none', height: 'auto' } },
})

export const ownLayout = [sizedFromInside, boxes]
