/** What the compiler must refuse: each line below a directive that it does not refuse is itself an error. */

// @ts-expect-error: nothing to show
display()
// @ts-expect-error: one value at a time
display(1, 2)
// @ts-expect-error: no condition
stop()
// @ts-expect-error: numbers
progress('1', 10)
// @ts-expect-error: no total
progress(1)
// @ts-expect-error: it is a signal, not a function
invalidation()
// @ts-expect-error: it belongs to the run
invalidation = new AbortController().signal
// @ts-expect-error: a label is a text
console.time(1)
// @ts-expect-error: cells have no such method
console.profile()
// @ts-expect-error: a tag of a template, not a function of a text
html('<b>bold</b>')
// @ts-expect-error: there is no such input
input.colour({})
// @ts-expect-error: numbers
input.slider({ min: '0' })
// @ts-expect-error: no such option
input.slider({ minimum: 0 })
// @ts-expect-error: only a slider's range has no null
input.slider({ value: null })
// @ts-expect-error: a text
input.text({ value: 1 })
// @ts-expect-error: nothing to choose from
input.select()
// @ts-expect-error: none of the choices, nor a label
input.select([1, 2], { value: 3 })
// @ts-expect-error: a list, as there may be many
input.select([1, 2], { multiple: true, value: 1 })
// @ts-expect-error: true or false
input.checkbox({ value: 'yes' })
// @ts-expect-error: a button has no value to begin with
input.button({ value: 1 })
// @ts-expect-error: a day is a text or a Date
input.date({ value: 20_261_125 })
// @ts-expect-error: rows are objects
input.table([1, 2])
// @ts-expect-error: inputs cannot be set from code
input.slider().value = 1
// @ts-expect-error: other cells read a number, and it may be null
const maybe: number = input.number().value
// @ts-expect-error: a specification is an object
vegaLite('bar')
// @ts-expect-error: a specification is no list
vegaLite([])
// @ts-expect-error: a list of traces
plotly({ y: [1] })
// @ts-expect-error: traces are objects
plotly([1])
// @ts-expect-error: no such mark
Plot.nonsense()
// @ts-expect-error: nothing that a cell could reach
document.title

export { maybe }
