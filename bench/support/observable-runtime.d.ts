/** The package has no types of its own; this is what is used of it. */
declare module '@observablehq/runtime' {
  interface Variable {
    define(name: string, inputs: readonly string[], definition: unknown): Variable
  }
  interface Module {
    variable(observer: boolean): Variable
    value(name: string): Promise<unknown>
  }
  export class Runtime {
    module(): Module
  }
}
