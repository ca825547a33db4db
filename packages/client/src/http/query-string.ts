import { ArgumentError, refuseUnset, shown } from '../argument-error.ts';
import { plain } from '../options.ts';

export type Query = { readonly [name: string]: string | number | bigint | boolean | null | undefined };

/**
 * `?limit=10&name=a%20b`, or nothing. What is null or undefined is left out, as the API reads its absence.
 * @throws ArgumentError where that would select more, and for what would be sent as `NaN` or `[object Object]`
 */
export const queryString = (query: Query = {}): string => {
  refuseUnset(plain(query, 'query'), SELECTING);
  if (typeof query.filter === 'string' && query.filter.trim() === '') {
    throw new ArgumentError('filter holds nothing but blanks. Leave it out where nothing is meant by it.');
  }
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined
      ? []
      : [`${encodeURIComponent(name)}=${encodeURIComponent(sendable(name, value))}`],
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
};

const sendable = (name: string, value: unknown): string => {
  const isText = typeof value === 'string' && value.isWellFormed();
  if (isText || Number.isFinite(value) || ['boolean', 'bigint'].includes(typeof value)) return String(value);
  throw new ArgumentError(`${name} must be a text, a number, true or false; it is ${shown(value)}.`);
};

/** Without the first ones a list has all rows, without the cursors it begins anew, and without a mode files stay. */
const SELECTING = [
  ...['name', 'filter', 'meta_key', 'meta_value', 'ingestion_status'],
  ...['after_file_id', 'after', 'before', 'write_mode'],
];
