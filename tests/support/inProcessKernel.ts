import type { Kernel, StartKernel } from '@rivulet/server/src/kernel/kernel.ts'
import type { PackageBundle } from '@rivulet/server/src/kernel/packages.ts'
import { makeContext } from '@rivulet/server/src/kernel/typescript/inside/async-context.ts'
import { Engine } from '@rivulet/server/src/kernel/typescript/inside/engine.ts'
import { makeFlag, raiseForAll } from '@rivulet/server/src/kernel/typescript/inside/flag.ts'
import { makeImporter } from '@rivulet/server/src/kernel/typescript/inside/packages.ts'
import type { ToInside } from '@rivulet/server/src/kernel/typescript/inside/protocol.ts'
import { TypeScriptKernel } from '@rivulet/server/src/kernel/typescript/kernel.ts'
import type { Transport, TransportListener } from '@rivulet/server/src/kernel/typescript/transport.ts'

export interface InProcessOptions {
  packages: PackageBundle
  outputBytes: number
  runSeconds?: number
  /** Told of the transport, for tests that end it as a crash does. */
  onTransport?: (transport: Transport) => void
}

/** The kernel's own engine in this very process: quick to start, and with no wall around it. Code that never awaits cannot be interrupted. */
export function startInProcessKernel(options: InProcessOptions, report: Parameters<StartKernel>[0]): Kernel {
  const transport = new InProcessTransport(options)
  options.onTransport?.(transport)
  return new TypeScriptKernel(transport, report, options)
}

class InProcessTransport implements Transport {
  private readonly engine: Engine
  private readonly flag = makeFlag()
  private listener: TransportListener | undefined
  private kept: string[] = []
  private gone = false
  private exit: string | undefined

  constructor({ packages, outputBytes }: InProcessOptions) {
    this.engine = new Engine({
      flag: this.flag,
      limits: { outputBytes },
      context: makeContext(),
      importPackage: makeImporter(packages.table, (url) => import(/* @vite-ignore */ url)),
      post: (reports) => this.post(JSON.stringify(reports)),
    })
    this.post('[{"kind":"ready"}]')
  }

  send(message: ToInside): void {
    const text = JSON.stringify(message)
    if (message.kind === 'interrupt') raiseForAll(this.flag, message.ask)
    setImmediate(() => {
      if (!this.gone) this.engine.receive(JSON.parse(text) as ToInside)
    })
  }

  listen(listener: TransportListener): void {
    this.listener = listener
    for (const text of this.kept) listener.frame(JSON.parse(text))
    this.kept = []
    if (this.exit !== undefined) listener.exit(this.exit)
  }

  kill(reason: string): Promise<void> {
    this.exit ??= reason
    if (!this.gone) setImmediate(() => this.listener?.exit(reason))
    this.gone = true
    return Promise.resolve()
  }

  private post(text: string): void {
    setImmediate(() => {
      if (this.gone) return
      if (this.listener) this.listener.frame(JSON.parse(text))
      else this.kept.push(text)
    })
  }
}
