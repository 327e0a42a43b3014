import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { cx } from './cx.ts'

type Variant = 'primary' | 'plain' | 'ghost' | 'danger'

const VARIANTS: Record<Variant, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong border-transparent',
  plain: 'bg-surface text-ink border-line-strong hover:bg-sunken',
  ghost: 'bg-transparent text-muted border-transparent hover:bg-hover hover:text-ink',
  danger: 'bg-transparent text-bad border-line-strong hover:bg-bad-soft',
}

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: Variant
  size?: 'small' | 'medium' | 'large'
  ref?: Ref<HTMLButtonElement>
}

const SIZES = { small: 'h-7 px-2 text-xs gap-1', medium: 'h-8 px-3 text-sm gap-1.5', large: 'h-11 px-5 text-base gap-2' }

export function Button({ variant = 'plain', size = 'medium', className, type = 'button', ...rest }: Props) {
  return (
    <button
      type={type}
      className={cx(
        'inline-flex shrink-0 items-center justify-center rounded-lg border font-medium whitespace-nowrap transition-colors',
        'disabled:pointer-events-none disabled:opacity-50',
        VARIANTS[variant],
        SIZES[size],
        className,
      )}
      {...rest}
    />
  )
}

interface IconButtonProps extends Omit<Props, 'aria-label' | 'children'> {
  label: string
  /** Shown beside the label in the tooltip. */
  keys?: string
  children: ReactNode
}

/** A square button whose name is its tooltip. */
export function IconButton({ label, keys, className, size = 'small', variant = 'ghost', ...rest }: IconButtonProps) {
  return (
    <Button
      variant={variant}
      aria-label={label}
      data-tip={keys ? `${label}  ${keys}` : label}
      className={cx(size === 'small' ? 'size-7' : 'size-8', 'px-0!', className)}
      {...rest}
    />
  )
}
