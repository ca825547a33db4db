import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { INDEXED_BYTES, indexedPath } from '../../domain/metadata/metadata-index.ts';
import type { Leaf } from '../../domain/odata/filter.ts';
import { type FormRange, selectionOf, type WholeTest } from '../../domain/odata/selection.ts';
import type { Dialect } from '../dialect.ts';

type Condition = RawBuilder<SqlBool>;

/** Which rows `m` of the metadata index make a leaf true (for `ne`: make `eq` true), of whatever shelf and file. */
export const entriesOf = (leaf: Leaf, path: string, dialect: Dialect): Condition => {
  const selection = selectionOf(leaf);
  const under = entriesUnder(path, dialect);
  if (selection.kind === 'range') {
    const whole = selection.whole ? sql` and ${wholeCondition(selection.whole, dialect)}` : sql``;
    return sql`${under} and ${within(sql`m.value`, selection.range)}${whole}`;
  }
  // One value stays an equality: only that keeps the order of the index behind it.
  const [value, ...more] = selection.values;
  return more.length === 0
    ? sql`${under} and m.value = ${value}`
    : sql`${under} and m.value in ${dialect.listed(selection.values)}`;
};

export const entriesUnder = (path: string, dialect: Dialect): Condition =>
  sql`m.path = ${indexedPath(path)} and ${dialect.inTimeAt(sql`m.file_number`)}`;

const within = (value: RawBuilder<unknown>, { min, withMin, max, withMax }: FormRange): Condition =>
  sql`${value} ${withMin ? sql`>=` : sql`>`} ${min} and ${value} ${withMax ? sql`<=` : sql`<`} ${max}`;

const wholeCondition = (test: WholeTest, dialect: Dialect): Condition => {
  if (test.kind === 'range') return within(WHOLE, test.range);
  const text = dialect.withoutLetter(WHOLE);
  return test.kind === 'contains' ? dialect.contains(text, test.text) : dialect.endsWith(text, test.text);
};

/** The uncut form: looked up for values that were cut only, as it is in no index. */
const WHOLE = sql`
  case when octet_length(m.value) <= ${sql.lit(INDEXED_BYTES)} then m.value else (
    select coalesce(cut.full_value, cut.value) from file_metadata as cut
    where cut.file_number = m.file_number and cut.path = m.path and cut.value = m.value
  ) end`;
