import { FileUp } from 'lucide-react'
import { useRef } from 'react'
import { Button } from '../../../ui/Button.tsx'
import type { Uploads } from './Uploads.ts'

const READABLE = '.csv,.tsv,.tab,.parquet,.pq,.json,.ndjson,.jsonl,.xlsx,.xlsm'

export function UploadButton({ uploads }: { uploads: Uploads }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={READABLE}
        aria-label="Files to upload"
        onChange={({ target }) => {
          uploads.add([...(target.files ?? [])])
          // The same file again is a change, too.
          target.value = ''
        }}
      />
      <Button
        size="small"
        data-tip="CSV, TSV, Parquet, JSON, NDJSON, Excel; or drop it on the page"
        onClick={() => input.current?.click()}
      >
        <FileUp size={13} aria-hidden /> Upload a file…
      </Button>
    </>
  )
}
