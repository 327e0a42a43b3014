import { cx } from '../../ui/cx.ts'
import { useHost } from './host.ts'
import { AVAILABLE } from './languageNames.ts'

/** Between two cells it shows on hover and focus; behind the last one it is always there. */
export function InsertBar({ after, always = false }: { after: string | null; always?: boolean }) {
  const { actions, readOnly } = useHost()
  if (readOnly) return null
  return (
    <div className={cx('insert-bar', always && 'insert-bar-always')}>
      <div className="insert-bar-buttons">
        {AVAILABLE.map(({ language, name }) => (
          <button key={language} type="button" className="insert-button" onClick={() => actions.insert(language, after)}>
            {name}
          </button>
        ))}
      </div>
    </div>
  )
}
