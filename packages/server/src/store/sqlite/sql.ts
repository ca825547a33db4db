import { randomInt } from 'node:crypto';
import { sql } from 'kysely';
import type { Dialect } from '../dialect.ts';
import { sqliteNames } from './name-index.ts';

/**
 * Chooses the files for which the clock is looked at. Below 2^31, so that products stay whole; odd, so that they spread;
 * another one in each process, so that nobody can leave out just those files.
 */
const MIX = sql.lit(randomInt(2 ** 29, 2 ** 30) * 2 + 1);

/** SQL as SQLite writes it. */
export const sqliteSql: Dialect = {
  contains: (text, part) => sql`instr(${text}, ${part}) > 0`,

  // By bytes, since "substr" of a text stops at U+0000; the bytes of UTF-8 never match in the middle of a character.
  endsWith: (text, end) => {
    const bytes = Buffer.byteLength(end);
    if (bytes === 0) return sql`true`;
    return sql`substr(cast(${text} as blob), -${sql.lit(bytes)}) = cast(${end} as blob)`;
  },

  withoutLetter: (text) => sql`substr(cast(${text} as blob), 2)`,

  literal: (value) => sql`${value}`,

  inTime: (column) => sql`in_time(${column})`,

  // For one row in 64, as a call from SQLite costs as much as ten comparisons.
  inTimeAt: (number) => sql`((((${number} & 4294967295) * ${MIX}) >> 24 & 63) or in_time(${number}))`,

  unindexed: (column) => sql`+${column}`,

  hasEntry: (entries, gathered) =>
    gathered
      ? sql`f.number in (
          select m.file_number from file_metadata as m where m.shelf in (${sql.join(gathered)}) and ${entries})`
      : sql`exists (select 1 from file_metadata as m where m.file_number = f.number and ${entries})`,

  merged: (queries) => sql.join([...queries], sql` union all `),

  // "cross join" keeps the order of the tables, which SQLite would otherwise guess at.
  thenJoin: sql`cross join`,

  listed: (values) => sql`(select value from json_each(${JSON.stringify(values)}))`,

  elements: (list) => sql`json_each(${list})`,

  // One parameter, in JSON: by the number of rows, statements would be many and large.
  rows: (columns, rows) => {
    const names = Object.keys(columns) as (keyof typeof columns)[];
    const values = names.map((name, at) => sql`value ->> ${sql.lit(at)} as ${sql.id(name)}`);
    const json = JSON.stringify(rows.map((row) => names.map((name) => row[name])));
    return sql`(select ${sql.join(values)} from json_each(${json}))`;
  },

  // SQLite writes one transaction at a time, but only from its first write on: this is that write.
  lockRow: async (trx, table, id) => {
    // Not the id, of which all rows that refer to it would be looked for.
    const column = sql.id(table === 'appUser' ? 'role' : 'name');
    await sql`update ${sql.table(table)} set ${column} = ${column} where id = ${id}`.execute(trx);
  },

  names: sqliteNames,
};
