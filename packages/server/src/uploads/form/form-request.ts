import type { IncomingMessage, ServerResponse } from 'node:http';
import { keyPath } from '../../domain/object-keys.ts';
import type { IncomingUpload, UploadEvents } from '../intake.ts';
import { boundaryOf } from '../multipart/boundary.ts';
import { checkForm } from '../post-policy/check.ts';
import { substituteFilename } from '../post-policy/form-fields.ts';
import { S3Error } from '../s3-error.ts';
import { corsHeaders } from './cors.ts';
import type { FormContext } from './form-context.ts';
import { type FileReceiver, FormReader, MAX_TRAILING_BYTES } from './form-reader.ts';
import { asS3Error, sendRefusal } from './refusal.ts';
import { sendSuccess } from './success.ts';

const RECEIVING = 0;
const COMMITTING = 1;
const ANSWERED = 2;

/**
 * One POST, from its head to its answer. The file is streamed on as it comes, and counts once the request is whole. A
 * class, since there is one for every upload.
 */
export class FormRequest implements FileReceiver, UploadEvents {
  readonly #endpoint: FormContext;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  /** Bytes of the whole body; undefined for a chunked one. */
  readonly #length: number | undefined;
  #state = RECEIVING;
  #reader: FormReader | undefined;
  #received = 0;
  #fields: Map<string, string> = new Map();
  #upload: IncomingUpload | undefined;
  #key = '';
  /** Bytes of the file so far, and how many the policy asks for. */
  #size = 0;
  #minBytes = 0;
  #maxBytes = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(endpoint: FormContext, request: IncomingMessage, response: ServerResponse) {
    this.#endpoint = endpoint;
    this.#request = request;
    this.#response = response;
    const length = request.headers['content-length'];
    this.#length = length === undefined ? undefined : Number(length);
  }

  start(): void {
    const request = this.#request;
    try {
      checkCoding(request.headers['content-encoding']);
      const boundary = boundaryOf(request.headers['content-type']);
      this.#reader = new FormReader(boundary, this.#endpoint.heads, this);
    } catch (error) {
      this.#refuse(error);
      return;
    }
    request.on('data', (chunk: Buffer) => this.#receive(chunk));
    request.on('end', () => this.#complete());
    request.on('close', () => this.#abandon());
    this.#watchIdle();
  }

  fileBegin(fields: Map<string, string>, filename: string | undefined, offset: number): void {
    const { intake, verifyForm, checkName, bucket, clock } = this.#endpoint;
    this.#fields = fields;
    const policy = verifyForm(fields);
    substituteFilename(fields, filename);
    this.#key = checkForm(fields, policy, { bucket, now: clock() });
    checkName(this.#key, policy.keyPrefix);
    this.#minBytes = policy.minBytes;
    this.#maxBytes = policy.maxBytes;
    // So much is announced that the file must be too large, whatever follows it.
    if (this.#length !== undefined) this.#checkNotTooLarge(this.#length - offset - 4 * MAX_TRAILING_BYTES);
    this.#upload = intake.begin({ key: this.#key, prefix: policy.keyPrefix }, this);
  }

  fileData(slice: Buffer): void {
    this.#size += slice.length;
    this.#checkNotTooLarge(this.#size);
    if (this.#upload?.write(slice) === false) this.#pause();
  }

  drained(): void {
    if (this.#state !== RECEIVING) return;
    this.#request.resume();
    this.#watchIdle();
  }

  failed(error: unknown): void {
    if (this.#state === RECEIVING) this.#refuse(error);
  }

  #receive(chunk: Buffer): void {
    if (this.#state !== RECEIVING) return;
    this.#idle?.refresh();
    this.#received += chunk.length;
    try {
      this.#reader?.write(chunk);
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
      this.#reader?.end();
      this.#checkNotTooSmall();
    } catch (error) {
      this.#refuse(error);
      return;
    }
    this.#state = COMMITTING;
    this.#stopWatching();
    this.#upload?.commit().then(
      ({ etag }) => this.#succeed(etag),
      (error) => this.#refuse(error),
    );
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
    this.#stopWatching();
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
    this.#stopWatching();
    this.#upload?.abort();
    this.#endpoint.observer.refused('IncompleteBody');
  }

  #checkNotTooLarge(size: number): void {
    if (size <= this.#maxBytes) return;
    throw new S3Error(
      'EntityTooLarge',
      `The file is larger than the ${this.#maxBytes} bytes that the form allows.`,
      {
        ProposedSize: String(size),
        MaxSizeAllowed: String(this.#maxBytes),
      },
    );
  }

  #checkNotTooSmall(): void {
    if (this.#size >= this.#minBytes) return;
    throw new S3Error(
      'EntityTooSmall',
      `The file is smaller than the ${this.#minBytes} bytes that the form asks for.`,
      {
        ProposedSize: String(this.#size),
        MinSizeAllowed: String(this.#minBytes),
      },
    );
  }

  #pause(): void {
    this.#request.pause();
    this.#stopWatching(); // the silence is ours now
  }

  #watchIdle(): void {
    this.#stopWatching();
    this.#idle = setTimeout(
      () => this.#refuse(new S3Error('RequestTimeout', 'No byte of the upload came for too long.')),
      this.#endpoint.idleTimeout,
    ).unref();
  }

  #stopWatching(): void {
    clearTimeout(this.#idle);
    this.#idle = undefined;
  }
}

/** A body that is compressed, or said to be, is not taken for what it is not. */
const checkCoding = (coding = 'identity'): void => {
  if (/^\s*(?:identity)?\s*$/i.test(coding)) return;
  throw new S3Error('UnsupportedMediaType', 'Forms are taken as they are: send it without Content-Encoding.');
};
