import { resolve } from 'node:path'
import type { AppRouter } from '@rivulet/server/api'
import type { NotebookEvent } from '@rivulet/server/notebook/events'
import type { CellError, CellResult, Language, Notebook, NotebookSummary, Output } from '@rivulet/server/notebook/model'
import type { TRPCClient } from '@trpc/client'
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { build, type Plugin } from 'vite'
import { describe, expect, expectTypeOf, test } from 'vitest'

/** The API as the compiler shows it to a client. `pnpm typecheck` decides; running these proves nothing by itself. */

type Inputs = inferRouterInputs<AppRouter>
type Outputs = inferRouterOutputs<AppRouter>
type Rev = { rev: number }
type Accepted = { runId: string; cellIds: string[]; runIds: string[] } & Rev

describe('what goes in', () => {
  test('ids and places', () => {
    expectTypeOf<Inputs['getNotebook']>().toEqualTypeOf<{ id: string }>()
    expectTypeOf<Inputs['insertCell']>().toEqualTypeOf<{
      notebookId: string
      language: Language
      source?: string | undefined
      after?: string | null | undefined
      opId?: string | undefined
    }>()
    type InCell = { notebookId: string; cellId: string; baseVersion: number }
    expectTypeOf<InCell & { source: string }>().toExtend<Inputs['editCell']>()
    expectTypeOf<InCell & { changes: [5, [0, 'typed', 'text'], [3]]; clientId: string }>().toExtend<Inputs['editCell']>()
    expectTypeOf<InCell & { source: string; changes: []; clientId: string }>().not.toExtend<Inputs['editCell']>()
    expectTypeOf<InCell>().not.toExtend<Inputs['editCell']>()
  })

  test('an edit is one of four, never two at once', () => {
    type Edit = Inputs['applyEdits']['edits'][number]
    expectTypeOf<{ cellId: string; source: string; baseVersion: number }>().toExtend<Edit>()
    expectTypeOf<{ insert: { language: 'sql'; source: string; after: null } }>().toExtend<Edit>()
    expectTypeOf<{ delete: string }>().toExtend<Edit>()
    expectTypeOf<{ move: { cellId: string; after: string } }>().toExtend<Edit>()
    expectTypeOf<{ cellId: string }>().not.toExtend<Edit>()
    expectTypeOf<{ insert: { language: 'cobol'; source: string } }>().not.toExtend<Edit>()
  })

  test('every mutation takes an opId, no query does', () => {
    type Mutations = { [K in keyof AppRouter]: AppRouter[K] extends { _def: { type: 'mutation' } } ? K : never }[keyof AppRouter]
    type Queries = { [K in keyof AppRouter]: AppRouter[K] extends { _def: { type: 'query' } } ? K : never }[keyof AppRouter]
    expectTypeOf<'runCell' | 'createNotebook'>().toExtend<Mutations>()
    expectTypeOf<'plan' | 'getNotebook'>().toExtend<Queries>()
    expectTypeOf<NonNullable<Inputs[Mutations & keyof Inputs]>>().toExtend<{ opId?: string | undefined }>()
    expectTypeOf<'opId'>().not.toExtend<keyof NonNullable<Exclude<Inputs[Queries & keyof Inputs], void>>>()
  })
})

