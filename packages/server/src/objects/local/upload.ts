import { DomainError } from '../../domain/errors.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Clock } from '../../service/ports/clock.ts';
import type { IncomingUpload, UploadEvents } from '../../uploads/intake.ts';
import { storageUnavailable } from '../storage-unavailable.ts';
import type { BodyFile, BodyFileEvents } from './body-file.ts';
import type { Outcome, Put, Refusal } from './writing/operations.ts';

/**
 * Largest body that is a row, in bytes. Measured: one more fsynced file costs more than writing twice (log, then
 * table) up to about here.
 */
export const MAX_ROW_BYTES = 128 * 1024;

/** Chunks a small body may be in. One that comes byte by byte would otherwise weigh hundreds of times its size. */
const MAX_CHUNKS = 32;

/** What an upload needs of the store it goes to. */
export type UploadTarget = {
  clock: Clock;
  submit(operation: Put, chunks?: readonly Buffer[]): Promise<Outcome>;
  startBody(events: BodyFileEvents): { name: string; file: BodyFile };
  /** Deletes a body that is on disk unless a row refers to it. */
  discardBody(name: string): void;
  /** Why the folder takes no file under this key as things stand; the last word is the writer's. */
  refusal(prefix: string, key: string): Refusal | undefined;
};

export type StoredUpload = { etag: string; size: number; storedAt: Instant };

/** One body on its way in: kept until it proves too large for a row, then streamed to a file. */
export class LocalUpload implements IncomingUpload {
  readonly #target: UploadTarget;
  readonly #key: string;
  readonly #prefix: string | null;
  readonly #events: UploadEvents;
  #chunks: Buffer[] = [];
  #size = 0;
  #body: { name: string; file: BodyFile } | undefined;

  /** @param prefix the folder of the form it comes by; null for one that comes by none */
  constructor(target: UploadTarget, key: string, prefix: string | null, events: UploadEvents) {
    this.#target = target;
    this.#key = key;
    this.#prefix = prefix;
    this.#events = events;
  }

  write(chunk: Buffer): boolean {
    this.#size += chunk.length;
    if (this.#body !== undefined) return this.#body.file.write(chunk);
    this.#chunks.push(chunk);
    if (this.#size > MAX_ROW_BYTES) return this.#spill();
    if (this.#chunks.length > MAX_CHUNKS) this.#chunks = [Buffer.concat(this.#chunks)];
    return true;
  }

  async commit(): Promise<StoredUpload> {
    const body = this.#body === undefined ? { start: 0 } : await this.#finishFile(this.#body);
    const operation: Put = {
      kind: 'put',
      key: this.#key,
      prefix: this.#prefix,
      storedAt: this.#target.clock(),
      size: this.#size,
      body,
    };
    try {
      const outcome = await this.#target.submit(operation, this.#chunks);
      if ('refused' in outcome) throw refused(outcome.refused);
      if (!('etag' in outcome)) throw storageUnavailable('an upload came to no outcome');
      return { etag: outcome.etag, size: this.#size, storedAt: operation.storedAt };
    } catch (error) {
      if (this.#body !== undefined) this.#target.discardBody(this.#body.name);
      throw error;
    }
  }

  abort(): void {
    this.#chunks = [];
    this.#body?.file.abort();
  }

  #spill(): boolean {
    this.#refuseEarly();
    this.#body = this.#target.startBody({
      drained: () => this.#events.drained(),
      failed: (error) => this.#events.failed(storageUnavailable(error)),
    });
    const { file } = this.#body;
    const goOn = this.#chunks.map((chunk) => file.write(chunk)).at(-1) ?? true;
    this.#chunks = [];
    return goOn;
  }

  /** Before gigabytes are written that can only be refused. */
  #refuseEarly(): void {
    if (this.#prefix === null) return;
    let refusal: Refusal | undefined;
    try {
      refusal = this.#target.refusal(this.#prefix, this.#key);
    } catch (error) {
      throw storageUnavailable(error);
    }
    if (refusal !== undefined) throw refused(refusal);
  }

  async #finishFile({
    name,
    file,
  }: {
    name: string;
    file: BodyFile;
  }): Promise<{ file: string; etag: string }> {
    try {
      return { file: name, etag: await file.finish() };
    } catch (error) {
      throw storageUnavailable(error);
    }
  }
}

const refused = (refusal: Refusal): DomainError =>
  refusal === 'SEALED'
    ? new DomainError('SESSION_ENDED', 'The upload session has ended.')
    : new DomainError(
        'SESSION_FULL',
        `The upload session holds as many ${refusal === 'TOO_MANY_FILES' ? 'files' : 'sidecars'} as it may.`,
      );
