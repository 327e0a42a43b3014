import { customType } from 'drizzle-orm/sqlite-core'

const MARK = '\u0001json:'

/**
 * Text that comes back equal, whatever it holds. Ordinary text is stored as it is, readable in any tool; text that
 * SQLite would change (NUL ends it in many tools, a lone surrogate is no UTF-8) is stored as JSON behind a mark.
 */
export const exactText = customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  toDriver: encodeText,
  fromDriver: decodeText,
})

export function encodeText(text: string): string {
  const ordinary = !text.includes('\0') && text.isWellFormed() && !text.startsWith(MARK)
  if (ordinary) return text
  // JSON.stringify escapes NUL and, since ES2019, lone surrogates.
  return MARK + JSON.stringify(text)
}

export function decodeText(stored: string): string {
  return stored.startsWith(MARK) ? String(JSON.parse(stored.slice(MARK.length))) : stored
}
