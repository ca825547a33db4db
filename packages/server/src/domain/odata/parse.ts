import { METADATA_LIMITS } from '@sluice/contract';
import { invalid } from '../errors.ts';
import type { Comparison, Filter, Leaf, Property, Sought, TextFunction } from './filter.ts';
import { literalOf } from './literal.ts';
import { fitLiteral, fitText, propertyOf } from './properties.ts';
import { FilterProblem, type Token, tokenize } from './tokens.ts';

/** What a filter may be at most: enough for people and programs, too little to keep a database busy by. */
export const FILTER_LIMITS = {
  bytes: 10_000,
  depth: 50,
  listValues: 1000,
  comparisons: 200,
  /** No index helps with these: each looks at every value of its key. */
  textFunctions: 20,
} as const;

/**
 * Reads an OData expression. `not` binds tighter than `and`, `and` tighter than `or`; keywords in any case.
 * @throws INVALID, with the offset of what is wrong (in characters, from 0) and what was expected there
 */
export const parseFilter = (text: string): Filter => {
  try {
    if (Buffer.byteLength(text) > FILTER_LIMITS.bytes) {
      throw new FilterProblem(`it is longer than ${FILTER_LIMITS.bytes} bytes`);
    }
    const nul = text.indexOf('\0');
    if (nul !== -1) throw new FilterProblem(`it holds the character U+0000 at offset ${nul}`);
    return parse(tokenize(text));
  } catch (error) {
    if (!(error instanceof FilterProblem)) throw error;
    throw invalid(['query', 'filter'], `The filter cannot be read: ${error.message}.`, text);
  }
};

const COMPARISONS: readonly string[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] satisfies Comparison[];
const FUNCTIONS: readonly string[] = ['contains', 'startswith', 'endswith'] satisfies TextFunction[];

/** Recursive descent, one token ahead: each method reads what it is named after and stops behind it. */
const parse = (tokens: readonly Token[]): Filter => {
  let next = 0;
  let comparisons = 0;
  let textFunctions = 0;

  const peek = (): Token => tokens[next] as Token;
  const take = (): Token => tokens[next++] as Token;
  const keyword = (token = peek()): string => (token.kind === 'word' ? token.value.toLowerCase() : '');
  const wrong = (token: Token, expected: string): FilterProblem =>
    new FilterProblem(`at offset ${token.at}, expected ${expected}, found ${shown(token)}`);
  const expect = (kind: Token['kind'], expected: string): Token => {
    if (peek().kind !== kind) throw wrong(peek(), expected);
    return take();
  };

  const or = (depth: number): Filter => joined('or', and, depth);
  const and = (depth: number): Filter => joined('and', unary, depth);
  const joined = (kind: 'and' | 'or', part: (depth: number) => Filter, depth: number): Filter => {
    const parts = [part(depth)];
    while (keyword() === kind) {
      take();
      parts.push(part(depth));
    }
    return parts.length === 1 ? (parts[0] as Filter) : { kind, of: parts };
  };

  const unary = (depth: number): Filter => {
    if (depth > FILTER_LIMITS.depth) {
      throw new FilterProblem(
        `at offset ${peek().at}, it is nested deeper than ${FILTER_LIMITS.depth} levels`,
      );
    }
    if (keyword() === 'not') {
      take();
      return { kind: 'not', of: unary(depth + 1) };
    }
    if (peek().kind === '(') {
      take();
      const inner = or(depth + 1);
      expect(')', '"and", "or" or ")"');
      return inner;
    }
    comparisons += 1;
    if (comparisons > FILTER_LIMITS.comparisons) {
      throw new FilterProblem(
        `at offset ${peek().at}, it has more than ${FILTER_LIMITS.comparisons} comparisons`,
      );
    }
    if (!FUNCTIONS.includes(keyword()) || tokens[next + 1]?.kind !== '(') return comparison();
    textFunctions += 1;
    if (textFunctions > FILTER_LIMITS.textFunctions) {
      throw new FilterProblem(
        `at offset ${peek().at}, it has more than ${FILTER_LIMITS.textFunctions} text functions`,
      );
    }
    return textFunction();
  };

  const property = (expected: string): Property => {
    const token = expect('word', expected);
    const found = propertyOf(token.value);
    if (!found) throw wrong(token, 'a key without empty parts between its dots');
    return found;
  };

  const comparison = (): Leaf => {
    const subject = property('a key to compare, "not", "(" or a text function');
    const token = take();
    const operator = keyword(token);
    if (operator === 'in') return { kind: 'in', property: subject, values: list(subject) };
    if (!COMPARISONS.includes(operator)) throw wrong(token, 'eq, ne, gt, ge, lt, le or in');
    const value = literal(subject, operator as Comparison);
    return { kind: 'compare', property: subject, operator: operator as Comparison, value };
  };

  const literal = (subject: Property, operator: Comparison | 'in'): Sought => {
    const token = take();
    const found = literalOf(token);
    if (found === undefined) {
      const { numberCharacters: most } = METADATA_LIMITS;
      const number = `a number of at most ${most} characters within the range of doubles`;
      throw wrong(token, `a quoted text, ${number}, a time, true, false or null`);
    }
    const fitted = fitLiteral(subject, operator, found);
    if ('expected' in fitted) throw wrong(token, fitted.expected);
    return fitted.value;
  };

  const list = (subject: Property): Sought[] => {
    expect('(', '"(" and a list of values');
    const values = [literal(subject, 'in')];
    while (peek().kind === ',') {
      const comma = take();
      if (values.length === FILTER_LIMITS.listValues) {
        throw new FilterProblem(
          `at offset ${comma.at}, the list has more than ${FILTER_LIMITS.listValues} values`,
        );
      }
      values.push(literal(subject, 'in'));
    }
    expect(')', '"," or ")"');
    return values;
  };

  const textFunction = (): Leaf => {
    const name = keyword(take()) as TextFunction;
    take();
    const key = peek();
    const subject = property('a key');
    expect(',', '","');
    const fitted = fitText(subject, expect('quoted', 'a quoted text').value);
    if ('expected' in fitted) throw wrong(key, fitted.expected);
    expect(')', '")"');
    return { kind: 'text', property: subject, function: name, value: fitted.value };
  };

  const filter = or(0);
  expect('end', '"and", "or" or the end');
  return filter;
};

const LONGEST_SHOWN = 40;

const shown = ({ kind, value }: Token): string => {
  if (kind === 'end') return 'the end';
  const text = value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value;
  return kind === 'quoted' ? `the text "${text}"` : `"${text}"`;
};
