import { CircleCheck, CircleX, FileUp, LoaderCircle, X } from 'lucide-react'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { plural } from '../../../ui/format.ts'
import { useStore } from '../../../ui/store.ts'
import type { Made } from './send.ts'
import type { Upload, Uploads } from './Uploads.ts'
import './files.css'

/** What is being uploaded, and what became of it; over the page's corner while there is something to say. */
export default function UploadTray({ uploads }: { uploads: Uploads }) {
  const all = useStore(uploads.all)
  return (
    <section aria-label="Uploads" className="upload-tray">
      <ul>
        {all.map((upload) => (
          <Row key={upload.id} upload={upload} uploads={uploads} />
        ))}
      </ul>
    </section>
  )
}

const ICONS = { waiting: FileUp, sending: LoaderCircle, asks: FileUp, failed: CircleX, done: CircleCheck }
const TONES = { waiting: 'text-muted', sending: 'text-accent', asks: 'text-warn', failed: 'text-bad', done: 'text-good' }

function Row({ upload: { id, file, state }, uploads }: { upload: Upload; uploads: Uploads }) {
  const Icon = ICONS[state.status]
  const isGoing = state.status === 'waiting' || state.status === 'sending'
  return (
    <li className="upload-row">
      <Icon size={16} aria-hidden className={`mt-0.5 shrink-0 ${TONES[state.status]}`} />
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium">{file.name}</p>
        <p role={state.status === 'failed' ? 'alert' : 'status'} className="text-xs text-muted">
          {sentence(state)}
        </p>
        {state.status === 'sending' && <Progress name={file.name} sent={state.sent} />}
        {state.status === 'asks' && (
          <div className="mt-1.5 flex flex-wrap gap-1.5">
            <Button size="small" variant="primary" onClick={() => uploads.replace(id)}>
              Replace it
            </Button>
            <Button size="small" onClick={() => uploads.keepBoth(id, state.table)}>
              Keep both
            </Button>
          </div>
        )}
        {state.status === 'failed' && state.again && (
          <Button size="small" className="mt-1.5" onClick={() => uploads.retry(id)}>
            Try again
          </Button>
        )}
      </div>
      <IconButton label={isGoing ? `Cancel ${file.name}` : `Dismiss ${file.name}`} onClick={() => uploads.dismiss(id)}>
        <X size={14} aria-hidden />
      </IconButton>
    </li>
  )
}

/** Once everything has left, nobody knows how long the rest takes. */
function Progress({ name, sent }: { name: string; sent: number }) {
  return <progress aria-label={`Upload of ${name}`} className="upload-progress" {...(sent < 1 && { value: sent })} />
}

function sentence(state: Upload['state']): string {
  switch (state.status) {
    case 'waiting':
      return 'Waiting for its turn'
    case 'sending':
      return state.sent < 1 ? `Sending, ${Math.floor(state.sent * 100)} %` : 'Reading…'
    case 'asks':
      return `There is a table “${state.table}” already.`
    case 'failed':
      return state.message
    case 'done':
      return made(state.made)
  }
}

function made({ file: { table, rows }, sheets }: Made): string {
  const more = sheets > 1 ? ` It is the first of ${sheets} sheets: save each of the others as a file of its own.` : ''
  return `It is the table “${table}” now, ${plural(rows, 'row')}.${more}`
}
