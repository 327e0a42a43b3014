import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import type { Chance } from '../random.ts'
import type { FuzzOptions } from './fuzzSocket.ts'
import type { Call } from './messages.ts'
import { deepJson, garbled, mutated, noise } from './mutate.ts'

const LANES = 6
const AUTH_PATHS = ['sign-in/email', 'sign-up/email', 'token', 'get-session', 'sign-out', 'update-user', 'jwks', 'x']
const TYPES = ['application/json', 'application/json; charset=latin1', 'text/plain', 'multipart/form-data', 'x', '']

/** Sends so many HTTP requests with bodies and addresses that are right and wrong. */
export async function fuzzHttp(count: number, options: FuzzOptions): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: LANES })
  let left = count
  const lane = async () => {
    while (left > 0) {
      left -= 1
      if (options.chance.chance(0.02)) await rawRequest(options)
      else await oneRequest(agent, options)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  agent.destroy()
}

interface Shaped {
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer
}

async function oneRequest(agent: Agent, { url, token, calls, chance, answers }: FuzzOptions): Promise<void> {
  const call = chance.oneOf(calls.filter(({ type }) => type !== 'subscription'))
  const shaped = chance.chance(0.05) ? authRequest(chance) : apiRequest(call, chance)
  const headers = { authorization: `Bearer ${token}`, 'content-length': String(shaped.body.length), ...shaped.headers }
  const text = await new Promise<string>((resolve) => {
    const asked = request(`${url}${shaped.path}`, { agent, method: shaped.method, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('close', () => resolve(Buffer.concat(parts).toString()))
    })
    // Refused before it was read to the end, as what is too large is.
    asked.on('error', () => resolve(''))
    asked.end(shaped.body)
  })
  answers.take(text, () => `${shaped.method} ${shaped.path} ${shaped.body.toString('latin1').slice(0, 500)}`)
}

function apiRequest({ type, path, input = {} }: Call, chance: Chance): Shaped {
  const dice = chance.next()
  const value = dice < 0.15 ? input : mutated(input, chance)
  const text = Buffer.from(JSON.stringify(value) ?? '')
  const body = dice < 0.6 ? text : dice < 0.9 ? garbled(text, chance) : oddBody(chance)
  const headers = { 'content-type': chance.chance(0.9) ? 'application/json' : chance.oneOf(TYPES) }
  const at = `/trpc/${chance.chance(0.95) ? path : chance.oneOf([`${path},whoami`, '', ',', '%', `${path}/../x`, 'x'.repeat(3_000)])}`
  if (type === 'query' && chance.chance(0.7)) {
    const asked = `${at}?input=${encodeURIComponent(body.subarray(0, 4_000).toString('latin1'))}${chance.chance(0.1) ? '&batch=1' : ''}`
    return { method: 'GET', path: asked, headers, body: Buffer.alloc(0) }
  }
  return { method: chance.chance(0.97) ? 'POST' : chance.oneOf(['PUT', 'DELETE', 'GET', 'OPTIONS']), path: at, headers, body }
}

function authRequest(chance: Chance): Shaped {
  const input = { email: 'a@example.org', password: 'long enough', name: 'A' }
  const body = garbled(Buffer.from(JSON.stringify(mutated(input, chance)) ?? ''), chance)
  const path = `/api/auth/${chance.oneOf(AUTH_PATHS)}`
  return { method: chance.oneOf(['POST', 'GET']), path, headers: { 'content-type': chance.oneOf(TYPES) }, body }
}

function oddBody(chance: Chance): Buffer {
  const dice = chance.below(100)
  if (dice === 0) return Buffer.alloc(1_100_000, '[')
  if (dice < 4) return Buffer.from(deepJson(10_000))
  return noise(chance.below(600), chance)
}

/** What is hardly HTTP at all. The server answers or hangs up; it does not wait for ever. */
async function rawRequest({ url, chance, answers }: FuzzOptions): Promise<void> {
  const head = Buffer.from(
    `POST /trpc/whoami HTTP/1.1\r\nHost: ${new URL(url).host}\r\nContent-Length: 5\r\nConnection: close\r\n\r\n{"a":`,
  )
  const odd = [
    'Transfer-Encoding: chunked',
    'Content-Length: -1',
    'Content-Length: 9, 7',
    'Host: a\r\nHost: b',
    'Expect: x',
    ': x',
    '\0',
  ]
  const bytes = chance.chance(0.5)
    ? garbled(head, chance)
    : Buffer.from(head.toString('latin1').replace('Content-Length: 5', chance.oneOf(odd)), 'latin1')
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  const parts: Buffer[] = []
  socket.on('data', (part: Buffer) => parts.push(part))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  // No more comes: what is not complete by then never is.
  socket.end(bytes)
  await closed
  answers.take(Buffer.concat(parts).toString('latin1'), () => bytes.toString('latin1'))
}
