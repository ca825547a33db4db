import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { boundaryOf } from '../../domain/multipart/boundary.ts';
import { type MultipartHandler, MultipartParser } from '../../domain/multipart/parser.ts';
import type { PartHead } from '../../domain/multipart/part-head.ts';
import { checkForm } from '../post-policy/check.ts';
import { addField, substituteFilename } from '../post-policy/form-fields.ts';
import type { Policy } from '../post-policy/policy.ts';
import { S3Error } from '../s3-error.ts';
import { corsHeaders } from './cors.ts';
import type { FormEndpoint } from './endpoint.ts';
import type { FormUpload, UploadEvents } from './form-uploads.ts';
import { type Head, headOf } from './known-heads.ts';
import { asS3Error, sendRefusal } from './refusal.ts';
import { keyPath, sendSuccess } from './success.ts';

/** S3: the form without the content of its file has at most 20 KB. */
const MAX_FIELD_BYTES = 20 * 1024;

/** What may follow the file. It is ignored, so there is no reason to read much of it. */
const MAX_TRAILING_BYTES = 64 * 1024;

const MULTIPART_LIMITS = { headerBytes: 8 * 1024, headers: 20, parts: 1000 };

/** Pieces of a field's value to hold before they are joined. */
const MAX_PIECES = 32;

const RECEIVING = 0;
const COMMITTING = 1;
const ANSWERED = 2;

const READING_FIELD = 0;
const READING_FILE = 1;
const PAST_FILE = 2;

