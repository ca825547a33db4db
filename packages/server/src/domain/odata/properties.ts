import { parseInstant } from '../instant.ts';
import { doubleOf, isJsonNumber, isRawNumber } from '../json/numbers.ts';
import {
  type Comparison,
  type Literal,
  OWN_FIELDS,
  type OwnField,
  type Property,
  type Sought,
  type TimeLiteral,
} from './filter.ts';

/** The property a word names; undefined if it names none. OData writes `a/b` for what is `a.b` here. */
export const propertyOf = (word: string): Property | undefined => {
  const path = word.replaceAll('/', '.');
  if (path.split('.').includes('')) return undefined;
  return isOwnField(path) ? { of: 'file', field: path } : { of: 'metadata', path };
};

/** A literal as it is compared with a property, or what is expected in its place. */
export type Fitted = { value: Sought } | { expected: string };

export const fitLiteral = (property: Property, operator: Comparison | 'in', literal: Literal): Fitted => {
  const equality = operator === 'eq' || operator === 'ne' || operator === 'in';
  if (property.of === 'file') return fitOwnField(property.field, equality, literal);
  if (!equality && (literal === null || typeof literal === 'boolean')) {
    return { expected: `a number or a text, as only those have an order for "${operator}"` };
  }
  if (!isTimeLiteral(literal)) return { value: literal };
  return literal.time
    ? { value: literal.time }
    : { expected: 'a date, a time with seconds and zone such as 2026-01-31T10:00:00Z, or a quoted text' };
};

/** A text as a text function looks for it in a property, or what is expected in place of that property. */
export const fitText = (property: Property, text: string): { value: string } | { expected: string } => {
  if (property.of === 'metadata') return { value: text };
  return property.field === 'name'
    ? { value: text.normalize('NFC') }
    : { expected: `a property that is text, which ${property.field} is not` };
};

const fitOwnField = (field: OwnField, equality: boolean, literal: Literal): Fitted => {
  const text = isTimeLiteral(literal) ? literal.text : literal;
  switch (field) {
    case 'created_at': {
      const instant = typeof text === 'string' ? parseInstant(text) : undefined;
      return instant === undefined ? { expected: 'a time in ISO 8601 for created_at' } : { value: instant };
    }
    case 'size':
      return isJsonNumber(literal) ? { value: doubleOf(literal) } : { expected: 'a number for size' };
    case 'name':
      return typeof text === 'string'
        ? { value: text.normalize('NFC') } // as names are kept
        : { expected: 'a quoted text for name' };
    case 'file_id':
      if (!equality) return { expected: 'eq, ne or in for file_id' };
      return typeof text === 'string'
        ? { value: text.toLowerCase() } // RFC 9562, 4: on input, case does not matter
        : { expected: 'a quoted id for file_id' };
  }
};

const isTimeLiteral = (literal: Literal): literal is TimeLiteral =>
  typeof literal === 'object' && literal !== null && !isRawNumber(literal);

const isOwnField = (path: string): path is OwnField => (OWN_FIELDS as readonly string[]).includes(path);
