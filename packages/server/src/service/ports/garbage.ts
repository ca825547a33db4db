import type { Instant } from '../../domain/instant.ts';

/**
 * Objects to delete. A key is added in the transaction that stops needing the object, or before an upload that may
 * never be finished; so no crash leaves an object that nothing knows of.
 */
export interface GarbageReader {
  /** Keys that may be deleted at `now`. */
  due(now: Instant, limit: number): Promise<string[]>;
  /** Which of these keys are garbage. */
  among(keys: readonly string[]): Promise<Set<string>>;
}

export interface GarbageWriter {
  /** Keys whose objects may be deleted from `notBefore` on. */
  add(keys: readonly string[], notBefore: Instant): Promise<void>;
  /** Lets keys be deleted from `notBefore` on; those that are no garbage any more stay as they are. */
  hasten(keys: readonly string[], notBefore: Instant): Promise<void>;
  /** Forgets keys: their objects are gone, or needed. */
  remove(keys: readonly string[]): Promise<void>;
}
