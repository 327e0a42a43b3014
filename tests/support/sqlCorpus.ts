/** Queries that at least one of the engines' own parsers takes; what they read is asked of it. */
export const QUERIES = String.raw`
select 1
select * from a
select * from a;
select * from A, b as x, c y
select * from a x(p, q), b
select * from s.a, t.s.b
select * from "a", "A b", "x""y", "s"."t"
select * from a join b on a.i = b.i
select * from a left outer join b using (i) right join c using (i) full join d on true
select * from a cross join b natural join c
select * from (a join b using (i)) join c using (i)
select * from ((a join b using (i)) join c using (i)), d
select * from (select * from a) x
select * from (select * from a) x, (select * from b where i in (select i from c)) y
select * from ((select * from a) union (select * from b)) x
((select * from a) union all select * from b) order by 1
(select * from a) except (select * from b) intersect select * from c
select * from a union all select * from b union select * from c order by 1 limit 3 offset 2
select (select max(i) from b) from a
select * from a where exists (select from b)
select * from a where i in (select i from b) and not exists (select 1 from c where c.i = a.i)
select * from a where i = any (select i from b) or i > all (select i from c)
select array(select i from a)
select case when exists (select 1 from a) then 1 else (select 2 from b) end
select a.i, count(*) filter (where a.j > 1) over (partition by a.k order by a.l) from a
select sum(i) over w from a window w as (partition by j), w2 as (order by k)
select * from a tablesample bernoulli (10), b
select * from a where i is distinct from j
select * from a where i is not distinct from j and k
select i is distinct from j from a
select extract(year from d) from a
select extract(year from d), trim(both 'x' from t), substring(t from 2 for 3), overlay(t placing 'x' from 2 for 1) from a
select trim(from t) from a
select position('x' in t) from a
select i as "from", j as "select" from a
select "from".x from "from"
select t.from from a t
select t.select, t.join from a t
select i as from from a
select * from range(10)
select * from generate_series(1, 10) g, a
select * from a, lateral (select * from b where b.i = a.i) l
select * from a cross join lateral unnest(a.xs) u(x)
select * from a left join lateral (select 1 from b) l on true, c
select * from unnest(array[1, 2]) with ordinality as t(i, n), a
select * from rows from (generate_series(1, 2), unnest(array[1])) as t, b
with x as (select * from a) select * from x
with x as (select * from a), y as (select * from x) select * from x, y, b
with x(i, j) as (select * from a) select * from x
with x as materialized (select * from a) select * from x
with x as not materialized (select * from a) select * from x
with a as (select * from a) select * from a
with x as (select 1), X2 as (select * from X) select * from x, x2, b
with x as (select 1) select * from s.x, x
with x as (with x as (select * from a) select * from x) select * from x
with x as (with y as (select * from a) select * from y) select * from x, y
select * from (with x as (select * from a) select * from x) z, x
with recursive r as (select 1 i union all select i + 1 from r, a where i < 5) select * from r
with recursive r(i) as (select i from a union select r.i from r join b using (i)) select * from r join c using (i)
with x as (select 1) (select * from x) union (select * from a)
with x as (values (1)) select * from x, a
with x as (select 1) table x
table a
values (1, (select max(i) from a)), (2, 3)
select * from (values (1, 2), (3, 4)) v(i, j), a
select * from a where (i, j) in (select i, j from b)
select * from a where i between (select 1 from b) and (select 2 from c)
select * from a order by (select 1 from b) limit (select 1 from c)
select * from a group by grouping sets ((i), (j)), rollup (k) having count(*) > (select 1 from b)
select * from a for update
select distinct on (i) i, j from a order by i, j desc
select distinct i from a
select 'select * from b' from a
select '; select * from b' as "; select * from c" from a -- from d
select /* from b /* from c */ from d */ i from a
select $$ from b $$, $x$ from c $$ $x$ from a
select E'it\'s from b' from a
select 'it''s from b' from a
select i::int, j::numeric(10, 2), cast(k as text) from a
select -i, +j, i->'x', j->>'y', k #> '{a}', l @> m from a
select xs[1], xs[1:2] from a
select a.*, b.i from a, b where a.i = b.i and a.j like 'x%' escape '!'
select interval '1 day', date '2020-01-01', timestamp '2020-01-01 00:00' from a
select coalesce((select i from b limit 1), (select j from c)) from a
select f((select * from a), g((select * from b)))
select count(*) from a, (select 1 from b) x, (values (1)) y
select * from a fetch first 3 rows only
select * from only a
select * from a as x (i), b as y (j)
select row(1, 2), (1, 2) from a
select * from s.f(1), s.a
select * from a where i in (1, 2, 3) and j not in ('x', 'y')
select * from a, b where i in (1, 2)
select x from a union select y from b union all select z from c
select * from a where x = (select y from b union select z from c)
select * from (select * from (select * from (select * from deep) a) b) c
select "a"."b"."c" from "a"."b"
select * from été, "naïve"
select * from a$b, _c
SELECT * FROM A LEFT JOIN B ON TRUE WHERE EXISTS (SELECT 1 FROM C)
select\t*\r\nfrom\ta\n,\nb
select*from a,b where"i"=1
select 1from a
select * from a where 'x'in(select i from b)
from a
from a, b select i where j > 1
from a select *
from (from b) x join c using (i)
from s.a
from a where i in (from b select i)
from x: a select x.i
from a x, y: b
select * from a asof join b on a.t >= b.t
select * from a positional join b
select * from a semi join b using (i) anti join c using (i)
select * exclude (i) replace (j + 1 as j) from a
select columns('x.*') from a
select * from a qualify row_number() over (partition by i) = 1
select * from a using sample 10%
select * from a using sample reservoir(50 rows) repeatable (22)
select * from a group by all order by all
select [x + 1 for x in xs if x > 1] from a
select {'a': 1, 'b': i}, [1, 2, 3], map {'x': 1} from a
select list_transform(xs, x -> x + 1) from a
select list_transform(xs, lambda x: x + 1) from a
select i // 2, i % 2, i ** 2, i ^ 2, ~i from a
select 1_000, 0xff, 1e5, .5, 5. from a
select * from 'file.csv', a
select * from read_csv('x.csv'), a
summarize a
summarize select * from a
describe a
describe select * from a, b
show a
show tables
select * from (describe a)
select * from (summarize a), b
select * from (show tables)
select * from (show a)
select * from a pivot (sum(i) for j in ('x', 'y') group by k)
select * from a unpivot (v for n in (i, j)), b
select * from a pivot (sum(i) for j in ('x')) p join b using (k)
select i from a union all by name select j from b
select * from a, b t(i), c
select * from a at (version => 3), b
select max(i order by j), string_agg(t, ',' order by (select 1 from b)) from a
select * from unnest([1, 2]), a
with x as (from a) from x
with x(i) using key (i) as (select 1) from x, a
with recursive r(i) using key (i) as (select i from a union select i from r) from r
select struct_pack(x := 1), i from a
select a.i.j.k, #1 from a
select try_cast(i as int) from a
select exists(from a), (from b select max(i))
select * from a left join (b join c using (i)) using (i)
select * from a join b on a.i = b.i and (select true from c), d
select case when i then j end from a join b on case when x then y end, c
`
  .trim()
  .split('\n')
  .map((line) => line.replaceAll('\\t', '\t').replaceAll('\\r', '\r').replaceAll('\\n', '\n'))

