import { isAscii, isUtf8 } from 'node:buffer';
import { MultipartError } from './multipart-error.ts';
import { readParameters } from './parameters.ts';

/** What the headers of one part say. */
export type PartHead = {
  /** Never empty. Any text a client likes, `__proto__` too: keep it in a Map. */
  name: string;
  /** As it was sent: percent escapes are the client's affair. Undefined for a part without one, which is a field. */
  filename: string | undefined;
  contentType: string | undefined;
};

/**
 * Room for the longest filename: 900 bytes of NFC may come in NFD, three times as many (Hangul), each byte of it escaped
 * by three.
 */
export const MAX_HEADER_BYTES = 12 * 1024;

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what this is for
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;
const FORM_DATA = /^form-data(?=[ \t]*(?:;|$))/i;
const PLAIN_ENCODING = /^(?:7bit|8bit|binary)$/i;

/**
 * Reads a part's header block, without the empty line that ends it. Headers come in any order; those RFC 7578 4.8
 * does not name are passed over. Names and filenames are UTF-8 (RFC 7578 5.1); `filename*` is not read, which
 * RFC 7578 4.2 asks for.
 * @throws MultipartError MALFORMED_HEADER, TOO_MANY_HEADERS, NAME_MISSING, UNSUPPORTED_ENCODING
 */
export const readPartHead = (block: Buffer, maxHeaders: number): PartHead => {
  const text = textOf(block);
  let disposition: string | undefined;
  let contentType: string | undefined;
  let headers = 0;
  for (let start = 0; start <= text.length; ) {
    const crlf = text.indexOf('\r\n', start);
    const end = crlf === -1 ? text.length : crlf;
    if (++headers > maxHeaders) {
      throw new MultipartError('TOO_MANY_HEADERS', `A part has more than ${maxHeaders} headers.`);
    }
    const colon = text.indexOf(':', start);
    const name = text.slice(start, colon);
    const value = text.slice(colon + 1, end).trim();
    // A name that is none also stands for a line folded onto the one before (it starts with a blank) and for an
    // empty line; a value with a bare CR or LF in it would read as two headers elsewhere.
    if (colon === -1 || colon > end || !HEADER_NAME.test(name) || CONTROL.test(value)) {
      throw new MultipartError('MALFORMED_HEADER', 'A header of a part is not well-formed.');
    }
    switch (name.toLowerCase()) {
      case 'content-disposition':
        if (disposition !== undefined) {
          throw new MultipartError('MALFORMED_HEADER', 'A part has two Content-Disposition headers.');
        }
        disposition = value;
        break;
      case 'content-type':
        contentType = value;
        break;
      case 'content-transfer-encoding':
        if (!PLAIN_ENCODING.test(value)) {
          throw new MultipartError(
            'UNSUPPORTED_ENCODING',
            'A part has a transfer encoding that changes bytes.',
          );
        }
    }
    start = end + 2;
  }
  return { ...readDisposition(disposition), contentType };
};

const readDisposition = (disposition = ''): Pick<PartHead, 'name' | 'filename'> => {
  const type = FORM_DATA.exec(disposition);
  if (type === null) throw new MultipartError('NAME_MISSING', 'A part is not form-data.');
  const parameters = readParameters(disposition, type[0].length);
  if (parameters === undefined) {
    throw new MultipartError('MALFORMED_HEADER', 'A Content-Disposition header is not well-formed.');
  }
  const name = parameters.get('name');
  if (!name) throw new MultipartError('NAME_MISSING', 'A part has no name.');
  return { name, filename: parameters.get('filename') };
};

/** Invalid UTF-8 is refused: decoded with replacement characters, two names could become one. */
const textOf = (block: Buffer): string => {
  if (isAscii(block)) return block.toString('latin1');
  if (isUtf8(block)) return block.toString();
  throw new MultipartError('MALFORMED_HEADER', 'A header of a part is not valid UTF-8.');
};
