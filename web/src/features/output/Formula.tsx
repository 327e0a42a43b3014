import { useEffect, useRef } from 'react'
import { renderTex } from './katex.ts'

export default function Formula({ tex }: { tex: string }) {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (ref.current) renderTex(tex, ref.current, true)
  }, [tex])
  return <div ref={ref} className="overflow-x-auto" />
}
