type EditorModule = typeof import('./editor.ts')

let loading: Promise<EditorModule> | undefined

/** The editor's code comes once; a failed download is tried again at the next need. */
export function loadEditor(): Promise<EditorModule> {
  loading ??= import('./editor.ts').catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}
