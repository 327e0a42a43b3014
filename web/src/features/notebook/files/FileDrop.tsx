import { lazy, Suspense } from 'react'
import { useSelected } from '../../../ui/store.ts'
import type { Uploads } from './Uploads.ts'
import { useFileDrop } from './useFileDrop.ts'

const UploadTray = lazy(() => import('./UploadTray.tsx'))
const DropHint = lazy(() => import('./DropHint.tsx'))

/** Files that are dropped on the page become tables. */
export function FileDrop({ uploads, readOnly }: { uploads: Uploads; readOnly: boolean }) {
  const hovering = useFileDrop((files) => uploads.add(files), readOnly)
  const isThere = useSelected(uploads.all, (all) => all.length > 0)
  return (
    <Suspense fallback={null}>
      {hovering && <DropHint />}
      {isThere && <UploadTray uploads={uploads} />}
    </Suspense>
  )
}
