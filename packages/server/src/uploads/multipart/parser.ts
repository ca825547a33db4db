import { MultipartError } from './multipart-error.ts';
import { type PartHead, readPartHead } from './part-head.ts';

export type MultipartLimits = {
  /** Bytes of one part's headers; also of what comes before the first delimiter. */
  headerBytes: number;
  /** Headers of one part. */
  headers: number;
  parts: number;
};

/** Where a parser tells what it reads, in the order of the body. What a handler throws passes through `write`. */
export type MultipartHandler = {
  /**
   * A part begins.
   * @param offset bytes of the body before its data
   * @returns the most bytes its data may have; `Infinity` for no limit
   */
  partBegin(head: PartHead, offset: number): number;
  /** The next bytes of the part: a view of the chunk that was written, not a copy, and not to be changed. */
  partData(slice: Buffer): void;
  /** The part's delimiter has been read: its data is whole. */
  partEnd(): void;
  /** The closing delimiter has been read; anything after it is ignored (RFC 2046, 5.1.1). */
  formEnd(): void;
};

const CR = 0x0d;
const LF = 0x0a;
const DASH = 0x2d;
const SPACE = 0x20;
const TAB = 0x09;
const END_OF_HEADERS = Buffer.from('\r\n\r\n');

/** Blanks that may follow a boundary on its line (RFC 2046's transport-padding, which no client sends). */
const MAX_PADDING = 64;

const PREAMBLE = 0;
const DELIMITER = 1;
const HEADERS = 2;
const DATA = 3;
const EPILOGUE = 4;
const BROKEN = 5;

/**
 * Reads a multipart/form-data body in one pass, however it is cut into chunks. Memory is bounded by the limits: only
 * headers that a chunk cut in two are ever copied. After an error every further call throws.
 */
export class MultipartParser {
  readonly #handler: MultipartHandler;
  readonly #limits: MultipartLimits;
  /** CRLF, two dashes, boundary. A boundary has no CR, so only the first byte of this is one. */
  readonly #delimiter: Buffer;
  #state = PREAMBLE;
  /** Bytes of all chunks before the one at hand. */
  #before = 0;
  /** How much of the delimiter the data read so far ends with. The body's first line needs no CRLF before it. */
  #matched = 2;
  #parts = 0;
  /** What the data of this part (or the preamble) may still have. */
  #room: number;
  /** The byte of the delimiter line that waits for its second half: CR for CRLF, dash for two dashes. */
  #half = 0;
  #padding = 0;
  /** Headers that began in an earlier chunk. */
  #headers: Buffer | undefined;
  #headersLength = 0;

  /** @param boundary as `boundaryOf` gives it */
  constructor(boundary: string, handler: MultipartHandler, limits: MultipartLimits) {
    this.#handler = handler;
    this.#limits = limits;
    this.#room = limits.headerBytes;
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  /** @throws MultipartError, and what the handler throws */
  write(chunk: Buffer): void {
    const { length } = chunk;
    let at = 0;
    try {
      while (at < length) {
        switch (this.#state) {
          case DATA:
          case PREAMBLE:
            at = this.#readData(chunk, at);
            break;
          case DELIMITER:
            at = this.#readDelimiterLine(chunk, at);
            break;
          case HEADERS:
            at = this.#readHeaders(chunk, at);
            break;
          case EPILOGUE:
            at = length;
            break;
          default:
            throw malformed('The body was not well-formed.');
        }
      }
    } catch (error) {
      this.#state = BROKEN;
      throw error;
    }
    this.#before += length;
  }

  /**
   * No more chunks come.
   * @throws MultipartError TRUNCATED
   */
  end(): void {
    if (this.#state === EPILOGUE) return;
    this.#state = BROKEN;
    throw new MultipartError('TRUNCATED', 'The body ends before its closing delimiter.');
  }

  #readData(chunk: Buffer, start: number): number {
    const delimiter = this.#delimiter;
    let at = start;
    if (this.#matched > 0) {
      let matched = this.#matched;
      while (at < chunk.length && matched < delimiter.length && chunk[at] === delimiter[matched]) {
        at++;
        matched++;
      }
      if (matched === delimiter.length) return this.#endData(at);
      if (at === chunk.length) {
        this.#matched = matched;
        return at;
      }
      // It was no delimiter but data that began like one, and nothing inside it can begin one: it holds one CR.
      this.#matched = 0;
      this.#take(delimiter.subarray(this.#state === PREAMBLE ? 2 : 0, matched));
    }
    const found = chunk.indexOf(delimiter, at);
    if (found !== -1) {
      if (found > at) this.#take(chunk.subarray(at, found));
      return this.#endData(found + delimiter.length);
    }
    this.#matched = this.#endsWithDelimiterStart(chunk, at);
    const end = chunk.length - this.#matched;
    if (end > at) this.#take(chunk.subarray(at, end));
    return chunk.length;
  }

  /** How many bytes at the end of a chunk may be the start of a delimiter. */
  #endsWithDelimiterStart(chunk: Buffer, from: number): number {
    const delimiter = this.#delimiter;
    const { length } = chunk;
    const lowest = Math.max(from, length - delimiter.length + 1);
    let candidate = length - 1;
    while (candidate >= lowest && chunk[candidate] !== CR) candidate--;
    if (candidate < lowest) return 0;
    for (let at = candidate + 1; at < length; at++) {
      if (chunk[at] !== delimiter[at - candidate]) return 0;
    }
    return length - candidate;
  }