describe('what comes out', () => {
  test('notebooks and lists', () => {
    expectTypeOf<Outputs['getNotebook']>().toEqualTypeOf<Notebook>()
    expectTypeOf<Outputs['listNotebooks']>().toEqualTypeOf<NotebookSummary[]>()
    expectTypeOf<Outputs['getOutput']>().toEqualTypeOf<Output>()
    expectTypeOf<Outputs['whoami']>().toEqualTypeOf<{
      userId: string
      name: string
      kind: 'guest' | 'member' | 'agent'
      expiresAt: string
    }>()
  })

  test('every mutation of a notebook answers with its rev', () => {
    // Where somebody is does not change the notebook, nor do somebody's connections, nor what is saved elsewhere.
    type OfConnections = 'addConnection' | 'updateConnection' | 'removeConnection' | 'testConnection'
    type Changing = Exclude<MutationName, 'createNotebook' | 'setPresence' | 'downloadRows' | OfConnections>
    type MutationName = { [K in keyof Outputs]: AppRouter[K] extends { _def: { type: 'mutation' } } ? K : never }[keyof Outputs]
    expectTypeOf<'runCell'>().toExtend<Changing>()
    expectTypeOf<Outputs[Changing]>().toExtend<Rev>()
    expectTypeOf<Outputs['setPresence']>().toEqualTypeOf<{ shown: boolean }>()
    expectTypeOf<Outputs['createNotebook']>().toExtend<{ id: string }>()
    expectTypeOf<Outputs['downloadRows']>().toEqualTypeOf<{ url: string }>()
    expectTypeOf<Outputs[Exclude<OfConnections, 'testConnection'>]>().toEqualTypeOf<{ id: string }>()
    expectTypeOf<Outputs['insertCell']>().toExtend<{ cellId: string } & Rev>()
    expectTypeOf<Outputs['editCell']>().toExtend<{ version: number } & Rev>()
    expectTypeOf<Outputs['applyEdits']>().toExtend<{ cellIds: string[]; runIds: string[] } & Rev>()
    expectTypeOf<Outputs['runCell' | 'runCells' | 'runAll' | 'runStale']>().toExtend<Accepted>()
  })

  test('nothing that comes out of a connection can hold its string', () => {
    type Connection = Outputs['listConnections'][number]
    type Fields = 'id' | 'name' | 'kind' | 'address' | 'readOnly' | 'createdAt' | 'updatedAt' | 'problem'
    expectTypeOf<keyof Connection>().toEqualTypeOf<Fields>()
    expectTypeOf<keyof NonNullable<Connection['address']>>().toEqualTypeOf<'host' | 'port' | 'database' | 'user' | 'sslMode'>()
  })

  test('variables have their cell, and JSON only when it is small', () => {
    type Variable = Outputs['getVariables'][number]
    expectTypeOf<Variable>().toExtend<{ name: string; cellId: string; type: string; preview: string }>()
    expectTypeOf<Variable['json']>().toBeUnknown()
  })

  test('unions are told apart by their kind, in the browser, too', () => {
    const lineOf = (error: CellError): number | undefined => (error.kind === 'syntax' ? error.line : undefined)
    expectTypeOf(lineOf).returns.toEqualTypeOf<number | undefined>()
    expectTypeOf<Extract<CellResult, { kind: 'blocked' }>['culprit']>().toBeString()
    expectTypeOf<Extract<CellResult, { kind: 'ok' }>>().not.toHaveProperty('error')
  })
})

test('a client’s subscription yields tracked events of the notebook', () => {
  const subscribe = (client: TRPCClient<AppRouter>) =>
    client.notebook.subscribe(
      { id: 'demo', lastEventId: null },
      {
        onData: ({ id, data }) => {
          expectTypeOf(id).toEqualTypeOf<string>()
          expectTypeOf(data.type).toEqualTypeOf<NotebookEvent['type']>()
          if (data.type === 'snapshot') expectTypeOf(data.notebook).toEqualTypeOf<Notebook>()
        },
      },
    )
  expectTypeOf(subscribe).returns.toEqualTypeOf<{ unsubscribe(): void }>()
})

test('the browser cannot import the server: its types only, and the notebook’s vocabulary', async () => {
  const root = resolve(import.meta.dirname, '../../web')
  const entry = resolve(root, 'src/entry.ts')
  const bundle = (source: string) => {
    // Resolved from web's own folder, as the app's sources are.
    const fromWeb: Plugin = {
      name: 'from-web',
      resolveId: (id) => (id === 'entry' ? entry : undefined),
      load: (id) => (id === entry ? source : undefined),
    }
    return build({
      ...{ root, configFile: false, logLevel: 'silent', plugins: [fromWeb] },
      build: { write: false, rollupOptions: { input: 'entry' } },
    })
  }
  await expect(bundle("import { appRouter } from '@rivulet/server/api'\nconsole.log(appRouter)")).rejects.toThrow(
    /@rivulet\/server/,
  )
  await expect(bundle("import { startServer } from '@rivulet/server/server'\nconsole.log(startServer)")).rejects.toThrow(
    /@rivulet\/server/,
  )
  const typesOnly = await bundle(
    "import type { AppRouter } from '@rivulet/server/api'\nconsole.log('typed' satisfies keyof AppRouter | string)",
  )
  expect(JSON.stringify(typesOnly)).toContain('typed')
  await expect(
    bundle("import { evolveAll } from '@rivulet/server/notebook/evolve'\nconsole.log(evolveAll)"),
  ).resolves.toBeDefined()
})
