import { useEffect, useRef } from 'react'

const DELAY_MS = 450
const GAP = 6

function place(tip: HTMLElement, anchor: Element): void {
  const box = anchor.getBoundingClientRect()
  const { width, height } = tip.getBoundingClientRect()
  const left = Math.min(Math.max(GAP, box.left + box.width / 2 - width / 2), window.innerWidth - width - GAP)
  const below = box.bottom + GAP
  tip.style.left = `${left}px`
  tip.style.top = `${below + height > window.innerHeight ? box.top - height - GAP : below}px`
}

function anchorOf(event: Event): Element | null {
  return event.target instanceof Element ? event.target.closest('[data-tip]') : null
}

/** One tooltip for the whole page: shows `data-tip` of what is hovered or reached by Tab; Escape hides it. */
export function Tooltip() {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const tip = ref.current
    if (!tip) return
    let timer = 0
    const hide = () => {
      clearTimeout(timer)
      if (tip.matches(':popover-open')) tip.hidePopover()
    }
    const show = (anchor: Element) => {
      tip.textContent = anchor.getAttribute('data-tip')
      tip.showPopover()
      place(tip, anchor)
    }
    const over = (event: Event) => {
      const anchor = anchorOf(event)
      hide()
      if (anchor) timer = window.setTimeout(() => anchor.isConnected && show(anchor), DELAY_MS)
    }
    const focus = (event: Event) => {
      const anchor = anchorOf(event)
      if (anchor?.matches(':focus-visible')) over(event)
    }
    const key = (event: KeyboardEvent) => event.key === 'Escape' && hide()
    const listeners: [string, (event: never) => void][] = [
      ['pointerover', over],
      ['focusin', focus],
      ['focusout', hide],
      ['pointerdown', hide],
      ['keydown', key],
      ['scroll', hide],
    ]
    for (const [name, listener] of listeners) document.addEventListener(name, listener as EventListener, true)
    return () => {
      clearTimeout(timer)
      for (const [name, listener] of listeners) document.removeEventListener(name, listener as EventListener, true)
    }
  }, [])
  return <div ref={ref} popover="manual" role="tooltip" className="tooltip" />
}
