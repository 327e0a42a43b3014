type Watcher = (near: boolean) => void

const MARGIN = '300px'
const watchers = new WeakMap<Element, Watcher>()
let observer: IntersectionObserver | undefined

/** Tells whether an element is on the screen or close to it. One observer for all: each is asked in every frame. */
export function watchNear(element: Element, watcher: Watcher): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) watchers.get(target)?.(isIntersecting)
    },
    { rootMargin: MARGIN },
  )
  watchers.set(element, watcher)
  observer.observe(element)
  return () => {
    watchers.delete(element)
    observer?.unobserve(element)
  }
}
