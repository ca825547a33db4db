import type { FileRecord } from '../../src/domain/file.ts';
import type { Filter, Leaf, Literal } from '../../src/domain/odata/filter.ts';

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

const valuesOf = (file: FileRecord, { property }: Leaf): Literal[] => {
  if (property.of === 'metadata') {
    const found = scalarsAt(file.metadata, [], property.path);
    return found.length === 0 ? [null] : found;
  }
  const own = { created_at: file.createdAt, name: file.name, size: file.size, file_id: file.id };
  return [own[property.field]];
};

const scalarsAt = (value: unknown, keys: string[], path: string): Literal[] => {
  if (Array.isArray(value)) return value.flatMap((element) => scalarsAt(element, keys, path));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => scalarsAt(item, [...keys, key], path));
  }
  return keys.join('.') === path ? [value as Literal] : [];
};

const leafMatches = (values: Literal[], leaf: Leaf): boolean => {
  if (leaf.kind === 'in') return values.some((value) => leaf.values.includes(value));
  if (leaf.kind === 'text') {
    return values.some((value) => typeof value === 'string' && textMatches(value, leaf.function, leaf.value));
  }
  const { operator, value: literal } = leaf;
  if (operator === 'ne') return !values.includes(literal);
  if (operator === 'eq') return values.includes(literal);
  return values.some((value) => {
    const order = orderOf(value, literal);
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

const orderOf = (value: Literal, literal: Literal): number | undefined => {
  if (typeof value === 'number' && typeof literal === 'number') return value - literal;
  if (typeof value === 'string' && typeof literal === 'string') return compareText(value, literal);
  return undefined;
};
