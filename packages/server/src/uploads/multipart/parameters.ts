/**
 * One `; name=value`. The value is a quoted string or, more liberally than RFC 9110's token, a run without blanks,
 * quotes, commas and semicolons: clients send boundaries such as `----=_Part_1` bare. No two branches can match
 * the same text, so matching is linear.
 */
const PARAMETER = /[ \t]*;[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s";,]*))/y;

/** A last semicolon with nothing after it is harmless, and some clients send one. */
const REST = /^[ \t]*;?[ \t]*$/;

/**
 * Reads the parameters of a header value from `start` to its end; names in lower case. Undefined where the text is
 * not a list of parameters, or names one twice: readers that disagree on which of the two counts can be played off
 * against each other.
 */
export const readParameters = (value: string, start: number): Map<string, string> | undefined => {
  const parameters = new Map<string, string>();
  let end = start;
  PARAMETER.lastIndex = start;
  for (let match = PARAMETER.exec(value); match !== null; match = PARAMETER.exec(value)) {
    const name = (match[1] as string).toLowerCase();
    if (parameters.has(name)) return undefined;
    parameters.set(name, match[2] === undefined ? (match[3] as string) : unescapeQuoted(match[2]));
    end = PARAMETER.lastIndex;
  }
  return REST.test(value.slice(end)) ? parameters : undefined;
};

/**
 * Only `\"` and `\\` are escapes. Browsers send a quote as `%22` and a backslash as it is, so any other backslash is
 * a character of the name.
 */
const unescapeQuoted = (quoted: string): string =>
  quoted.includes('\\') ? quoted.replace(/\\(["\\])/g, '$1') : quoted;
