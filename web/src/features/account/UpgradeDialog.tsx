import { useEffect, useRef } from 'react'
import { Dialog } from '../../ui/Dialog.tsx'
import { credentialsForm } from './credentials.ts'

export default function UpgradeDialog({ onClose }: { onClose: () => void }) {
  const place = useRef<HTMLDivElement>(null)
  const done = useRef(onClose)
  done.current = onClose
  useEffect(() => {
    place.current?.replaceChildren(credentialsForm('upgrade', () => done.current()))
  }, [])
  return (
    <Dialog title="Save your work with an account" onClose={onClose}>
      <div className="p-5">
        <p className="mb-4 text-sm text-muted">
          As a guest your notebooks belong to this browser. With an account they come along to any other; nothing you made is
          lost.
        </p>
        <div ref={place} />
      </div>
    </Dialog>
  )
}
