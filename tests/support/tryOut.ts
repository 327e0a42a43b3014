// Tries a connection out and prints what became of it. A process of its own: whom it trusts is in its environment.
import { parseAddress } from '@rivulet/server/src/connections/address.ts'
import { lookupFor } from '@rivulet/server/src/connections/hosts.ts'
import { tryOut } from '@rivulet/server/src/kernel/sql/postgres/trial.ts'

const trial = await tryOut(
  { address: parseAddress(process.argv[2] ?? ''), lookup: lookupFor('any') },
  { readOnly: true, statementMs: 10_000 },
)
process.stdout.write(JSON.stringify(trial))
