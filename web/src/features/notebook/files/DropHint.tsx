import { FileUp } from 'lucide-react'
import './files.css'

/** Over the page while files hover over it; it is for those who drag with a pointer. */
export default function DropHint() {
  return (
    <div aria-hidden className="drop-hint">
      <p>
        <FileUp size={18} aria-hidden /> Drop it: it becomes a table for SQL cells
      </p>
    </div>
  )
}
