/** What cells may write: this must compile. What it would do is the business of other tests. */

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type ReadOf<T> = Rivulet.CellValue<T>
const is = <T extends true>(..._: T[]): void => undefined

display(1)
display({ any: ['value'] })
stop(false)
stop(Math.random() > 2, 'because')
progress(1, 10)
progress(1, 10, 'rows')
invalidation.addEventListener('abort', () => console.log('again'))
is<Same<typeof invalidation.aborted, boolean>>()

console.log('a', 1, { b: 2 })
console.table([{ a: 1 }])
console.group('part')
console.groupEnd()
console.time()
console.timeEnd('label')
console.count()
console.assert(1 < 2, 'sure')

const inline: string = `${html`<b>${1}</b>`}`
display([html`<p>${'a'}</p>`, svg`<circle r="${2}"/>`, md`**${inline}**`])

const year = input.slider({ min: 2_000, max: 2_026, step: 1, value: 2_010, label: 'Year' })
const price = input.number({ min: 0, value: null })
const name = input.text({ placeholder: 'Name', multiline: true })
const city = input.select(['Bern', 'Wien'], { value: 'Wien', label: 'City' })
const level = input.select({ low: 1, high: 2 }, { value: 'high' })
const unit = input.select(new Map([['metre', 1]]), 'Unit')
const many = input.select([1, 2, 3], { multiple: true, value: [1] })
const sure = input.checkbox({ value: true })
const pressed = input.button('Go')
const day = input.date({ value: '2026-11-25', min: new Date(0) })
const rows = input.table([{ id: 1, name: 'a' }], { label: 'Rows' })
const labelled = [input.slider('Year'), input.number('Price'), input.text('Name'), input.checkbox('Sure'), input.date('Day')]

// In its own cell an input computes as its value does.
const next: number = +year + 1
const text: string = name.value.toUpperCase()

is<Same<ReadOf<typeof year>, number>>()
is<Same<ReadOf<typeof price>, number | null>>()
is<Same<ReadOf<typeof name>, string>>()
is<Same<ReadOf<typeof city>, 'Bern' | 'Wien' | null>>()
is<Same<ReadOf<typeof level>, 1 | 2 | null>>()
is<Same<ReadOf<typeof unit>, number | null>>()
is<Same<ReadOf<typeof many>, (1 | 2 | 3)[]>>()
is<Same<ReadOf<typeof sure>, boolean>>()
is<Same<ReadOf<typeof pressed>, number>>()
is<Same<ReadOf<typeof day>, Date | null>>()
is<Same<ReadOf<typeof rows>, { id: number; name: string }[]>>()

const form = { year, nested: { sure }, list: [price], fixed: 5, when: new Date() }
is<Same<ReadOf<typeof form>, { year: number; nested: { sure: boolean }; list: (number | null)[]; fixed: number; when: Date }>>()
is<Same<ReadOf<Map<string, number>>, Map<string, number>>>()

vegaLite({ data: { values: [{ a: 1 }] }, mark: 'bar', encoding: { x: { field: 'a', type: 'quantitative' } } })
interface Trace {
  type: 'bar'
  y: number[]
}
const trace: Trace = { type: 'bar', y: [1, 2] }
plotly([trace, { type: 'scatter', x: [1], y: [2] }], { title: 'Title' }, { displayModeBar: false })

display(Plot.plot({ marks: [Plot.dot([{ x: 1, y: 2 }], { x: 'x', y: 'y' })] }))

export { labelled, next, text }
