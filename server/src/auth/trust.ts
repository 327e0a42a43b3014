import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import type { TrustedIssuer } from '../env.ts'
import type { User } from '../trpc/context.ts'
import { BUILT_IN } from './issuer.ts'
import type { Identity, Users } from './users.ts'

export type Verified = { ok: true; user: User } | { ok: false; reason: 'no-token' | 'bad-token' | 'expired-token' }

interface Issuer {
  issuer: string
  audience: string
  algorithms: readonly string[]
  keys: JWTVerifyGetKey
}

/** Tokens verified once are remembered until they expire: a signature costs more than a small run. */
const REMEMBERED = 2_000
/** A time-out, or an answer that was no key set. */
const UNREACHABLE: ReadonlySet<string> = new Set([errors.JWKSTimeout.code, errors.JOSEError.code])
/** Clocks of other issuers may be this many seconds off. */
const TOLERANCE_S = 5

/**
 * Who a token names, when an issuer of the list signed it for us and it has not expired.
 * Source: RFC 7519 and RFC 8725 (algorithms by issuer, audience required).
 */
export class Trust {
  private readonly issuers: ReadonlyMap<string, Issuer>
  private readonly users: Users
  private readonly remembered = new Map<string, User>()

  /** `builtInKeys` reads the built-in issuer's public keys, without asking ourselves over HTTP. */
  constructor(trusted: readonly TrustedIssuer[], builtInKeys: () => Promise<JSONWebKeySet>, users: Users) {
    const remote = trusted.map((entry) => ({ ...entry, keys: createRemoteJWKSet(new URL(entry.jwksUrl)) }))
    const all: Issuer[] = [...remote, { ...BUILT_IN, keys: refreshing(builtInKeys) }]
    this.issuers = new Map(all.map((entry) => [entry.issuer, entry]))
    this.users = users
  }

  async verify(token: string | undefined): Promise<Verified> {
    if (!token) return { ok: false, reason: 'no-token' }
    const known = this.remembered.get(token)
    if (known) {
      if (Date.parse(known.expiresAt) > Date.now()) return { ok: true, user: known }
      this.remembered.delete(token)
      return { ok: false, reason: 'expired-token' }
    }
    try {
      const user = await this.check(token)
      this.remember(token, user)
      return { ok: true, user }
    } catch (error) {
      // Whatever is wrong with it, the caller learns no more than that: a token is good or it is not.
      if (error instanceof errors.JWTExpired) return { ok: false, reason: 'expired-token' }
      if (error instanceof errors.JOSEError && !UNREACHABLE.has(error.code)) return { ok: false, reason: 'bad-token' }
      // Not the token's fault: the issuer's keys cannot be had, or the database is in trouble.
      throw error
    }
  }

  /** A merged user's tokens name another user now. */
  forget(): void {
    this.remembered.clear()
  }

  private async check(token: string): Promise<User> {
    const issuer = this.issuers.get(decodeJwt(token).iss ?? '')
    if (!issuer) throw new errors.JWTClaimValidationFailed('unknown issuer', {}, 'iss')
    const { issuer: iss, audience, algorithms, keys } = issuer
    const options = {
      issuer: iss,
      audience,
      algorithms: [...algorithms],
      clockTolerance: TOLERANCE_S,
      requiredClaims: ['sub', 'exp'],
    }
    const { payload } = await jwtVerify(token, keys, options)
    if (typeof payload.sub !== 'string') throw new errors.JWTClaimValidationFailed('no subject', payload, 'sub')
    const identity = identityOf(iss, payload.sub, payload)
    const expiresAt = new Date((payload.exp ?? 0) * 1000).toISOString()
    return { userId: this.users.idOf(identity), name: identity.name, kind: identity.kind, expiresAt }
  }

  private remember(token: string, user: User): void {
    const oldest = this.remembered.size >= REMEMBERED ? this.remembered.keys().next().value : undefined
    if (oldest !== undefined) this.remembered.delete(oldest)
    this.remembered.set(token, user)
  }
}

function identityOf(iss: string, sub: string, payload: JWTPayload): Identity {
  const name = typeof payload.name === 'string' && payload.name !== '' ? payload.name.slice(0, 200) : 'Somebody'
  const kind = payload.kind === 'guest' || payload.kind === 'agent' ? payload.kind : 'member'
  return { iss, sub, name, kind }
}

/** Keys from a local source; read again when a token names one that is not known yet. */
function refreshing(read: () => Promise<JSONWebKeySet>): JWTVerifyGetKey {
  let keys: JWTVerifyGetKey | undefined
  const refresh = async () => {
    keys = createLocalJWKSet(await read())
    return keys
  }
  return async (header, token) => {
    try {
      return await (keys ?? (await refresh()))(header, token)
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return (await refresh())(header, token)
      throw error
    }
  }
}
