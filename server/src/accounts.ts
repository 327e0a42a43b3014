import type { Database } from '@rivulet/db/client'
import { userTables } from '@rivulet/db/users'
import { createIssuer } from './auth/issuer.ts'
import { loadSecret } from './auth/secret.ts'
import { Trust } from './auth/trust.ts'
import { Users } from './auth/users.ts'
import type { Env } from './env.ts'
import type { Origins } from './http/origins.ts'

/** Who signs in, who is trusted, and who is who. */
export type Accounts = ReturnType<typeof openAccounts>

interface Surroundings {
  db: Database
  origins: Origins
  /** A guest became, or went into, another user: what was theirs is that one's. */
  onMerged: (from: string, to: string) => void
}

export function openAccounts(env: Env, { db, origins, onMerged }: Surroundings) {
  const users = new Users(userTables(db), (from, to) => {
    trust.forget()
    onMerged(from, to)
  })
  const issuer = createIssuer({
    db,
    users,
    secret: loadSecret(env.DATA_DIR, env.AUTH_SECRET),
    isTrustedOrigin: origins.isTrustedOrigin,
    secureCookies: env.PUBLIC_URL?.startsWith('https:') ?? false,
    limits: { guestsPerMinute: env.GUESTS_PER_MINUTE, signInsPerMinute: env.SIGN_INS_PER_MINUTE },
  })
  const trust = new Trust(env.TRUSTED_ISSUERS, () => issuer.api.getJwks(), users)
  return { users, issuer, trust }
}
