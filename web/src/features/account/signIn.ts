import { buttonClass } from '../../ui/buttonClass.ts'
import { element } from '../../ui/element.ts'
import { LOGO } from '../../ui/Logo.tsx'
import { attempt, credentialsForm, problemLine } from './credentials.ts'
import { session } from './session.ts'

/** What comes after signing in, in words; absent: the list of notebooks. */
export interface SignInOptions {
  expired: boolean
  destination?: string
}

const CHOICES = [
  { mode: 'choice', label: 'Continue as guest' },
  { mode: 'sign-in', label: 'Sign in with e-mail' },
  { mode: 'sign-up', label: 'Create an account' },
] as const
type Mode = (typeof CHOICES)[number]['mode']

const TITLE = 'Notebooks that follow every change'
const PROMISE = 'Change one cell and everything that depends on it updates, in every tab, for everyone who has it open.'
const EXPIRED = 'Your session has ended. Sign in again: what you had typed is kept in this browser.'

/** The page for who is not signed in, in plain DOM: it is there as soon as a few kilobytes are. */
export function signInPage({ expired, destination }: SignInOptions): HTMLElement {
  document.title = 'Sign in · Rivulet'
  const content = element('div', { className: 'mt-8' })
  const others = element('div', { className: 'mt-8 flex flex-wrap gap-x-5 gap-y-1 border-t border-line pt-5 text-sm' })
  const show = (mode: Mode) => {
    content.replaceChildren(...(mode === 'choice' ? guest(destination) : [credentialsForm(mode)]))
    others.replaceChildren(...CHOICES.filter((choice) => choice.mode !== mode).map((choice) => alternative(choice, choose)))
  }
  const choose = (mode: Mode) => {
    show(mode)
    // The button that was pressed is gone, and the focus with it.
    content.querySelector<HTMLElement>('input, button')?.focus()
  }
  show('choice')
  return element(
    'main',
    { className: 'flex min-h-dvh flex-col items-center justify-center px-5 py-10' },
    element(
      'div',
      { className: 'w-full max-w-sm' },
      element('img', { src: LOGO, width: 40, height: 40, alt: '' }),
      element('h1', { className: 'mt-6 text-3xl font-semibold tracking-tight text-balance' }, TITLE),
      element('p', { className: 'mt-3 text-muted' }, expired ? EXPIRED : PROMISE),
      content,
      others,
    ),
  )
}

function guest(destination: string | undefined): Node[] {
  const arrow = element('span', { className: 'text-lg leading-none' }, '→')
  arrow.setAttribute('aria-hidden', 'true')
  const className = buttonClass('primary', 'large', 'w-full')
  const button = element('button', { type: 'button', className }, 'Continue as guest', arrow)
  const problem = problemLine('mt-2')
  button.addEventListener('click', () => void attempt(button, problem, () => session.continueAsGuest()))
  const next = destination
    ? `No account needed: ${destination} opens next.`
    : 'No account needed; you can save your work with one later.'
  return [button, element('p', { className: 'mt-2 text-sm text-muted' }, next), problem]
}

function alternative({ mode, label }: (typeof CHOICES)[number], choose: (mode: Mode) => void): HTMLButtonElement {
  const className = 'rounded py-1 text-accent underline-offset-4 hover:underline'
  const button = element('button', { type: 'button', className }, label)
  button.addEventListener('click', () => choose(mode))
  return button
}
