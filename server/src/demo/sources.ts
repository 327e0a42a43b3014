import type { Language } from '../notebook/model.ts'

/** The demo notebook's code. Its outputs are in `demo.json`, made by `pnpm demo:record` in a real kernel. */
export const DEMO_TITLE = 'Demo notebook'

export const DEMO_SOURCES: readonly { language: Language; source: string }[] = [
  {
    language: 'typescript',
    source: `// Change this number and press Shift+Enter: every cell that uses it follows.
const warmFrom = 20 // °C`,
  },
  {
    language: 'markdown',
    source: `# A notebook that keeps up

What you see is always what the code says. A cell **defines** names and **uses** names of other cells, in any order on the page.
Right now **\${warm.length}** of \${weather.length} months are at least **\${warmFrom} °C** warm; the warmest is
*\${warmest.month} in \${warmest.city}* with \${warmest.celsius} °C.`,
  },
  {
    language: 'typescript',
    source: `// Monthly mean temperatures, rounded.
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const means: Record<string, number[]> = {
  Lisbon: [11, 12, 14, 15, 18, 21, 23, 24, 22, 18, 14, 12],
  Oslo: [-4, -4, 0, 5, 11, 15, 17, 16, 11, 6, 1, -3],
  Athens: [10, 10, 12, 16, 21, 26, 29, 29, 24, 19, 15, 11],
}
const weather = Object.entries(means).flatMap(([city, values]) =>
  values.map((celsius, index) => ({ city, month: months[index]!, celsius })),
)`,
  },
  {
    language: 'typescript',
    source: `const warm = weather.filter((row) => row.celsius >= warmFrom)
const warmest = weather.reduce((a, b) => (b.celsius > a.celsius ? b : a))
warm`,
  },
  {
    language: 'typescript',
    source: `Plot.plot({
  width: 640,
  height: 260,
  x: { domain: months, label: null },
  y: { grid: true, label: '°C' },
  color: { legend: true },
  marks: [
    Plot.lineY(weather, { x: 'month', y: 'celsius', stroke: 'city', curve: 'monotone-x' }),
    Plot.dot(warm, { x: 'month', y: 'celsius', fill: 'city' }),
    Plot.ruleY([warmFrom], { strokeDasharray: '4 3' }),
  ],
})`,
  },
  {
    language: 'sql',
    source: `-- SQL asks the same values: lists of rows are tables, and \${…} is a parameter.
select city, round(avg(celsius), 1) as mean, count(*) filter (celsius >= \${warmFrom}) as warm_months
from weather
group by city
order by mean desc`,
  },
  {
    language: 'typescript',
    source: `const species = input.select(['Adelie', 'Chinstrap', 'Gentoo'], { label: 'Penguins of the species' })`,
  },
  {
    language: 'sql',
    source: `-- Files are tables, too: penguins.csv is one of this notebook. Choose another species above.
select island, count(*) as penguins, round(avg(body_mass_g)) as grams, round(avg(flipper_length_mm), 1) as flipper_mm
from penguins
where species = \${species}
group by island
order by penguins desc`,
  },
  {
    language: 'markdown',
    source: `## Try this

- Delete the cell that defines \`warm\` and see who complains, then press **Z** to bring it back.
- Write \`const warmFrom = 5\` in a new cell: a name has one owner, and both cells say so.
- Drop a CSV file of yours on this page, and read it in a SQL cell.
- Open this page in a second tab. Limits you set there (now \${warmFrom} °C) show up here.`,
  },
]