/** A statement, what it reads, and what else it does to which tables. */
export type Case = [sql: string, kind: string, names: string]

/**
 * Statements that change something. `r:` read, `w:` written, `d:` dropped, `f:` referred to, `t:` table made, `v:` view made,
 * with `~` for temporary ones.
 */
export const STATEMENTS: Case[] = [
  ['insert into t select * from a', 'insert', 'w:t r:a'],
  ['insert into s.t (i, j) values (1, (select max(i) from a))', 'insert', 'w:s.t r:a'],
  ['insert into t as x (i) (select * from a)', 'insert', 'w:t r:a'],
  ['insert into t ((select * from a) union select * from b)', 'insert', 'w:t r:a r:b'],
  ['insert into t with x as (select * from a) select * from x', 'insert', 'w:t r:a'],
  ['with x as (select * from a) insert into t select * from x, b', 'insert', 'r:a w:t r:b'],
  ['insert into t default values', 'insert', 'w:t'],
  [
    'insert into t select * from a on conflict (i) do update set j = 1, k = excluded.k where (select 1 from b)',
    'insert',
    'w:t r:a r:b',
  ],
  ['insert or replace into t by name from a', 'insert', 'w:t r:a'],
  ['insert into t values (1), (2) returning i, j', 'insert', 'w:t'],
  ['update t set i = 1, j = (select 1 from a) from b, c x where t.i = x.i', 'update', 'w:t r:a r:b r:c'],
  ['update only t as x set i = 1 where exists (select 1 from a) returning i', 'update', 'w:t r:a'],
  ['with x as (select 1 from a) update t set i = 1 from x', 'update', 'r:a w:t'],
  ['delete from t', 'delete', 'w:t'],
  ['delete from t using a, b where t.i in (select i from c)', 'delete', 'w:t r:a r:b r:c'],
  ['delete from t where i in (select i from a join b using (i))', 'delete', 'w:t r:a r:b'],
  ['with x as (delete from t returning *) insert into u select * from x', 'insert', 'w:t w:u'],
  [
    'merge into t as x using (select * from a) s on x.i = s.i when matched and (select true from b) then update set i = s.i, j = 2 when not matched then insert (i, j) values (s.i, 1)',
    'merge',
    'w:t r:a r:b',
  ],
  ['merge into t using a on t.i = a.i when not matched then insert values (a.i)', 'merge', 'w:t r:a'],
  ['truncate table t, u', 'truncate', 'w:t w:u'],
  ['create table t (i int, j text)', 'create-table', 't:t'],
  ['create table t as select * from a', 'create-table', 'r:a t:t'],
  ['create table t as select * from t', 'create-table', 'r:t t:t'],
  ['create or replace table t as from a', 'create-table', 'r:a t:t'],
  ['create temp table if not exists t as select * from a', 'create-table', 'r:a t~:t'],
  ['create temporary view v as select * from a', 'create-view', 'r:a v~:v'],
  ['create table t as with x as (select * from a) select * from x, b', 'create-table', 'r:a r:b t:t'],
  ['create table t as (select * from a) with no data', 'create-table', 'r:a t:t'],
  ['create table t as table a', 'create-table', 'r:a t:t'],
  ['create table t as pivot a on i using sum(j)', 'create-table', 'r:a t:t'],
  [
    'create table s.t (i int references u (i), foreign key (j) references "V" (j), check (i like j))',
    'create-table',
    'f:u f:V t:s.t',
  ],
  ['create table t (like a including all, like b)', 'create-table', 'f:a f:b t:t'],
  ['create table t () inherits (a, b)', 'create-table', 'f:a f:b t:t'],
  ['create table t partition of a for values in (1)', 'create-table', 'f:a t:t'],
  ['create unlogged table t (i int generated always as (j + 1) stored)', 'create-table', 't:t'],
  ['create view v (i, j) as select * from a, b', 'create-view', 'r:a r:b v:v'],
  ['create or replace view s.v as select * from a', 'create-view', 'r:a v:s.v'],
  ['create recursive view v (i) as select 1 union all select i from v, a', 'create-view', 'r:a v:v'],
  ['create materialized view v as select * from a with data', 'create-view', 'r:a v:v'],
  ['create index i on t (j) where k > 1', 'create-other', 'w:t'],
  ['create unique index concurrently on s.t using btree (j)', 'create-other', 'w:s.t'],
  ['create schema s', 'create-other', ''],
  ['create sequence q', 'create-other', ''],
  ["create type t as enum ('a', 'b')", 'create-other', ''],
  ['create macro m(x) as table select * from a where i = x', 'create-other', 'r:a'],
  ['create macro m(x) as x + (select max(i) from a)', 'create-other', 'r:a'],
  ['create function f() returns int language sql as $$ select 1 from a $$', 'create-other', ''],
  ['create function f() returns int begin atomic select 1; select case when true then 2 end; end', 'create-other', ''],
  ['select * into t from a', 'select', 't:t r:a'],
  ['select i into temp table t from a', 'select', 't~:t r:a'],
  ['drop table t', 'drop', 'd:t'],
  ['drop table if exists t, s.u cascade', 'drop', 'd:t d:s.u'],
  ['drop materialized view v', 'drop', 'd:v'],
  ['drop schema s cascade', 'drop', ''],
  ['alter table t add column i int', 'alter', 'w:t'],
  ['alter table if exists only s.t rename to u', 'alter', 'd:s.t t:s.u'],
  ['alter view v rename to w', 'alter', 'd:v v:w'],
  ['alter table t rename column i to j', 'alter', 'w:t'],
  ['alter sequence q restart', 'alter', ''],
  ['explain select * from a', 'explain', 'r:a'],
  ['explain (analyze, format json) insert into t select * from a', 'explain', 'w:t r:a'],
  ['explain analyze create table t as select * from a', 'explain', 'r:a t:t'],
  ['explain (select * from a) union select * from b', 'explain', 'r:a r:b'],
  ['copy t to stdout', 'copy', 'r:t'],
  ["copy s.t (i, j) from 'x.csv' (format csv)", 'copy', 'w:s.t'],
  ["copy (select * from a) to 'x.csv'", 'copy', 'r:a'],
  ['copy from database a to b', 'copy', ''],
  ["attach 'x.db' as x", 'attach', ''],
  ['detach x', 'detach', ''],
  ['use s', 'use', ''],
  ["set x = 'y'", 'set', ''],
  ['reset x', 'set', ''],
  ["pragma table_info('t')", 'pragma', ''],
  ['call f(1)', 'call', ''],
  ['do $$ begin end $$', 'do', ''],
  ['begin', 'transaction', ''],
  ['start transaction read only', 'transaction', ''],
  ['commit', 'transaction', ''],
  ['install httpfs', 'extension', ''],
  ['load httpfs', 'extension', ''],
  ["export database 'x'", 'export', ''],
  ["import database 'x'", 'import', ''],
  ['prepare p as select * from a', 'prepare', 'r:a'],
  ['declare c cursor for select * from a', 'prepare', 'r:a'],
  ['execute p', 'execute', ''],
  ['deallocate p', 'execute', ''],
  ['checkpoint', 'maintenance', ''],
  ['vacuum analyze t', 'maintenance', 'w:t'],
  ['refresh materialized view concurrently v', 'maintenance', 'w:v'],
  ['listen x', 'maintenance', ''],
  ['grant select on t to u', 'permission', 'w:t'],
  ["comment on table t is 'from a'", 'permission', 'w:t'],
  ['pivot a on i using sum(j) group by k, l', 'select', 'r:a'],
  ['pivot (from a) on i, j using sum(k)', 'select', 'r:a'],
  ['pivot a join b using (i) on j, k using sum(l)', 'select', 'r:a r:b'],
  ['unpivot a on i, j into name n value v', 'select', 'r:a'],
  ['with x as (from a) pivot x on i using sum(j)', 'select', 'r:a'],
  ['from (pivot a on i using sum(j)) p, b', 'select', 'r:a r:b'],
  ['with x as (summarize a) from x', 'select', 'r:a'],
  ['nonsense from a', 'other', ''],
]
