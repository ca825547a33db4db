import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { indexedPath } from '../domain/metadata-index.ts';
import type { Filter, Leaf, OwnField } from '../domain/odata/filter.ts';
import {
  type FormRange,
  prefixRange,
  type Selection,
  selectionOf,
  selectsAbsent,
  type WholeTest,
} from '../domain/odata/selection.ts';
import type { Dialect } from './dialect.ts';

export type Condition = RawBuilder<SqlBool>;

/**
 * A filter as a condition on `f`, a row of `file`. Every value is a parameter.
 * @param indexed the field whose index may be used, as the order of the rows depends on that
 */
export const conditionOf = (filter: Filter, dialect: Dialect, indexed: OwnField | null): Condition => {
  switch (filter.kind) {
    case 'and':
      return allOf(filter.of.map((part) => conditionOf(part, dialect, indexed)));
    case 'or':
      return sql`(${sql.join(
        filter.of.map((part) => conditionOf(part, dialect, indexed)),
        sql` or `,
      )})`;
    case 'not':
      return sql`not (${conditionOf(filter.of, dialect, indexed)})`;
    default: {
      const { property } = filter;
      if (property.of === 'metadata') return metadataCondition(filter, property.path, dialect);
      const column = sql.ref(`f.${COLUMNS[property.field]}`);
      return ownCondition(filter, property.field === indexed ? column : dialect.unindexed(column), dialect);
    }
  }
};

/** True if there are none. */
export const allOf = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0 ? sql`true` : sql`(${sql.join(conditions, sql` and `)})`;

/** Rows `m` of the metadata index that make a leaf over a path true, without their shelf or file. */
export const entryCondition = (leaf: Leaf, path: string, dialect: Dialect): Condition =>
  sql`m.path = ${indexedPath(path)} and ${selected(selectionOf(leaf), dialect)}`;

const metadataCondition = (leaf: Leaf, path: string, dialect: Dialect): Condition => {
  const entries = sql`select 1 from file_metadata as m where m.file_number = f.number`;
  const found: Condition = sql`exists (${entries} and ${entryCondition(leaf, path, dialect)})`;
  const holds: Condition = selectsAbsent(leaf)
    ? sql`(${found} or not exists (${entries} and m.path = ${indexedPath(path)}))`
    : found;
  return leaf.kind === 'compare' && leaf.operator === 'ne' ? sql`not ${holds}` : holds;
};

const selected = (selection: Selection, dialect: Dialect): Condition => {
  if (selection.kind === 'points') return equalsOneOf(sql`m.value`, selection.values, dialect);
  const inRange = within(sql`m.value`, selection.range);
  return selection.whole ? sql`${inRange} and ${wholeCondition(selection.whole, dialect)}` : inRange;
};

const wholeCondition = (test: WholeTest, dialect: Dialect): Condition => {
  const whole = sql`coalesce(m.full_value, m.value)`;
  if (test.kind === 'range') return within(whole, test.range);
  const text = dialect.withoutLetter(whole);
  return test.kind === 'contains' ? dialect.contains(text, test.text) : dialect.endsWith(text, test.text);
};

const within = (value: RawBuilder<unknown>, { min, withMin, max, withMax }: FormRange): Condition =>
  sql`${value} ${withMin ? sql`>=` : sql`>`} ${min} and ${value} ${withMax ? sql`<=` : sql`<`} ${max}`;

/** One value stays an equality: only that keeps the order of the index behind it. */
const equalsOneOf = (
  value: RawBuilder<unknown>,
  values: readonly (string | number)[],
  dialect: Dialect,
): Condition =>
  values.length === 1 ? sql`${value} = ${values[0]}` : sql`${value} in ${dialect.oneOf(values)}`;

const COLUMNS: Record<OwnField, string> = {
  created_at: 'createdAt',
  name: 'name',
  size: 'size',
  file_id: 'id',
};

const OPERATORS = {
  eq: sql`=`,
  ne: sql`<>`,
  gt: sql`>`,
  ge: sql`>=`,
  lt: sql`<`,
  le: sql`<=`,
} as const;

const ownCondition = (leaf: Leaf, column: RawBuilder<unknown>, dialect: Dialect): Condition => {
  switch (leaf.kind) {
    case 'compare':
      return sql`${column} ${OPERATORS[leaf.operator]} ${leaf.value}`;
    case 'in':
      return equalsOneOf(column, leaf.values as (string | number)[], dialect);
    case 'text': {
      if (leaf.function === 'contains') return dialect.contains(column, leaf.value);
      if (leaf.function === 'endswith') return dialect.endsWith(column, leaf.value);
      const { min, max } = prefixRange(leaf.value);
      return max === null ? sql`${column} >= ${min}` : sql`${column} >= ${min} and ${column} < ${max}`;
    }
  }
};
