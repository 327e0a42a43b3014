import { randomUUID } from 'node:crypto'
import type { IdentityKey, UserTables } from '@rivulet/db/users'

export interface Identity extends IdentityKey {
  name: string
  kind: 'guest' | 'member' | 'agent'
}

/** The project's own users behind the identities that issuers vouch for. */
export class Users {
  private readonly tables: UserTables
  private readonly onMerged: (from: string, to: string) => void

  /** `onMerged` is told when a guest's user has become part of an account's. */
  constructor(tables: UserTables, onMerged: (from: string, to: string) => void) {
    this.tables = tables
    this.onMerged = onMerged
  }

  /** The user id of an identity, made on first sight; many calls at once make one user. */
  idOf(identity: Identity): string {
    return this.tables.find(identity)?.id ?? this.tables.transaction(() => this.tables.find(identity)?.id ?? this.add(identity))
  }

  find(identity: IdentityKey): string | undefined {
    return this.tables.find(identity)?.id
  }

  /** A guest got an account: it is the same person, so everything stays theirs. */
  link(guest: IdentityKey, account: Identity): void {
    const merged = this.tables.transaction(() => {
      const guestUser = this.tables.find(guest)
      const accountUser = this.tables.find(account)
      if (!guestUser) return undefined
      if (!accountUser) {
        this.tables.assign(account, guestUser.id, new Date().toISOString())
        this.tables.update(guestUser.id, { name: account.name, kind: account.kind })
        return undefined
      }
      if (accountUser.id === guestUser.id) return undefined
      this.tables.merge(guestUser.id, accountUser.id)
      return [guestUser.id, accountUser.id] as const
    })
    if (merged) this.onMerged(...merged)
  }

  private add(identity: Identity): string {
    const id = randomUUID()
    const createdAt = new Date().toISOString()
    this.tables.insert({ id, name: identity.name, kind: identity.kind, createdAt })
    this.tables.assign(identity, id, createdAt)
    return id
  }
}
