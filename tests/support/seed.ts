import fc from 'fast-check'

// The same histories every time, unless somebody asks for others: SEED=… pnpm test. A failing seed becomes a named test.
fc.configureGlobal({ seed: Number(process.env.SEED ?? 20261125) })
