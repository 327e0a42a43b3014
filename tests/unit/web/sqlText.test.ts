import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explained } from '../../../web/src/features/cell/sql/explain.ts'
import { formatted } from '../../../web/src/features/cell/sql/format.ts'
import { piecesOf, statementCount } from '../../../web/src/features/cell/sql/pieces.ts'
import { plotOf } from '../../../web/src/features/cell/sql/plot.ts'
import { quoted } from '../../../web/src/features/notebook/schema/nameInto.ts'

const kinds = (text: string) => piecesOf(text).map(({ kind, from, to }) => `${kind} ${text.slice(from, to)}`)

/* biome-ignore-start lint/suspicious/noTemplateCurlyInString: holes of SQL, as people write them */
describe('the pieces of a SQL text', () => {
  it.each([
    ["a 'it''s' b", ['code a ', "string 'it''s'", 'code  b']],
    ["e'\\'' x", ['code e', "string e'\\''".replace('e', ''), 'code  x']],
    ['"a""b" -- c\nd', ['name "a""b"', 'code  ', 'comment -- c\n', 'code d']],
    ['/* a /* b */ c */d', ['comment /* a /* b */ c */', 'code d']],
    ['$$ ; $$;$tag$ $$ $tag$', ['string $$ ; $$', 'code ;', 'string $tag$ $$ $tag$']],
    ['a$b$c', ['code a$b$c']],
    ["${ {a: '}'} } x", ["hole ${ {a: '}'} }", 'code  x']],
    ['${`${"}"}`}', ['hole ${`${"}"}`}']],
    ['${a /* } */ + 1}', ['hole ${a /* } */ + 1}']],
  ])('%s', (text, expected) => {
    expect(kinds(text)).toEqual(expected)
  })

  it('have no gaps, whatever the text is', () => {
    const bits = fc.constantFrom("'", '"', '`', '$', '${', '}', '{', '--', '/*', '*/', '\n', '$$', ';', 'a', ' ', '\\', '//')
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 40 }), (parts) => {
        const text = parts.join('')
        expect(
          piecesOf(text)
            .map(({ from, to }) => text.slice(from, to))
            .join(''),
        ).toBe(text)
      }),
    )
  })

  it('count as statements between semicolons that end one', () => {
    expect(['', ' ; -- a;b\n', 'select 1', "select ';'; ", 'a; b;', '${a};${b}'].map(statementCount)).toEqual([0, 0, 1, 1, 2, 2])
  })
})

describe('asking for a plan', () => {
  it('is of one statement that is none yet', () => {
    expect(explained('select ${x};')).toEqual({ ok: true, text: 'explain\nselect ${x};' })
    expect(explained('select 1; drop table t')).toMatchObject({ ok: false, reason: expect.stringContaining('this cell has 2') })
    expect(explained('-- select\nEXPLAIN select 1')).toMatchObject({ ok: false })
    expect(explained(' -- nothing')).toMatchObject({ ok: false })
  })
})

describe('formatting', () => {
  it('keeps holes, comments, strings and the case of words', () => {
    const answer = formatted(
      'Select A,"b"  from t -- why\nwhere x in (${list( xs )}) /* and */ and y = ${ {a:1}.a } and s = \'a  b\'',
      'duckdb',
    )
    expect(answer).toMatchObject({ ok: true })
    const { text } = answer as { text: string }
    for (const kept of ['Select\n  A,\n', '"b"', '-- why\n', '${list( xs )}', '/* and */', '${ {a:1}.a }', "'a  b'"])
      expect(text).toContain(kept)
    expect(formatted(text, 'duckdb')).toEqual(answer)
  })

  it('takes what is usual on either engine', () => {
    for (const text of [
      'create table t as select * exclude (a) from range(10) r(a)',
      "select a::int, b->>'x', c[1:2] from t group by all qualify row_number() over (partition by a) = 1",
      'with recursive n as (select 1 as i union all select i+1 from n where i < 3) select * from n',
    ])
      expect(formatted(text, 'duckdb'), text).toMatchObject({ ok: true })
    expect(
      formatted("select jsonb_path_query(a, '$.b') ? 'c', d #>> '{e}' from f where g ilike $$h$$", 'postgresql'),
    ).toMatchObject({ ok: true })
  })

  it('changes nothing but white space between words, or refuses', () => {
    const words = fc.constantFrom(
      'select',
      'from',
      'a',
      'b.c',
      ',',
      '(',
      ')',
      "'x  y'",
      '${ z }',
      '-- c\n',
      '/* d */',
      '=',
      '1',
      '"E"',
      ';',
      '->>',
      '::',
      '[',
      ']',
    )
    fc.assert(
      fc.property(fc.array(words, { maxLength: 25 }), (parts) => {
        const text = parts.join(' ')
        const answer = formatted(text, 'duckdb')
        if (answer.ok) expect(answer.text.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
        else expect(answer.reason).toContain('Not formatted')
      }),
    )
  })

  it('refuses what is not closed', () => {
    for (const text of ["select 'a", 'select ${a', 'select /* a', 'select "a'])
      expect(formatted(text, 'duckdb')).toMatchObject({ ok: false })
  })
})
/* biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above */

describe('a chart of a result', () => {
  const column = (name: string, sqlType: string) => ({ name, sqlType })
  it('follows the types of the columns', () => {
    expect(plotOf('r', [column('day', 'DATE'), column('n', 'DOUBLE')])).toContain('Plot.lineY(r, { x: "day", y: "n"')
    expect(plotOf('r', [column('a', 'VARCHAR'), column('n', 'INTEGER')])).toContain('Plot.barY(r, { x: "a", y: "n"')
    expect(plotOf('r', [column('x', 'integer'), column('y', 'real')])).toContain('Plot.dot(r, { x: "x", y: "y"')
    expect(plotOf('r', [column('x', 'double precision')])).toContain('Plot.binX')
    expect(plotOf('r', [column('a', 'text')])).toContain('Plot.groupX')
  })
  it('makes numbers of what is too exact to be one', () => {
    expect(plotOf('r', [column('a', 'text'), column('my sum', 'HUGEINT')])).toContain('Number(row["my sum"])), label: "my sum" }')
    expect(plotOf('r', [column('a', 'text'), column('n', 'DECIMAL(18,3)')])).toContain('row.n === null ? null : Number(row.n)')
  })
  it('takes no interval for a number', () => {
    expect(plotOf('r', [column('a', 'text'), column('i', 'INTERVAL')])).toContain('Plot.groupX')
  })
})

describe('names in statements', () => {
  it('are quoted where the engines need it', () => {
    expect(['orders', 'Orders', 'order', 'a b', 'a"b', '1a', 'é'].map(quoted)).toEqual([
      'orders',
      '"Orders"',
      '"order"',
      '"a b"',
      '"a""b"',
      '"1a"',
      '"é"',
    ])
  })
})
