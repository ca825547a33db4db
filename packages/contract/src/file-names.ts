/**
 * How a file's name travels. Clients percent-encode it once (the official Python SDK does, through aiohttp; ours do),
 * browsers and curl send it raw. So what arrives is decoded exactly once, escapes that do not decode stay literal,
 * and the result is normalised to NFC: one name has one spelling.
 */
export const decodeFileName = (sent: string): string => {
  if (!sent.includes('%')) return sent.normalize('NFC');
  return sent.replace(/(?:%[0-9a-f]{2})+/gi, decodeRun).normalize('NFC');
};

/** Everything but `A-Z a-z 0-9 _ . -` as upper-case UTF-8 escapes, so that `decodeFileName` gives the name back. */
export const encodeFileName = (name: string): string =>
  encodeURIComponent(name).replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** Decodes a run of escapes; where some of it is no UTF-8, decodes what is and leaves the rest as it came. */
const decodeRun = (escapes: string): string => {
  const whole = decodeOrUndefined(escapes);
  if (whole !== undefined) return whole;
  let out = '';
  for (let at = 0; at < escapes.length; ) {
    const length = [3, 6, 9, 12].find((n) => decodeOrUndefined(escapes.slice(at, at + n)) !== undefined);
    const piece = escapes.slice(at, at + (length ?? 3));
    out += length ? decodeURIComponent(piece) : piece;
    at += piece.length;
  }
  return out;
};

const decodeOrUndefined = (escapes: string): string | undefined => {
  try {
    return decodeURIComponent(escapes);
  } catch {
    return undefined;
  }
};
