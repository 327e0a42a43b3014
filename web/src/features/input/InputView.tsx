import type { Input } from '@rivulet/server/notebook/inputs'
import { type ReactNode, useId, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { cx } from '../../ui/cx.ts'
import { isNumeric, writeValue } from '../output/table.ts'
import { useSent } from './useSent.ts'

interface Props {
  input: Input
  disabled: boolean
  onChange: (value: unknown) => Promise<unknown>
}

/** What people move, type or press; who reads it follows. */
export default function InputView({ input, disabled, onChange }: Props) {
  switch (input.kind) {
    case 'slider':
      return <Slider input={input} disabled={disabled} onChange={onChange} />
    case 'number':
      return <NumberBox input={input} disabled={disabled} onChange={onChange} />
    case 'text':
      return <TextBox input={input} disabled={disabled} onChange={onChange} />
    case 'select':
      return <Select input={input} disabled={disabled} onChange={onChange} />
    case 'checkbox':
      return <Checkbox input={input} disabled={disabled} onChange={onChange} />
    case 'button':
      return (
        <Button disabled={disabled} onClick={() => void onChange(input.value + 1)}>
          {input.label ?? 'Run'}
        </Button>
      )
    case 'date':
      return <DateBox input={input} disabled={disabled} onChange={onChange} />
    case 'table':
      return <RowPicker input={input} disabled={disabled} onChange={onChange} />
  }
}

type Of<K extends Input['kind']> = Omit<Props, 'input'> & { input: Extract<Input, { kind: K }> }

function Field({ label, children }: { label: string | undefined; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className="input-field">
      {label !== undefined && <label htmlFor={id}>{label}</label>}
      {children(id)}
    </div>
  )
}

/** Without a label of its own an input is named by what it is. */
const nameOf = (input: Input) => (input.label === undefined ? `${input.kind} input` : undefined)

function Slider({ input, disabled, onChange }: Of<'slider'>) {
  const [value, change] = useSent(input.value, onChange)
  const { min, max, step } = input
  return (
    <Field label={input.label}>
      {(id) => (
        <>
          <input
            id={id}
            type="range"
            {...{ min, max, step, value, disabled }}
            aria-label={nameOf(input)}
            onChange={(event) => change(event.target.valueAsNumber)}
          />
          <output htmlFor={id} className="input-readout" style={{ minWidth: `${widest(input)}ch` }}>
            {writeValue(value)}
          </output>
        </>
      )}
    </Field>
  )
}

/** Room for the longest value, so that nothing moves while the slider does. */
const widest = ({ min, max, step }: { min: number; max: number; step: number }) =>
  Math.max(...[min, max, min + step].map((value) => writeValue(value).length))

function NumberBox({ input, disabled, onChange }: Of<'number'>) {
  const [value, change] = useSent(input.value, onChange)
  const { min, max, step = 'any' } = input
  // What does not fit yet stays in the box, and out of the notebook.
  const [typed, setTyped] = useState<string>()
  const fits = (next: number) => Number.isFinite(next) && next >= (min ?? next) && next <= (max ?? next)
  return (
    <Field label={input.label}>
      {(id) => (
        <input
          id={id}
          type="number"
          className="input-box"
          {...{ min, max, step, disabled }}
          value={typed ?? value ?? ''}
          aria-label={nameOf(input)}
          onBlur={() => setTyped(undefined)}
          onChange={({ target }) => {
            setTyped(target.value)
            if (target.value === '' && target.validity.valid) change(null)
            else if (fits(target.valueAsNumber)) change(target.valueAsNumber)
          }}
        />
      )}
    </Field>
  )
}

function TextBox({ input, disabled, onChange }: Of<'text'>) {
  const [value, change] = useSent(input.value, onChange)
  const Box = input.multiline ? 'textarea' : 'input'
  return (
    <Field label={input.label}>
      {(id) => (
        <Box
          id={id}
          className="input-box input-text"
          {...{ value, disabled, placeholder: input.placeholder }}
          aria-label={nameOf(input)}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  )
}

function Select({ input, disabled, onChange }: Of<'select'>) {
  const [value, change] = useSent(input.value, onChange)
  const { options, multiple = false } = input
  const shown = Array.isArray(value) ? value.map(String) : value === null ? '' : String(value)
  return (
    <Field label={input.label}>
      {(id) => (
        <select
          id={id}
          className="input-box"
          {...{ multiple, disabled }}
          value={shown}
          aria-label={nameOf(input)}
          onChange={({ target }) => {
            const chosen = [...target.selectedOptions].map((option) => Number(option.value))
            change(multiple ? chosen : (chosen[0] ?? null))
          }}
        >
          {options.map((label, index) => (
            <option key={index} value={index}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

function Checkbox({ input, disabled, onChange }: Of<'checkbox'>) {
  const [value, change] = useSent(input.value, onChange)
  return (
    <label className="input-field">
      <input
        type="checkbox"
        checked={value}
        disabled={disabled}
        aria-label={nameOf(input)}
        onChange={(event) => change(event.target.checked)}
      />
      {input.label}
    </label>
  )
}

function DateBox({ input, disabled, onChange }: Of<'date'>) {
  const [value, change] = useSent(input.value, onChange)
  return (
    <Field label={input.label}>
      {(id) => (
        <input
          id={id}
          type="date"
          className="input-box"
          {...{ min: input.min, max: input.max, disabled }}
          value={value ?? ''}
          aria-label={nameOf(input)}
          onChange={(event) => change(event.target.value || null)}
        />
      )}
    </Field>
  )
}

function RowPicker({ input, disabled, onChange }: Of<'table'>) {
  const [value, change] = useSent(input.value, onChange)
  const chosen = new Set(value)
  const numeric = input.columns.map((_, column) => isNumeric(input.rows, column, undefined))
  const toggle = (row: number) =>
    change(chosen.has(row) ? value.filter((each) => each !== row) : [...value, row].sort((a, b) => a - b))
  return (
    <div className="table-box">
      <div className="table-bar">
        {input.label && <span>{input.label}</span>}
        <span className="tabular-nums">
          {value.length} of {input.rows.length} chosen
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <section className="table-scroll input-rows" aria-label={input.label ?? 'Choose rows'} tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">
                <span className="sr-only">Chosen</span>
              </th>
              {input.columns.map(({ name }, column) => (
                <th key={name} scope="col" className={cx(numeric[column] && 'table-number')}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {input.rows.map((row, index) => (
              <tr key={index}>
                <td>
                  <input
                    type="checkbox"
                    checked={chosen.has(index)}
                    disabled={disabled}
                    aria-label={`Choose row ${index + 1}`}
                    onChange={() => toggle(index)}
                  />
                </td>
                {row.map((cell, column) => (
                  <td key={column} className={cx(numeric[column] && 'table-number')}>
                    {writeValue(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  )
}
