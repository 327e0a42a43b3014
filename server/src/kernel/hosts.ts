import { isIP } from 'node:net'

/** Which hosts an owner may let cells reach. */
export type HostPolicy = 'public' | 'any' | 'none'

const INSIDE = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)$/i

/**
 * Why a host (`name` or `name:port`) may not be granted; undefined when it may. `public` refuses addresses and names that
 * do not look public; what a public name resolves to is not looked at.
 */
export function hostRefusal(policy: HostPolicy, host: string): string | undefined {
  if (policy === 'any') return undefined
  if (policy === 'none') return 'This server lets no cell reach the network.'
  const name = host.replace(/:\d+$/, '')
  if (isIP(name) !== 0 || !name.includes('.') || INSIDE.test(name))
    return `This server lets cells reach public names only, not ${host}.`
  return undefined
}
