/** Digits that DECIMAL has room for; and those up to which the embedded engine is quick to read one. */
export const MAX_DIGITS = 38
const QUICK_DIGITS = 18
/** The last digit of a quick one. */
const UNIT = `cast('0.${'1'.padStart(QUICK_DIGITS, '0')}' as decimal(${QUICK_DIGITS}, ${QUICK_DIGITS}))`

/** Wide enough for so many digits, and one of two widths only: then a column does not change its type with every row. */
export function widthFor(digits: number): number {
  return digits <= QUICK_DIGITS ? QUICK_DIGITS : MAX_DIGITS
}

/**
 * The expression for a text as DECIMAL(width, scale). Wide ones are put together from parts, since reading one from a text as a whole
 * takes the engine hundreds of times as long.
 */
export function decimalFrom(text: string, { width, scale }: { width: number; scale: number }): string {
  const type = `decimal(${width}, ${scale})`
  if (width <= QUICK_DIGITS || scale > 2 * QUICK_DIGITS) return `cast(${text} as ${type})`
  const parts = [`cast(cast(split_part(${text}, '.', 1) as hugeint) as ${type})`]
  if (scale > 0) parts.push(`cast(${digits(text, 1, Math.min(scale, QUICK_DIGITS))} as ${type})`)
  if (scale > QUICK_DIGITS) parts.push(`cast(${digits(text, QUICK_DIGITS + 1, scale - QUICK_DIGITS)} * ${UNIT} as ${type})`)
  return `cast(${parts.join(' + ')} as ${type})`
}

/** Some of the digits behind the point, as if they were the first, with the sign of the whole. */
function digits(text: string, from: number, count: number): string {
  const sign = `if(starts_with(${text}, '-'), '-0.', '0.')`
  return `cast(${sign} || substring(split_part(${text}, '.', 2), ${from}, ${count}) || '0' as decimal(${QUICK_DIGITS}, ${count}))`
}
