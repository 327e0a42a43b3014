import { isIP } from 'node:net'
import type { Env } from '../env.ts'

/** Which pages may talk to this server, and under which names it may be called. Compared as parsed values, never as patterns. */
export interface Origins {
  isTrustedOrigin(origin: string, host: string): boolean
  /** Of a page elsewhere that was named in the environment. */
  isListed(origin: string): boolean
  isKnownHost(host: string): boolean
}

export function origins({ HOST, PUBLIC_URL, ALLOWED_ORIGINS }: Pick<Env, 'HOST' | 'PUBLIC_URL' | 'ALLOWED_ORIGINS'>): Origins {
  const listed = new Set([PUBLIC_URL, ...ALLOWED_ORIGINS].flatMap((url) => (url && URL.canParse(url) ? new URL(url).origin : [])))
  const names = new Set(['localhost', HOST, ...[...listed].map((origin) => new URL(origin).hostname)])
  return {
    /** The page comes from this very server, or from a listed origin. */
    isTrustedOrigin(origin, host) {
      if (!URL.canParse(origin)) return false
      return listed.has(new URL(origin).origin) || new URL(origin).host === host
    },
    isListed: (origin) => URL.canParse(origin) && listed.has(new URL(origin).origin),
    /** A name that a stranger's DNS could point here is refused (DNS rebinding); an address cannot be. */
    isKnownHost(host) {
      if (!URL.canParse(`http://${host}`)) return false
      const { hostname, href, host: parsed } = new URL(`http://${host}`)
      // Nothing but a name and a port.
      if (href !== `http://${parsed}/`) return false
      return names.has(hostname) || hostname.endsWith('.localhost') || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
    },
  }
}
