import type { Input } from '@rivulet/server/notebook/inputs'
import type { MimeBundle } from '@rivulet/server/notebook/model'

/** The input a representation stands for. Its shape was checked by the server when it came from the kernel. */
export function inputIn(bundle: MimeBundle): Input | undefined {
  return bundle['application/vnd.input+json'] as Input | undefined
}
