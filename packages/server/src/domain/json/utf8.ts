/** `at`: where the bytes stop being UTF-8, in UTF-16 units of the text up to there. */
export type Utf8Reading = { text: string } | { beginning: string; at: number };

/** Strictly UTF-8; a byte order mark at the start is passed over. */
export const readUtf8 = (bytes: Uint8Array): Utf8Reading => {
  try {
    return { text: STRICT.decode(bytes) };
  } catch {
    const beginning = LENIENT.decode(bytes);
    return { beginning, at: firstWrong(beginning, bytes) };
  }
};

const STRICT = new TextDecoder('utf-8', { fatal: true });
const LENIENT = new TextDecoder('utf-8');

/** The first replacement character that does not stand for itself. */
const firstWrong = (text: string, bytes: Uint8Array): number => {
  let from = 0;
  let size = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let at = text.indexOf('\ufffd'); at !== -1; at = text.indexOf('\ufffd', from)) {
    size += Buffer.byteLength(text.slice(from, at));
    if (bytes[size] !== 0xef || bytes[size + 1] !== 0xbf || bytes[size + 2] !== 0xbd) return at;
    size += 3;
    from = at + 1;
  }
  return text.length;
};
