/**
 * What was typed, to be said back, unless it may be a key in the wrong place: those are long, and begin with `api_`.
 * Behind "; it is".
 */
export const shownValue = (text: string): string =>
  text === ''
    ? 'empty'
    : /^api_/i.test(text) || text.length > LONGEST
      ? `a text of ${text.length} characters`
      : `"${text}"`;

/** As long as a UUID; keys are longer. */
const LONGEST = 36;
