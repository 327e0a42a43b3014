import { type ReactNode, useEffect } from 'react'
import { Link } from 'wouter'
import { Logo } from '../ui/Logo.tsx'

/** A page that has only this to say; `children`: where one can go from it. */
export function Message({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Rivulet`
  }, [title])
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-4 px-6 text-center">
      <Logo size={36} />
      <h1 className="text-xl font-semibold">{title}</h1>
      <p className="max-w-md text-muted">{text}</p>
      <div className="flex gap-4">{children}</div>
    </main>
  )
}

export function HomeLink() {
  return (
    <Link href="/" className="link self-center">
      All notebooks
    </Link>
  )
}
