// Run by a test: starts kernels, one of them in an endless loop, prints their process ids, and waits to be killed.
import { TestKernel } from './kernelHarness.ts'

const idle = await TestKernel.start('Deno')
await idle.ran('1')
const busy = await TestKernel.start('Deno')
await busy.started(busy.run('for (;;) {}'))
console.log(JSON.stringify([idle.pid, busy.pid]))
setInterval(() => undefined, 1_000)