/** One POST: fields first, then one file, streamed on as it comes. A class, since there is one for every upload. */
export class FormRequest implements MultipartHandler, UploadEvents {
  readonly #endpoint: FormEndpoint;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  /** Bytes of the whole body; undefined for a chunked one. */
  readonly #length: number | undefined;
  #fields = new Map<string, string>();
  #boundary = '';
  /** The start of the body, while it is being read, if it came in one chunk and is not known. */
  #head: { head: Head; chunk: Buffer } | undefined;
  /** Bytes of a head that is known, which the parser does not see. */
  #skipped = 0;
  #parser: MultipartParser | undefined;
  #state = RECEIVING;
  #reading = READING_FIELD;
  #received = 0;
  #trailing = 0;
  #fieldName = '';
  #pieces: Buffer[] = [];
  #policy: Policy | undefined;
  #upload: FormUpload | undefined;
  #key = '';
  #size = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(endpoint: FormEndpoint, request: IncomingMessage, response: ServerResponse) {
    this.#endpoint = endpoint;
    this.#request = request;
    this.#response = response;
    const length = request.headers['content-length'];
    this.#length = length === undefined ? undefined : Number(length);
  }

  start(): void {
    const request = this.#request;
    try {
      this.#boundary = boundaryOf(request.headers['content-type']);
      this.#parser = new MultipartParser(this.#boundary, this, MULTIPART_LIMITS);
    } catch (error) {
      this.#refuse(error);
      return;
    }
    request.on('data', (chunk: Buffer) => this.#receive(chunk));
    request.on('end', () => this.#complete());
    request.on('close', () => this.#abandon());
    this.#watchIdle();
  }

  partBegin({ name, filename }: PartHead, parsed: number): number {
    const offset = this.#skipped + parsed;
    const isFile = name.toLowerCase() === 'file';
    if (this.#upload !== undefined) {
      if (isFile)
        throw new S3Error('IncorrectNumberOfFilesInPostRequest', 'POST requires exactly one file upload.');
      this.#reading = PAST_FILE;
      return Number.POSITIVE_INFINITY;
    }
    if (offset > MAX_FIELD_BYTES) throw fieldsTooLarge();
    if (isFile) this.#beginFile(filename, offset);
    else this.#fieldName = name;
    this.#reading = isFile ? READING_FILE : READING_FIELD;
    return isFile ? Number.POSITIVE_INFINITY : MAX_FIELD_BYTES - offset;
  }

  partData(slice: Buffer): void {
    switch (this.#reading) {
      case READING_FILE:
        this.#size += slice.length;
        this.#checkNotTooLarge(this.#size);
        if (this.#upload?.write(slice) === false) this.#pause();
        break;
      case READING_FIELD:
        this.#pieces.push(slice);
        if (this.#pieces.length > MAX_PIECES) this.#pieces = [Buffer.concat(this.#pieces)];
    }
  }

  partEnd(): void {
    if (this.#reading === READING_FIELD) {
      const { length } = this.#pieces;
      const value = length === 1 ? (this.#pieces[0] as Buffer) : Buffer.concat(this.#pieces);
      this.#pieces = [];
      if (!isUtf8(value)) {
        throw new S3Error(
          'InvalidArgument',
          `The field ${JSON.stringify(this.#fieldName)} is not valid UTF-8.`,
        );
      }
      addField(this.#fields, this.#fieldName, value.toString());
    }
    // A file's end says nothing yet: it counts once the form has ended and the request with it.
  }

  formEnd(): void {
    this.#reading = PAST_FILE;
  }

  drained(): void {
    if (this.#state !== RECEIVING) return;
    this.#request.resume();
    this.#watchIdle();
  }

  failed(error: unknown): void {
    if (this.#state === RECEIVING) this.#refuse(error);
  }

  #beginFile(filename: string | undefined, offset: number): void {
    const { uploads, bucket, clock } = this.#endpoint;
    this.#policy = uploads.verifyForm(this.#fields);
    this.#rememberHead(offset);
    substituteFilename(this.#fields, filename);
    this.#key = checkForm(this.#fields, this.#policy, { bucket, now: clock() });
    // So much is announced that the file must be too large, whatever follows it.
    if (this.#length !== undefined) this.#checkNotTooLarge(this.#length - offset - 4 * MAX_TRAILING_BYTES);
    this.#upload = uploads.begin({ key: this.#key, prefix: this.#policy.keyPrefix }, this);
  }

  /** Where the form has been read before, only its file is left to be parsed. */
  #skipKnownHead(chunk: Buffer): Buffer {
    const head = headOf(chunk, this.#boundary);
    const fields = head && this.#endpoint.heads.fieldsOf(head);
    if (head === undefined) return chunk;
    if (fields === undefined) {
      this.#head = { head, chunk };
      return chunk;
    }
    this.#fields = new Map(fields);
    this.#skipped = head.length;
    return chunk.subarray(head.length);
  }

  #rememberHead(offset: number): void {
    if (this.#head === undefined) return;
    const { head, chunk } = this.#head;
    // It is a head only if it holds all the fields, and the next part is the file's.
    const isWhole = head.parts === this.#fields.size && chunk.indexOf('\r\n\r\n', head.length) + 4 === offset;
    if (isWhole) this.#endpoint.heads.add(head, this.#fields);
  }

  #checkNotTooLarge(size: number): void {
    const { maxBytes = 0 } = this.#policy ?? {};
    if (size <= maxBytes) return;
    throw new S3Error('EntityTooLarge', 'The file is larger than the form allows.', {
      ProposedSize: String(size),
      MaxSizeAllowed: String(maxBytes),
    });
  }

  #receive(chunk: Buffer): void {
    if (this.#state !== RECEIVING) return;
    this.#idle?.refresh();
    const isFirst = this.#received === 0;
    this.#received += chunk.length;
    try {
      if (this.#reading === PAST_FILE) this.#trailing += chunk.length;
      if (this.#trailing > MAX_TRAILING_BYTES) {
        throw new S3Error('MalformedPOSTRequest', 'Too much follows the file.');
      }
      this.#parser?.write(isFirst ? this.#skipKnownHead(chunk) : chunk);
      this.#head = undefined;
    } catch (error) {
      this.#refuse(error);
      return;
    }
    // Everything is there; no need to wait for the stream to say so.
    if (this.#received === this.#length) this.#complete();
  }

  #complete(): void {
    if (this.#state !== RECEIVING) return;
    try {
      this.#parser?.end();
      if (this.#upload === undefined) {
        throw new S3Error('IncorrectNumberOfFilesInPostRequest', 'POST requires exactly one file upload.');
      }
      const { minBytes = 0 } = this.#policy ?? {};
      if (this.#size < minBytes) {
        throw new S3Error('EntityTooSmall', 'The file is smaller than the form allows.', {
          ProposedSize: String(this.#size),
          MinSizeAllowed: String(minBytes),
        });
      }
      this.#state = COMMITTING;
      clearTimeout(this.#idle);
      this.#upload.commit().then(
        ({ etag }) => this.#succeed(etag),
        (error) => this.#refuse(error),
      );
    } catch (error) {
      this.#refuse(error);
    }
  }

  #succeed(etag: string): void {
    this.#state = ANSWERED;
    const { bucket, publicUrl, corsOrigins, observer } = this.#endpoint;
    observer.stored(this.#size);
    if (this.#response.destroyed) return;
    const location = `${publicUrl()}/${bucket}/${keyPath(this.#key)}`;
    const headers = corsHeaders(this.#request, corsOrigins);
    sendSuccess(this.#response, this.#fields, { bucket, key: this.#key, etag, location }, headers);
  }

  #refuse(error: unknown): void {
    this.#state = ANSWERED;
    clearTimeout(this.#idle);
    this.#upload?.abort();
    const { corsOrigins, drain, observer } = this.#endpoint;
    const refusal = asS3Error(error);
    observer.refused(refusal.code);
    if (refusal.status >= 500) observer.failed(error);
    const headers = corsHeaders(this.#request, corsOrigins);
    sendRefusal(this.#request, this.#response, refusal, { received: this.#received, headers, drain });
  }

  /** The connection ended before the body did. */
  #abandon(): void {
    if (this.#state !== RECEIVING) return;
    this.#state = ANSWERED;
    clearTimeout(this.#idle);
    this.#upload?.abort();
    this.#endpoint.observer.refused('IncompleteBody');
  }

  #pause(): void {
    this.#request.pause();
    // The silence is ours now.
    clearTimeout(this.#idle);
    this.#idle = undefined;
  }

  #watchIdle(): void {
    this.#idle = setTimeout(() => {
      this.#refuse(new S3Error('RequestTimeout', 'No byte of the upload came for too long.'));
    }, this.#endpoint.idleTimeout);
  }
}

const fieldsTooLarge = (): S3Error =>
  new S3Error(
    'MaxPostPreDataLengthExceededError',
    'The form fields before the file are larger than allowed.',
  );
