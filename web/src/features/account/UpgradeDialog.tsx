import { Dialog } from '../../ui/Dialog.tsx'
import { CredentialsForm } from './CredentialsForm.tsx'

export default function UpgradeDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Save your work with an account" onClose={onClose}>
      <div className="p-5">
        <p className="mb-4 text-sm text-muted">
          As a guest your notebooks belong to this browser. With an account they come along to any other; nothing you made is
          lost.
        </p>
        <CredentialsForm mode="upgrade" onDone={onClose} />
      </div>
    </Dialog>
  )
}
