import { DomainError } from '../../domain/errors.ts';
import type { Intake, UploadEvents } from '../../uploads/intake.ts';

/** One body on its way into a remote store. */
export interface RemoteWriter {
  /** Takes over the chunk. False: wait for `drained` before writing more. */
  write(chunk: Buffer): boolean;
  commit(): Promise<{ etag: string; size: number }>;
  /** Nothing stays. Resolves when that is done, and never rejects; may be called at any time, and twice. */
  abort(): Promise<void>;
}

export type RelayOptions = {
  /** @param permit asked before a large body is sent, and before any becomes visible; rejects where it may not */
  openWriter: (key: string, events: UploadEvents, permit: () => Promise<void>) => RemoteWriter;
  /** Whether a folder takes uploads still. */
  mayUpload: (prefix: string) => Promise<boolean>;
  /** What the store failed with, as NAME_REFUSED where it is the key that it will never take. */
  asUploadError: (error: unknown, key: string) => Error;
  /** For what goes on after an upload is given up, which nobody waits for. */
  tidy: (work: Promise<void>) => void;
};

/** Streams uploads that come to us on into a store that is elsewhere. */
export const createRelay = ({ openWriter, mayUpload, asUploadError, tidy }: RelayOptions): Intake => ({
  begin: ({ key, prefix }, events) => {
    checkSegments(key);
    const permit = async (): Promise<void> => {
      if (await mayUpload(prefix)) return;
      throw new DomainError('SESSION_ENDED', 'The upload session has ended.');
    };
    const writer = openWriter(
      key,
      { drained: () => events.drained(), failed: (error) => events.failed(asUploadError(error, key)) },
      permit,
    );
    return {
      write: writer.write,
      commit: async () => {
        try {
          return await writer.commit();
        } catch (error) {
          throw asUploadError(error, key);
        }
      },
      abort: () => tidy(writer.abort()),
    };
  },
});

/**
 * Stores that keep objects as files take `a/../b` for `b`, so that a form for one folder would write to another's.
 * @throws NAME_REFUSED
 */
const checkSegments = (key: string): void => {
  if (!key.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) return;
  throw new DomainError('NAME_REFUSED', 'The key has a part that is empty, "." or "..".');
};
