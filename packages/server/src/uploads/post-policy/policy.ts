import { isUtf8 } from 'node:buffer';
import type { Instant } from '../../domain/instant.ts';
import { parseInstant } from '../../domain/instant.ts';
import { S3Error } from '../s3-error.ts';
import { type PolicyJson, parsePolicyJson } from './policy-json.ts';

/** One condition on a form field. `text` is the condition as an error message shows it. */
export type Condition = { operator: 'eq' | 'starts-with'; field: string; value: string; text: string };

/** What a form may do. Field names are in lower case: S3 compares them without regard to it. */
export type Policy = {
  expiresAt: Instant;
  conditions: readonly Condition[];
  /** Names that some condition is about. */
  coveredFields: ReadonlySet<string>;
  /** Bytes of the file, both inclusive. */
  minBytes: number;
  maxBytes: number;
  /** What every key must start with: the folder of the form. */
  keyPrefix: string;
};

/** S3 takes 20 KB for the whole form without its file. */
export const MAX_POLICY_TEXT = 20_480;

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const EXPIRATION = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?Z$/;

/**
 * Reads a policy; only one whose signature has been verified should come here.
 * @param encoded the form field: base64 of UTF-8 JSON
 * @throws S3Error InvalidPolicyDocument
 */
export const parsePolicy = (encoded: string): Policy => {
  const document = decode(encoded);
  if (!(document instanceof Map)) throw invalid('it is not an object');
  for (const name of document.keys()) {
    // Compared with regard to case, as S3 does: `Expiration` is no expiration.
    if (name !== 'expiration' && name !== 'conditions') throw invalid('it has an unknown property');
  }
  const list = document.get('conditions');
  if (!Array.isArray(list) || list.length === 0) throw invalid('it has no conditions');

  const conditions: Condition[] = [];
  let minBytes = 0;
  let maxBytes = Number.POSITIVE_INFINITY;
  for (const item of list) {
    if (item instanceof Map) conditions.push(...exactConditions(item));
    else if (!Array.isArray(item)) throw invalid('a condition is neither an object nor a list');
    else if (operatorOf(item) === 'content-length-range') {
      const [low, high] = lengthRange(item);
      minBytes = Math.max(minBytes, low);
      maxBytes = Math.min(maxBytes, high);
    } else conditions.push(comparison(item));
  }
  return {
    expiresAt: expiration(document.get('expiration')),
    conditions,
    coveredFields: new Set(conditions.map(({ field }) => field)),
    minBytes,
    maxBytes,
    keyPrefix: keyPrefix(conditions),
  };
};

const decode = (encoded: string): PolicyJson => {
  if (!BASE64.test(encoded) || encoded.length % 4 !== 0) throw invalid('it is not base64');
  const bytes = Buffer.from(encoded, 'base64');
  if (!isUtf8(bytes)) throw invalid('it is not UTF-8');
  try {
    return parsePolicyJson(bytes.toString());
  } catch (error) {
    throw invalid(error instanceof SyntaxError ? error.message : 'it cannot be read');
  }
};

const expiration = (value: PolicyJson | undefined): Instant => {
  const at = typeof value === 'string' && EXPIRATION.test(value) ? parseInstant(value) : undefined;
  if (at === undefined) throw invalid('its expiration is missing or not an ISO 8601 time in UTC');
  return at;
};

const exactConditions = (item: Map<string, PolicyJson>): Condition[] => {
  if (item.size === 0) throw invalid('a condition is empty');
  return [...item].map(([name, value]) => condition('eq', name, value));
};

const comparison = (item: PolicyJson[]): Condition => {
  const operator = operatorOf(item);
  const [, field, value] = item;
  if ((operator !== 'eq' && operator !== 'starts-with') || item.length !== 3) {
    throw invalid('a condition is unknown');
  }
  if (typeof field !== 'string' || !field.startsWith('$')) throw invalid('a condition names no $field');
  return condition(operator, field.slice(1), value);
};

const condition = (
  operator: Condition['operator'],
  field: string,
  value: PolicyJson | undefined,
): Condition => {
  if (typeof value !== 'string') throw invalid('a condition has no text to compare with');
  return {
    operator,
    field: field.toLowerCase(),
    value,
    text: JSON.stringify([operator, `$${field}`, value]),
  };
};

const operatorOf = ([operator]: PolicyJson[]): string | undefined =>
  typeof operator === 'string' ? operator.toLowerCase() : undefined;

const lengthRange = ([, ...bounds]: PolicyJson[]): [number, number] => {
  const [low, high] = bounds.map((bound) =>
    typeof bound === 'string' && /^\d+$/.test(bound) ? Number(bound) : bound,
  );
  if (bounds.length !== 2 || !isSize(low) || !isSize(high) || low > high) {
    throw invalid('content-length-range needs two sizes in bytes, the lower one first');
  }
  return [low, high];
};

const isSize = (value: PolicyJson | undefined): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

/** The longest prefix asked for; of a form for one single key, its folder. */
const keyPrefix = (conditions: readonly Condition[]): string => {
  let longest = '';
  for (const { operator, field, value } of conditions) {
    if (field !== 'key') continue;
    const prefix = operator === 'eq' ? value.slice(0, value.lastIndexOf('/') + 1) : value;
    if (prefix.length > longest.length) longest = prefix;
  }
  return longest;
};

const invalid = (reason: string): S3Error =>
  new S3Error('InvalidPolicyDocument', `Invalid Policy: ${reason}.`);
