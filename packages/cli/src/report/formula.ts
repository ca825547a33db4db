/**
 * What a spreadsheet takes for the beginning of a formula or a command: the signs, as other widths and forms of them
 * (`＝`, `﹣`, `−`), whose plain form is looked at, and what moves to another cell.
 */
const ACTING = String.raw`[=+@|\p{Dash}\uFF0B\uFE62\u207A\u208A\uFF1D\uFE66\u207C\u208C\uFF20\uFE6B\uFF5C\t\r\n]`;

/** What may stand before it without keeping it from being one: blanks, what shows nothing, quotes. */
const IGNORED = String.raw`(?:['"]|(?![\t\r\n])[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}])`;

/** Where a cell begins: some programs split at semicolons, tabs and line ends even within quotes. */
const START = String.raw`(?<=^|[;\t\r\n])`;

const UNGUARDED = new RegExp(`${START}(?=${IGNORED}*${ACTING})`, 'gu');
const GUARDED = new RegExp(`${START}'(?=${IGNORED}*${ACTING})`, 'gu');

/** A text with an apostrophe before whatever a spreadsheet would take for a formula: names come from elsewhere. */
export const guarded = (text: string): string => text.replace(UNGUARDED, "'");

/** What was guarded, as it was. An apostrophe of its own stays, since it got one before it. */
export const unguarded = (text: string): string => text.replace(GUARDED, '');
