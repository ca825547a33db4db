import type { FileRecord } from '../../packages/server/src/domain/file.ts';
import { isJsonNumber, isRawNumber, numberText } from '../../packages/server/src/domain/json/numbers.ts';
import { type Scalar, timeOf } from '../../packages/server/src/domain/metadata/metadata-index.ts';
import type { Filter, Leaf, Sought } from '../../packages/server/src/domain/odata/filter.ts';
import type { Time } from '../../packages/server/src/domain/time.ts';

/** What a filter means, without an index: the scalars of a file are looked at one by one. */
export const matches = (file: FileRecord, filter: Filter): boolean => {
  switch (filter.kind) {
    case 'and':
      return filter.of.every((part) => matches(file, part));
    case 'or':
      return filter.of.some((part) => matches(file, part));
    case 'not':
      return !matches(file, filter.of);
    default:
      return leafMatches(valuesOf(file, filter), filter);
  }
};

export const compareText = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const valuesOf = (file: FileRecord, { property }: Leaf): Plain[] => {
  if (property.of === 'metadata') {
    const found = scalarsAt(file.metadata, [], property.path);
    return found.length === 0 ? [null] : found.flatMap(plain);
  }
  const own = { created_at: file.createdAt, name: file.name, size: file.size, file_id: file.id };
  return plain(own[property.field]);
};

const scalarsAt = (value: unknown, keys: string[], path: string): Scalar[] => {
  if (isRawNumber(value)) return keys.join('.') === path ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((element) => scalarsAt(element, keys, path));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => scalarsAt(item, [...keys, key], path));
  }
  return keys.join('.') === path ? [value as Scalar] : [];
};

/** A number as a whole one where it is; a time as nanoseconds. */
type Plain = string | number | bigint | boolean | null | { time: bigint };

/** What a value is compared as: a text that says a time is two things. */
const plain = (value: Scalar | Time): Plain[] => {
  if (isJsonNumber(value)) {
    const text = numberText(value);
    return [/^-?\d+$/.test(text) ? BigInt(text) : Number(text)];
  }
  if (typeof value === 'object' && value !== null) return [plainTime(value)];
  const time = typeof value === 'string' ? timeOf(value) : undefined;
  return time ? [value, plainTime(time)] : [value];
};

const plainTime = ({ seconds, fraction }: Time): Plain => ({
  time: BigInt(seconds) * 10n ** 9n + BigInt(fraction.padEnd(9, '0')),
});

/** What a literal is compared as: a quoted time is a text. */
const sought = (literal: Sought): Plain => plain(literal)[0] as Plain;

const leafMatches = (values: Plain[], leaf: Leaf): boolean => {
  const isAny = (literal: Sought) => values.some((value) => orderOf(value, sought(literal)) === 0);
  if (leaf.kind === 'in') return leaf.values.some(isAny);
  if (leaf.kind === 'text') {
    return values.some((value) => typeof value === 'string' && textMatches(value, leaf.function, leaf.value));
  }
  const { operator, value: literal } = leaf;
  if (operator === 'ne') return !isAny(literal);
  if (operator === 'eq') return isAny(literal);
  return values.some((value) => {
    const order = orderOf(value, sought(literal));
    if (order === undefined) return false;
    if (operator === 'gt') return order > 0;
    if (operator === 'ge') return order >= 0;
    return operator === 'lt' ? order < 0 : order <= 0;
  });
};

const textMatches = (value: string, name: 'contains' | 'startswith' | 'endswith', part: string): boolean => {
  if (name === 'contains') return value.includes(part);
  return name === 'startswith' ? value.startsWith(part) : value.endsWith(part);
};

const isNumeric = (value: Plain): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';

/** Undefined where both have no order; 0 where they are equal. */
const orderOf = (value: Plain, literal: Plain): number | undefined => {
  if (value === literal) return 0;
  if (isNumeric(value) && isNumeric(literal)) return value < literal ? -1 : Number(value > literal);
  if (typeof value === 'string' && typeof literal === 'string') return compareText(value, literal);
  if (typeof value !== 'object' || typeof literal !== 'object' || !value || !literal) return undefined;
  return value.time < literal.time ? -1 : Number(value.time > literal.time);
};
