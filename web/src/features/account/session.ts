import { remembered } from '../../ui/remembered.ts'
import { type Readable, Store } from '../../ui/store.ts'

/** `generation` counts sign-ins: everything that carries an identity is made anew with it. */
export type SessionState = { status: 'signed-out'; expired: boolean } | { status: 'signed-in'; generation: number }

interface Token {
  value: string
  expiresAt: number
}

/** What the issuer's codes mean to a person. */
const SENTENCES: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: 'E-mail or password is wrong.',
  INVALID_EMAIL: 'That is not an e-mail address.',
  USER_ALREADY_EXISTS: 'There is already an account with this e-mail address.',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'There is already an account with this e-mail address.',
  PASSWORD_TOO_SHORT: 'The password is too short: eight characters at least.',
  PASSWORD_TOO_LONG: 'The password is too long.',
}

function sentence(status: number, { code = '', message }: AuthFailure): string {
  if (status === 429) return 'Too many attempts. Wait a minute and try again.'
  return SENTENCES[code] ?? message ?? 'Signing in failed. Try again.'
}

interface AuthFailure {
  code?: string
  message?: string
}

export class AuthError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, failure: AuthFailure) {
    super(sentence(status, failure))
    this.status = status
    this.code = failure.code ?? ''
  }
}

/** What is remembered under it is one person's own, and goes when they sign out. */
export const OWN_PREFIX = 'rivulet:own:'
const HINT = 'rivulet:signed-in'
const RENEW_BEFORE_MS = 30_000
const ALREADY_GUEST = 'ANONYMOUS_USERS_CANNOT_SIGN_IN_AGAIN_ANONYMOUSLY'

async function call(path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`/api/auth${path}`, {
    credentials: 'same-origin',
    ...(body !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  // A proxy's error page is no JSON: the status says enough.
  const answer: unknown = await response.json().catch(() => null)
  if (!response.ok) throw new AuthError(response.status, (answer ?? {}) as AuthFailure)
  return answer
}

/** When the JWT ends, in ms; the signature is the server's business. */
export function expiryOf(jwt: string): number {
  const payload = (jwt.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
  const { exp } = JSON.parse(atob(payload)) as { exp: number }
  return exp * 1000
}

/**
 * Who is signed in. The cookie is the session's and invisible here; a hint in localStorage says whether asking for a
 * token is worth it, and a channel tells the other tabs.
 */
class Session {
  private readonly store = new Store<SessionState>(
    remembered.get(HINT) ? { status: 'signed-in', generation: 1 } : { status: 'signed-out', expired: false },
  )
  private readonly channel = new BroadcastChannel('rivulet:session')
  private generation = 1
  private current: Token | undefined
  private renewal: Promise<string> | undefined

  readonly state: Readable<SessionState> = this.store

  constructor() {
    this.channel.onmessage = (message: MessageEvent<'in' | 'out'>) => (message.data === 'out' ? this.drop(false) : this.begin())
  }

  /** A token good for at least half a minute; rejects with `AuthError` 401 when the session is gone. */
  token(): Promise<string> {
    if (this.current && this.current.expiresAt - RENEW_BEFORE_MS > Date.now()) return Promise.resolve(this.current.value)
    this.renewal ??= this.renew().finally(() => {
      this.renewal = undefined
    })
    return this.renewal
  }

  async continueAsGuest(): Promise<void> {
    try {
      await call('/sign-in/anonymous', {})
    } catch (error) {
      if (!(error instanceof AuthError && error.code === ALREADY_GUEST)) throw error
    }
    this.announce()
  }

  async signIn(email: string, password: string): Promise<void> {
    await call('/sign-in/email', { email, password })
    this.announce()
  }

  /** As a guest this keeps the guest's notebooks: the server links the two. */
  async signUp(name: string, email: string, password: string): Promise<void> {
    await call('/sign-up/email', { name, email, password })
    this.announce()
  }

  async signOut(): Promise<void> {
    await call('/sign-out', {})
    for (const key of remembered.keys(OWN_PREFIX)) remembered.remove(key)
    this.channel.postMessage('out')
    this.drop(false)
  }

  private async renew(): Promise<string> {
    const generation = this.generation
    try {
      const { token } = (await call('/token')) as { token: string }
      if (generation === this.generation) this.current = { value: token, expiresAt: expiryOf(token) }
      return token
    } catch (error) {
      if (error instanceof AuthError && error.status === 401 && generation === this.generation) this.drop(true)
      throw error
    }
  }

  private announce(): void {
    this.channel.postMessage('in')
    this.begin()
  }

  private begin(): void {
    remembered.set(HINT, '1')
    this.current = undefined
    this.renewal = undefined
    this.generation += 1
    this.store.set({ status: 'signed-in', generation: this.generation })
  }

  private drop(expired: boolean): void {
    remembered.remove(HINT)
    this.current = undefined
    if (this.store.get().status === 'signed-in') this.store.set({ status: 'signed-out', expired })
  }
}

export const session = new Session()
