import { isUtf8 } from 'node:buffer';
import { MultipartError } from '../multipart/multipart-error.ts';
import { type MultipartHandler, MultipartParser } from '../multipart/parser.ts';
import { MAX_HEADER_BYTES, type PartHead } from '../multipart/part-head.ts';
import { addField } from '../post-policy/form-fields.ts';
import { S3Error } from '../s3-error.ts';
import { type Head, headOf, type KnownHeads } from './known-heads.ts';

/** S3: the form without the content of its file has at most 20 KB. */
const MAX_FIELD_BYTES = 20 * 1024;

/** What may follow the file. It is ignored, so there is no reason to read much of it. */
export const MAX_TRAILING_BYTES = 64 * 1024;

const MULTIPART_LIMITS = { headerBytes: MAX_HEADER_BYTES, headers: 20, parts: 1000 };

/** Pieces of a field's value to hold before they are joined. */
const MAX_PIECES = 32;

/** Who is told of the file. What it throws passes through `write`. */
export type FileReceiver = {
  /**
   * All fields are there, by name in lower case, as they were sent; the map is the receiver's from now on.
   * @param offset bytes of the body before the file's
   */
  fileBegin(fields: Map<string, string>, filename: string | undefined, offset: number): void;
  /** The next bytes of the file: a view of the chunk, which nobody changes. */
  fileData(slice: Buffer): void;
};

const FIELDS = 0;
const FILE = 1;
const TRAILING = 2;

/** Reads the body of a POST as S3 has it: fields first, then one file; what follows it is ignored. */
export class FormReader implements MultipartHandler {
  readonly #boundary: string;
  readonly #heads: KnownHeads;
  readonly #receiver: FileReceiver;
  readonly #parser: MultipartParser;
  #fields = new Map<string, string>();
  #state = FIELDS;
  #fieldName = '';
  #pieces: Buffer[] = [];
  /** Bytes read before the chunk at hand. */
  #read = 0;
  #trailing = 0;
  /** Bytes of a head that is known, which the parser does not see. */
  #skipped = 0;
  /** The first chunk while it is being read, with its head if that is not known. */
  #first: { chunk: Buffer; head: Head } | undefined;

  constructor(boundary: string, heads: KnownHeads, receiver: FileReceiver) {
    this.#boundary = boundary;
    this.#heads = heads;
    this.#receiver = receiver;
    this.#parser = new MultipartParser(boundary, this, MULTIPART_LIMITS);
  }

  /** @throws S3Error, and what the receiver throws */
  write(chunk: Buffer): void {
    if (this.#state === TRAILING) this.#trailing += chunk.length;
    if (this.#trailing > MAX_TRAILING_BYTES) {
      throw new S3Error('MalformedPOSTRequest', 'Too much follows the file.');
    }
    try {
      this.#parser.write(this.#read === 0 ? this.#skipKnownHead(chunk) : chunk);
    } catch (error) {
      throw this.#placed(error);
    }
    this.#first = undefined;
    this.#read += chunk.length;
  }

  /**
   * The request is whole.
   * @throws S3Error where the form is not
   */
  end(): void {
    try {
      this.#parser.end();
    } catch (error) {
      throw this.#placed(error);
    }
    if (this.#state === FIELDS) throw wrongNumberOfFiles('no part');
  }

  partBegin({ name, filename }: PartHead, parsed: number): number {
    const offset = this.#skipped + parsed;
    const isFile = name.toLowerCase() === 'file';
    if (this.#state !== FIELDS) {
      if (isFile) throw wrongNumberOfFiles('more than one part');
      this.#state = TRAILING;
      return Number.POSITIVE_INFINITY;
    }
    if (offset > MAX_FIELD_BYTES) throw tooMuchBefore(name);
    if (!isFile) {
      this.#fieldName = name;
      return MAX_FIELD_BYTES - offset;
    }
    const newHead = this.#newHead(offset);
    const sent = newHead && new Map(this.#fields);
    this.#state = FILE;
    this.#receiver.fileBegin(this.#fields, filename, offset);
    // Only a form that was let in is worth remembering.
    if (newHead !== undefined && sent !== undefined) this.#heads.add(newHead, sent);
    return Number.POSITIVE_INFINITY;
  }

  partData(slice: Buffer): void {
    if (this.#state === FILE) this.#receiver.fileData(slice);
    else if (this.#state === FIELDS) {
      this.#pieces.push(slice);
      if (this.#pieces.length > MAX_PIECES) this.#pieces = [Buffer.concat(this.#pieces)];
    }
  }

  partEnd(): void {
    if (this.#state !== FIELDS) {
      this.#state = TRAILING;
      return;
    }
    const [first, ...rest] = this.#pieces;
    const value = first !== undefined && rest.length === 0 ? first : Buffer.concat(this.#pieces);
    this.#pieces = [];
    if (!isUtf8(value)) {
      throw new S3Error(
        'InvalidArgument',
        `The field ${JSON.stringify(this.#fieldName)} is not valid UTF-8.`,
      );
    }
    addField(this.#fields, this.#fieldName, value.toString());
  }

  formEnd(): void {}

  /** What is wrong with the body, with the field that it is at or comes after. */
  #placed(error: unknown): unknown {
    if (!(error instanceof MultipartError)) return error;
    if (error.code === 'PART_TOO_LARGE') return tooMuchBefore(this.#fieldName);
    const last = [...this.#fields.keys()].at(-1);
    const before = last === undefined ? 'at its start' : `after the field ${JSON.stringify(last)}`;
    const place = this.#state === FIELDS ? before : 'in the part "file" or after it';
    return new S3Error(
      'MalformedPOSTRequest',
      `The body is not well-formed multipart/form-data, ${place}: ${error.message}`,
    );
  }

  /** Where the fields have been read before, only the file is left to be parsed. */
  #skipKnownHead(chunk: Buffer): Buffer {
    const head = headOf(chunk, this.#boundary);
    if (head === undefined) return chunk;
    const fields = this.#heads.fieldsOf(head);
    if (fields === undefined) {
      this.#first = { chunk, head };
      return chunk;
    }
    this.#fields = new Map(fields);
    this.#skipped = head.length;
    return chunk.subarray(head.length);
  }

  /** The head of this form, if it is not known and truly one: it holds all the fields, and the file's part comes next. */
  #newHead(offset: number): Head | undefined {
    if (this.#first === undefined) return undefined;
    const { chunk, head } = this.#first;
    const isWhole = head.parts === this.#fields.size && chunk.indexOf('\r\n\r\n', head.length) + 4 === offset;
    // A value that begins like a boundary makes one of the end of its part's headers.
    return isWhole && head.text.split('\0').every((part) => part.includes('\r\n\r\n')) ? head : undefined;
  }
}

const wrongNumberOfFiles = (found: string): S3Error =>
  new S3Error(
    'IncorrectNumberOfFilesInPostRequest',
    `POST requires exactly one file upload: the form has ${found} named "file".`,
  );

const tooMuchBefore = (field: string): S3Error =>
  new S3Error(
    'MaxPostPreDataLengthExceededError',
    `The form has more than ${MAX_FIELD_BYTES} bytes before its part "file": ${JSON.stringify(field)} does not fit any more.`,
  );
