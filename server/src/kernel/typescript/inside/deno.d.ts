/** The little of Deno that this folder uses. */
declare namespace Deno {
  const stdin: { readonly readable: ReadableStream<BufferSource> }
  const stdout: { writeSync(bytes: Uint8Array): number }
  function exit(code: number): never
  /** Bytes. */
  function memoryUsage(): { rss: number }
}

interface WorkerOptions {
  deno?: { permissions: Record<'read', readonly string[]> & Record<string, readonly string[] | boolean> }
}
