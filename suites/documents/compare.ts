import assert from 'node:assert/strict';

/** What is another one with every run, and how the comparison calls it. */
const VARYING: readonly [RegExp, string][] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-(?:[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|…)/g, '<id>'],
  [/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g, '<time>'],
  [/127\.0\.0\.1:\d+/g, '<address>'],
  [/\bapi_[\w-]{20,}/g, '<key>'],
];
const ID = VARYING[0]?.[0] as RegExp;

export const mask = (text: string, more: readonly RegExp[] = []): string => {
  let masked = text;
  for (const [pattern, name] of VARYING) masked = masked.replace(pattern, name);
  for (const pattern of more) masked = masked.replace(pattern, '<n>');
  return masked;
};

/** What npm says of its script, and a server to its log, beside what is printed. */
const BESIDE = /^(?:\n> .*\n> .*\n\n|> .*\n|\{"level":.*\}\n)/gm;

const lines = (text: string): string[] =>
  text
    .replace(BESIDE, '')
    .replace(/\n+$/, '')
    .split('\n')
    .map((line) => line.trimEnd());

export type HowToCompare = {
  /** What else varies. */
  more?: readonly RegExp[];
  /** Lines may stand in any order: files that go side by side end in any. */
  inAnyOrder?: boolean;
  /** Told which id of this run stands where the page has one of its own. */
  learn?: (of: string, is: string) => void;
};

/** Compares what a page says is printed with what was: nothing may differ but what varies. */
export const compare = (
  said: string,
  printed: string,
  { more = [], inAnyOrder = false, learn = () => {} }: HowToCompare,
): void => {
  const masked = (line: string) => mask(line, more);
  const sorted = (text: string): string[] => {
    if (!inAnyOrder) return lines(text);
    return lines(text).sort((a, b) => (masked(a) < masked(b) ? -1 : masked(a) > masked(b) ? 1 : 0)); // stable
  };
  const [one, other] = [sorted(said), sorted(printed)];
  assert.equal(other.map(masked).join('\n'), one.map(masked).join('\n'));
  one.forEach((line, index) => {
    const found = other[index]?.match(ID) ?? [];
    (line.match(ID) ?? []).forEach((id, at) => {
      learn(id, found[at] as string);
    });
  });
};
