import type { Connections } from '../connections/connections.ts'
import type { HostPolicy } from '../kernel/hosts.ts'
import type { Actor } from '../notebook/model.ts'
import type { Downloads } from '../session/downloads.ts'
import type { Pace, Reader } from '../session/follow.ts'
import type { Library } from '../session/library.ts'
import type { RateLimit } from './rateLimit.ts'
import type { Streams } from './streams.ts'

/** Whoever the verified token names. */
export interface User {
  /** The project's own id, not the issuer's. */
  userId: string
  name: string
  kind: 'guest' | 'member' | 'agent'
  expiresAt: string
}

/** One query or mutation, by whom, and what came of it. */
export interface AnsweredCall {
  procedure: string
  /** `OK`, or the error's code. */
  code: string
  seconds: number
  requestId: string
  userId: string | undefined
}

export interface Services {
  library: Library
  rate: RateLimit
  /** Of telling where one is in a notebook. */
  moves: RateLimit
  pace: Pace
  /** Hosts that owners may let their cells reach. */
  hosts: HostPolicy
  connections: Connections
  downloads: Downloads
  /** What somebody may upload, bytes: of one file, of all together, and what there is of them. */
  fileLimits(userId: string): { maxBytes: number; quotaBytes: number; usedBytes: number }
  /** Removes the bytes of files that no notebook has any more. */
  sweepFiles(): void
  /** The server is about to end: it takes no new work. */
  stopping: () => boolean
  /** Subscriptions over HTTP. */
  streams: Streams
  /** Subscriptions over all sockets. */
  subscriptions: Streams
  /** Told of every query and mutation that has been answered. */
  onCall: (call: AnsweredCall) => void
  /** Of trying connections out: each is one from this server to another. */
  trials: RateLimit
}

/** What a procedure knows of its caller; over a WebSocket it lives as long as the socket. */
export interface Context {
  user: User | null
  authProblem?: 'no-token' | 'bad-token' | 'expired-token'
  requestId: string
  via: Actor['via']
  /** Subscriptions this connection may still open; absent over HTTP, where a request is one and the user's are counted. */
  slots?: { free: number }
  /** The transport's reader, for back-pressure; over HTTP the stream itself has it. */
  reader: Reader
  services: Services
}

export type AuthedContext = Context & { user: User }

export const actorOf = ({ user, via }: Pick<AuthedContext, 'user' | 'via'>): Actor => ({
  userId: user.userId,
  name: user.name,
  via,
})
