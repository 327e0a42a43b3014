import { useEffect } from 'react'
import { type Api, type Clients, useClients } from '../../trpc.ts'
import { Store, useStore } from '../../ui/store.ts'

type Me = Awaited<ReturnType<Api['whoami']['query']>>

const AGAIN_MS = 2_000

/** Who is signed in: asked once a sign-in, and again until there is an answer. */
class WhoAmI {
  readonly me = new Store<Me | undefined>(undefined)
  readonly #api: Api
  #asking = false

  constructor(api: Api) {
    this.#api = api
  }

  /** Answers how to stop asking. */
  ask(): () => void {
    if (this.#asking || this.me.get()) return () => undefined
    this.#asking = true
    let timer: ReturnType<typeof setTimeout> | undefined
    let over = false
    const attempt = () => {
      this.#api.whoami.query().then(
        (me) => this.me.set(me),
        () => {
          if (!over) timer = setTimeout(attempt, AGAIN_MS)
        },
      )
    }
    attempt()
    return () => {
      over = true
      this.#asking = false
      clearTimeout(timer)
    }
  }
}

const known = new WeakMap<Clients, WhoAmI>()

/** `undefined` until the server has said it. */
export function useMe(): Me | undefined {
  const clients = useClients()
  const who = known.get(clients) ?? new WhoAmI(clients.api)
  known.set(clients, who)
  useEffect(() => who.ask(), [who])
  return useStore(who.me)
}
