import { buttonClass } from '../../ui/buttonClass.ts'
import { element } from '../../ui/element.ts'
import { session } from './session.ts'

/** `upgrade`: a guest makes an account of the notebooks they have. */
export type CredentialsMode = 'sign-in' | 'sign-up' | 'upgrade'

const LABELS: Record<CredentialsMode, string> = { 'sign-in': 'Sign in', 'sign-up': 'Create account', upgrade: 'Save my work' }

/** One alert, which says nothing until something goes wrong. */
export function problemLine(className: string): HTMLParagraphElement {
  const line = element('p', { className: `${className} text-sm text-bad empty:hidden` })
  line.setAttribute('role', 'alert')
  return line
}

/** Runs `task`, and not twice: only when it failed can the button be pressed again, and the line says what went wrong. */
export async function attempt(button: HTMLButtonElement, problem: HTMLElement, task: () => Promise<void>): Promise<boolean> {
  button.disabled = true
  problem.textContent = ''
  try {
    await task()
    return true
  } catch (error) {
    problem.textContent = error instanceof TypeError ? 'The server cannot be reached.' : (error as Error).message
    button.disabled = false
    return false
  }
}

function field(label: string, properties: Partial<HTMLInputElement>): HTMLLabelElement {
  const input = element('input', { className: 'field font-normal', ...properties })
  return element('label', { className: 'flex flex-col gap-1 text-sm font-medium' }, label, input)
}

async function submit(mode: CredentialsMode, form: FormData): Promise<void> {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const email = text('email')
  const password = String(form.get('password') ?? '')
  if (mode === 'sign-in') await session.signIn(email, password)
  else await session.signUp(text('name') || (email.split('@')[0] ?? email), email, password)
}

/** The form for an e-mail address and a password; before anybody is signed in the page has no React. */
export function credentialsForm(mode: CredentialsMode, onDone?: () => void): HTMLFormElement {
  const problem = problemLine('min-h-5')
  const className = buttonClass(mode === 'upgrade' ? 'primary' : 'plain', 'large')
  const button = element('button', { type: 'submit', className }, LABELS[mode])
  const fields = [
    field('E-mail', { name: 'email', type: 'email', autocomplete: 'email', required: true }),
    field('Password', {
      name: 'password',
      type: 'password',
      minLength: 8,
      autocomplete: mode === 'sign-in' ? 'current-password' : 'new-password',
      required: true,
    }),
  ]
  if (mode !== 'sign-in') fields.unshift(field('Name', { name: 'name', autocomplete: 'name' }))
  const form = element('form', { className: 'flex flex-col gap-3' }, ...fields, problem, button)
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (await attempt(button, problem, () => submit(mode, new FormData(form)))) onDone?.()
  })
  return form
}
