import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Servers that people may connect to: public addresses, any, none, or those of a list (`name` or `name:port`). */
export type SqlHosts = 'public' | 'any' | 'none' | readonly string[]

/** The message is for the user. */
export class HostRefused extends Error {
  override readonly name = 'HostRefused'
}

const INSIDE = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  INSIDE.addSubnet(network, prefix, 'ipv4')

/** Of IPv6 what is routed at all is 2000::/3; these in it lead elsewhere. */
const GLOBAL = new BlockList()
GLOBAL.addSubnet('2000::', 3, 'ipv6')
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  INSIDE.addSubnet(network, prefix, 'ipv6')

/** Whether an address is reached over the open internet. An IPv4 address within an IPv6 one is none of those. */
export function isPublic(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  if (family === 4) return !INSIDE.check(address, 'ipv4')
  return GLOBAL.check(address, 'ipv6') && !INSIDE.check(address, 'ipv6')
}

/** Why a server may not be connected to, as far as its name tells; undefined when it may. */
export function hostProblem(policy: SqlHosts, { host, port }: { host: string; port: number }): string | undefined {
  if (policy === 'any') return undefined
  if (policy === 'none') return 'This server lets nobody connect to databases.'
  if (policy === 'public')
    return isIP(host) === 0 || isPublic(host)
      ? undefined
      : `This server lets people connect to public addresses only, not to ${host}.`
  const listed = policy.some((entry) => [host, `${host}:${port}`, `[${host}]:${port}`].includes(entry.toLowerCase()))
  return listed ? undefined : `This server does not let people connect to ${host}:${port}.`
}

/**
 * Looks names up as the policy wants it: what a name leads to is looked at in the moment of connecting, so that it cannot lead
 * elsewhere afterwards.
 */
export function lookupFor(policy: SqlHosts, lookup = dnsLookup): LookupFunction {
  if (policy !== 'public') return lookup
  return (host, options, callback) => {
    const all: LookupOptions & { all: true } = { ...options, all: true }
    lookup(host, all, (error, addresses) => {
      if (error) return callback(error, '', 0)
      const allowed = addresses.filter(({ address }) => isPublic(address))
      const [first] = allowed
      if (!first)
        return callback(new HostRefused(`This server lets people connect to public addresses only, not to ${host}.`), '')
      return options.all ? callback(null, allowed satisfies LookupAddress[]) : callback(null, first.address, first.family)
    })
  }
}