  #take(slice: Buffer): void {
    this.#room -= slice.length;
    if (this.#state === DATA) {
      if (this.#room < 0) throw new MultipartError('PART_TOO_LARGE', 'A part is too large.');
      this.#handler.partData(slice);
    } else if (this.#room < 0) throw malformed('The body does not start with a delimiter.');
  }

  #endData(at: number): number {
    this.#matched = 0;
    if (this.#state === DATA) this.#handler.partEnd();
    this.#state = DELIMITER;
    this.#half = 0;
    this.#padding = 0;
    return at;
  }

  #readDelimiterLine(chunk: Buffer, start: number): number {
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at];
      if (this.#half === CR && byte === LF) {
        this.#state = HEADERS;
        return at + 1;
      }
      if (this.#half === DASH && byte === DASH) {
        this.#state = EPILOGUE;
        this.#handler.formEnd();
        return chunk.length;
      }
      if (this.#half !== 0) throw malformed('A delimiter line is not well-formed.');
      if (byte === CR || (byte === DASH && this.#padding === 0)) this.#half = byte;
      else if ((byte !== SPACE && byte !== TAB) || ++this.#padding > MAX_PADDING) {
        throw malformed('A delimiter line is not well-formed.');
      }
    }
    return chunk.length;
  }

  #readHeaders(chunk: Buffer, start: number): number {
    if (this.#headers !== undefined) return this.#readMoreHeaders(this.#headers, chunk, start);
    if (chunk[start] === CR) throw new MultipartError('NAME_MISSING', 'A part has no headers.');
    const end = chunk.indexOf(END_OF_HEADERS, start);
    if (end !== -1) {
      if (end - start > this.#limits.headerBytes) throw headersTooLarge(this.#limits);
      this.#beginPart(chunk.subarray(start, end), this.#before + end + END_OF_HEADERS.length);
      return end + END_OF_HEADERS.length;
    }
    this.#headers = Buffer.allocUnsafe(this.#limits.headerBytes + END_OF_HEADERS.length);
    this.#headersLength = 0;
    return this.#readMoreHeaders(this.#headers, chunk, start);
  }

  /** Looks only at bytes that are new, so that a client sending them one by one costs no more than another. */
  #readMoreHeaders(headers: Buffer, chunk: Buffer, start: number): number {
    const known = this.#headersLength;
    const copied = chunk.copy(headers, known, start);
    this.#headersLength += copied;
    const end = headers
      .subarray(0, this.#headersLength)
      .indexOf(END_OF_HEADERS, Math.max(0, known - END_OF_HEADERS.length + 1));
    if (end === -1) {
      if (this.#headersLength === headers.length) throw headersTooLarge(this.#limits);
      return start + copied;
    }
    const at = start + end + END_OF_HEADERS.length - known;
    this.#headers = undefined;
    this.#beginPart(headers.subarray(0, end), this.#before + at);
    return at;
  }

  #beginPart(block: Buffer, offset: number): void {
    if (++this.#parts > this.#limits.parts) {
      throw new MultipartError('TOO_MANY_PARTS', `The form has more than ${this.#limits.parts} parts.`);
    }
    this.#room = this.#handler.partBegin(readPartHead(block, this.#limits.headers), offset);
    this.#state = DATA;
  }
}

const malformed = (message: string) => new MultipartError('MALFORMED', message);

const headersTooLarge = ({ headerBytes }: MultipartLimits) =>
  new MultipartError('HEADERS_TOO_LARGE', `The headers of a part are larger than ${headerBytes} bytes.`);
