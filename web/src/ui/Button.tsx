import type { ButtonHTMLAttributes, MouseEvent, ReactNode, Ref } from 'react'
import { type ButtonSize, type ButtonVariant, buttonClass } from './buttonClass.ts'
import { cx } from './cx.ts'

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: ButtonVariant
  size?: ButtonSize
  ref?: Ref<HTMLButtonElement>
}

/**
 * One that cannot be pressed now keeps the focus, which browsers take from what is `disabled`: whoever presses Enter once too often
 * would find it in a cell.
 */
export function Button({ variant = 'plain', size = 'medium', className, type = 'button', disabled, onClick, ...rest }: Props) {
  return (
    <button
      type={type}
      className={buttonClass(variant, size, className)}
      aria-disabled={disabled || undefined}
      onClick={disabled ? refuse : onClick}
      {...rest}
    />
  )
}

/** Nor is a form sent. */
const refuse = (event: MouseEvent) => event.preventDefault()

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
