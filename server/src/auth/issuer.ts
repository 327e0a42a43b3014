import { authAccount, authJwks, authSession, authUser, authVerification } from '@rivulet/db/authSchema'
import type { Database } from '@rivulet/db/client'
import { betterAuth } from 'better-auth'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { anonymous, bearer, jwt } from 'better-auth/plugins'
import type { Users } from './users.ts'

/** `iss` and `aud` of the built-in issuer's tokens. */
export const BUILT_IN = { issuer: 'rivulet', audience: 'rivulet', algorithms: ['EdDSA'] } as const

/** The header in which the server tells the issuer whose connection it is; what a client sends under this name is dropped. */
export const IP_HEADER = 'x-rivulet-ip'

export interface IssuerOptions {
  db: Database
  users: Users
  secret: string
  isTrustedOrigin: (origin: string, host: string) => boolean
  secureCookies: boolean
  limits: { guestsPerMinute: number; signInsPerMinute: number }
}

/** better-auth, as an issuer only: guests, e-mail with password, tokens of five minutes. Nothing else of the server knows it. */
export function createIssuer({ db, users, secret, isTrustedOrigin, secureCookies, limits }: IssuerOptions) {
  const minute = (max: number) => ({ window: 60, max })
  return betterAuth({
    secret,
    basePath: '/api/auth',
    telemetry: { enabled: false },
    logger: { level: 'error' },
    database: drizzleAdapter(db, {
      provider: 'sqlite',
      schema: { user: authUser, session: authSession, account: authAccount, verification: authVerification, jwks: authJwks },
    }),
    trustedOrigins: (request) => {
      const origin = request?.headers.get('origin') ?? ''
      return isTrustedOrigin(origin, request?.headers.get('host') ?? '') ? [origin] : []
    },
    emailAndPassword: { enabled: true, minPasswordLength: 8 },
    rateLimit: {
      enabled: true,
      ...minute(1_000),
      storage: 'memory',
      customRules: {
        '/sign-in/anonymous': minute(limits.guestsPerMinute),
        '/sign-in/email': minute(limits.signInsPerMinute),
        '/sign-up/email': minute(limits.signInsPerMinute),
      },
    },
    advanced: { useSecureCookies: secureCookies, ipAddress: { ipAddressHeaders: [IP_HEADER] }, cookiePrefix: 'rivulet' },
    plugins: [
      anonymous({
        generateName: () => 'Guest',
        onLinkAccount: ({ anonymousUser, newUser }) => {
          const account = { iss: BUILT_IN.issuer, sub: newUser.user.id, name: newUser.user.name, kind: 'member' as const }
          users.link({ iss: BUILT_IN.issuer, sub: anonymousUser.user.id }, account)
        },
      }),
      bearer(),
      jwt({
        jwks: { keyPairConfig: { alg: 'EdDSA' } },
        jwt: {
          issuer: BUILT_IN.issuer,
          audience: BUILT_IN.audience,
          expirationTime: '5m',
          definePayload: ({ user }) => ({ name: user.name, kind: user.isAnonymous ? 'guest' : 'member' }),
        },
      }),
    ],
  })
}

export type BuiltInIssuer = ReturnType<typeof createIssuer>
