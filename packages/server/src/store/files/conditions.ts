import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Filter, Leaf, OwnField } from '../../domain/odata/filter.ts';
import { prefixRange, selectsAbsent } from '../../domain/odata/selection.ts';
import type { Dialect } from '../dialect.ts';
import { entriesOf, entriesUnder } from './entries.ts';

export type Condition = RawBuilder<SqlBool>;

/** How conditions are written; the result is the same, the cost is not. */
export type ConditionStyle = {
  dialect: Dialect;
  /** The field whose index may be used, as the order of the rows depends on that. */
  indexed: OwnField | null;
  /**
   * Null: the metadata of each file is looked into, for few files. Else the files with such metadata on these shelves
   * are gathered first, and each file is looked up among them: for many files.
   */
  gathered: readonly number[] | null;
};

/** A filter as a condition on `f`, which has a file's `number` and the fields that the filter names. */
export const conditionOf = (filter: Filter, style: ConditionStyle): Condition => {
  switch (filter.kind) {
    case 'and':
      return allOf(filter.of.map((part) => conditionOf(part, style)));
    case 'or': {
      const parts = filter.of.map((part) => conditionOf(part, style));
      return sql`(${sql.join(parts, sql` or `)})`;
    }
    case 'not':
      return sql`not (${conditionOf(filter.of, style)})`;
    default:
      return filter.property.of === 'metadata'
        ? metadataCondition(filter, filter.property.path, style)
        : ownCondition(filter, filter.property.field, style);
  }
};

/** True if there are none. */
export const allOf = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0 ? sql`true` : sql`(${sql.join(conditions, sql` and `)})`;

/** Whether a filter asks for anything but metadata. */
export const namesOwnField = (filter: Filter): boolean => {
  if (filter.kind === 'and' || filter.kind === 'or') return filter.of.some(namesOwnField);
  return filter.kind === 'not' ? namesOwnField(filter.of) : filter.property.of === 'file';
};

/** Comparisons in a filter. */
export const countLeaves = (filter: Filter): number => {
  if (filter.kind === 'not') return countLeaves(filter.of);
  if (filter.kind !== 'and' && filter.kind !== 'or') return 1;
  return filter.of.reduce((sum, part) => sum + countLeaves(part), 0);
};

const metadataCondition = (leaf: Leaf, path: string, { dialect, gathered }: ConditionStyle): Condition => {
  const found = dialect.hasEntry(entriesOf(leaf, path, dialect), gathered);
  const holds: Condition = selectsAbsent(leaf)
    ? sql`(${found} or not ${dialect.hasEntry(entriesUnder(path, dialect), gathered)})`
    : found;
  return leaf.kind === 'compare' && leaf.operator === 'ne' ? sql`not ${holds}` : holds;
};

export const OWN_COLUMNS: Record<OwnField, RawBuilder<unknown>> = {
  created_at: sql`f.created_at`,
  name: sql`f.name`,
  size: sql`f.size`,
  file_id: sql`f.id`,
};

const OPERATORS = { eq: sql`=`, ne: sql`<>`, gt: sql`>`, ge: sql`>=`, lt: sql`<`, le: sql`<=` };

const ownCondition = (leaf: Leaf, field: OwnField, { dialect, indexed }: ConditionStyle): Condition => {
  const column = field === indexed ? OWN_COLUMNS[field] : dialect.unindexed(OWN_COLUMNS[field]);
  switch (leaf.kind) {
    case 'compare':
      return sql`${column} ${OPERATORS[leaf.operator]} ${dialect.literal(leaf.value as string | number)}`;
    case 'in':
      return sql`${column} in ${dialect.listed(leaf.values as (string | number)[])}`;
    case 'text': {
      if (leaf.function === 'contains') return dialect.contains(column, leaf.value);
      if (leaf.function === 'endswith') return dialect.endsWith(column, leaf.value);
      const { min, max } = prefixRange(leaf.value);
      return max === null ? sql`${column} >= ${min}` : sql`(${column} >= ${min} and ${column} < ${max})`;
    }
  }
};
