import './app.css'
import { type SessionState, session } from './features/account/session.ts'
import { signInPage } from './features/account/signIn.ts'
import { fetchAhead, fetchCode, loadFor } from './routes/load.ts'
import { buttonClass } from './ui/buttonClass.ts'
import { element } from './ui/element.ts'
import { startTheme } from './ui/theme.ts'

startTheme()
const page = document.getElementById('root') ?? missing()
let takeDown = (): void => undefined

function missing(): never {
  throw new Error('index.html has no #root')
}

function destinationOf(path: string): string | undefined {
  if (path === '/demo') return 'your demo notebook'
  return path.startsWith('/n/') ? 'the notebook' : undefined
}

/** Whoever moves here means to go on: what comes next is on its way before they have signed in. */
function showSignIn({ expired }: { expired: boolean }): void {
  const destination = destinationOf(location.pathname)
  const shown = signInPage({ expired, ...(destination && { destination }) })
  for (const sign of ['pointerover', 'focusin']) shown.addEventListener(sign, () => fetchCode(location.pathname), { once: true })
  page.replaceChildren(shown)
  takeDown = () => shown.remove()
}

/** What was shown before stays until the app is there. */
async function showApp(state: SessionState & { status: 'signed-in' }): Promise<void> {
  const { startApp } = await loadFor(location.pathname)
  if (session.state.get() !== state) return
  takeDown()
  takeDown = startApp(page, state.generation)
}

function showFailure(): void {
  takeDown()
  const text = element('p', {}, 'A part of the page could not be loaded.')
  text.setAttribute('role', 'alert')
  const button = element('button', { type: 'button', className: buttonClass('primary', 'medium') }, 'Try again')
  button.addEventListener('click', () => location.reload())
  const shown = element('main', { className: 'flex min-h-dvh flex-col items-center justify-center gap-4 px-6' }, text, button)
  page.replaceChildren(shown)
  takeDown = () => shown.remove()
}

function show(): void {
  const state = session.state.get()
  if (state.status === 'signed-in') {
    showApp(state).catch(showFailure)
  } else {
    takeDown()
    showSignIn(state)
  }
}

if (session.state.get().status === 'signed-in') fetchAhead(location.pathname)
session.state.subscribe(show)
show()
