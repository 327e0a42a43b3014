import { useState } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'

interface Props {
  /** Of its table. */
  name: string
  /** Tells by itself what went wrong. */
  onRemove: () => Promise<unknown> | undefined
  onClose: () => void
}

/** Asked before a file goes: unlike a cell, it cannot be brought back. */
export function RemoveFile({ name, onRemove, onClose }: Props) {
  const [pending, setPending] = useState(false)
  const remove = async () => {
    setPending(true)
    await onRemove()
    onClose()
  }
  return (
    <Dialog title={`Remove the file “${name}”?`} onClose={onClose}>
      <div className="p-5">
        <p className="text-sm">
          Cells that read the table <code>{name}</code> fail until there is another one. A file cannot be brought back: you would
          have to upload it again.
        </p>
        <div className="mt-4 flex justify-end gap-2">
          <Button autoFocus onClick={onClose}>
            Keep it
          </Button>
          <Button variant="danger" disabled={pending} onClick={() => void remove()}>
            Remove it
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
