import { cx } from './cx.ts'

export type ButtonVariant = 'primary' | 'plain' | 'ghost' | 'danger'
export type ButtonSize = 'small' | 'medium' | 'large'

const VARIANTS: Record<ButtonVariant, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong border-transparent',
  plain: 'bg-surface text-ink border-line-strong hover:bg-sunken',
  ghost: 'bg-transparent text-muted border-transparent hover:bg-hover hover:text-ink',
  danger: 'bg-transparent text-bad border-line-strong hover:bg-bad-soft',
}

const SIZES: Record<ButtonSize, string> = {
  small: 'h-7 px-2 text-xs gap-1',
  medium: 'h-8 px-3 text-sm gap-1.5',
  large: 'h-11 px-5 text-base gap-2',
}

/** How a button looks, for those that React makes and for those that are there before it. */
export function buttonClass(variant: ButtonVariant, size: ButtonSize, more?: string): string {
  return cx(
    'inline-flex shrink-0 items-center justify-center rounded-lg border font-medium whitespace-nowrap transition-colors',
    'disabled:pointer-events-none disabled:opacity-50 aria-disabled:pointer-events-none aria-disabled:opacity-50',
    VARIANTS[variant],
    SIZES[size],
    more,
  )
}
