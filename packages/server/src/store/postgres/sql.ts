import { sql } from 'kysely';
import type { Dialect } from '../dialect.ts';
import { postgresNames } from './name-index.ts';

/** SQL as PostgreSQL writes it. */
export const postgresSql: Dialect = {
  contains: (text, part) => sql`strpos(${text}, ${part}) > 0`,

  endsWith: (text, end) => sql`right(${text}, char_length(cast(${end} as text))) = ${end}`,

  withoutLetter: (text) => sql`substr(${text}, 2)`,

  // A parameter takes the type of the column it is compared with: whole numbers only, if that is one.
  literal: (value) =>
    typeof value === 'number' && !Number.isSafeInteger(value)
      ? sql`cast(${value} as double precision)`
      : sql`${value}`,

  // Its statements have a time of their own.
  inTime: () => sql`true`,
  inTimeAt: () => sql`true`,

  unindexed: (column) => column,

  // "offset 0": the planner would make a join of it. As long as it knows little of a table, that may go over all metadata
  // for each file; and a hundred joins take many seconds to plan. A look at each file costs the same whatever it knows.
  hasEntry: (entries) =>
    sql`exists (select 1 from file_metadata as m where m.file_number = f.number and ${entries} offset 0)`,

  // Told in each query, since the planner does not see that they are in order already.
  merged: (queries, order, limit) => {
    if (queries.length === 1) return sql.join([...queries]);
    const ordered = queries.map(
      (query) => sql`select * from (${query} order by ${order} limit ${sql.lit(limit)}) as ordered`,
    );
    return sql.join(ordered, sql` union all `);
  },

  thenJoin: sql`join`,

  listed: (values) => {
    const type = sql.raw(values.every((value) => typeof value === 'string') ? 'text' : arrayType(values));
    return sql`(select value from unnest(cast(${sql.val(values)} as ${type}[])) as listed (value))`;
  },

  elements: (list) => sql`json_array_elements_text(cast(${list} as json)) as listed (value)`,

  rows: (columns, rows) => {
    const names = Object.keys(columns) as (keyof typeof columns)[];
    const arrays = names.map((name) => {
      const values = rows.map((row) => row[name]);
      return sql`cast(${sql.val(values)} as ${sql.raw(columns[name])}[])`;
    });
    const ids = names.map((name) => sql.id(name));
    return sql`(select * from unnest(${sql.join(arrays)}) as listed (${sql.join(ids)}))`;
  },

  // Not "for update": rows that refer to this one may still be added.
  lockRow: async (trx, table, id) => {
    await sql`select 1 from ${sql.table(table)} where id = ${id} for no key update`.execute(trx);
  },

  names: postgresNames,
};

const arrayType = (values: readonly (string | number)[]): string =>
  values.every(Number.isSafeInteger) ? 'bigint' : 'double precision';
