import type { WriteMode } from '@sluice/contract';
import type { FileRecord, Metadata } from '../domain/file.ts';
import type { Workspace } from '../domain/workspace.ts';
import { planWrites, WRITE_RULES } from '../domain/write-mode.ts';
import type { Clock, NewId } from './ports/clock.ts';
import type { Writer } from './ports/store.ts';

/** Content that is to be a file: stored, and as yet nobody's. */
export type ArrivingFile = {
  name: string;
  /** Bytes. */
  size: number;
  characters: number;
  metadata: Metadata;
  objectKey: string;
  etag: string;
};

export type PutFiles = (
  tx: Writer,
  put: { workspace: Workspace; mode: WriteMode; arriving: readonly ArrivingFile[] },
) => Promise<{
  /** What each became, in their order; undefined where its name was taken and the mode is FAIL. */
  files: (FileRecord | undefined)[];
  /** Keys of objects that are needed no more: of those refused, of what was replaced and of twins that went. */
  garbage: string[];
}>;

/**
 * The one door by which files come into a workspace, whatever road their bytes took. Runs in the transaction that has
 * locked the workspace; the names of what arrives together are all different.
 */
export const createPutFiles =
  ({
    clock,
    newId,
    temporaryFor,
  }: {
    clock: Clock;
    newId: NewId;
    /** Microseconds a TEMPORARY file stays. */
    temporaryFor: number;
  }): PutFiles =>
  async (tx, { workspace, mode, arriving }) => {
    const rules = WRITE_RULES[mode];
    const records = arriving.map((file): FileRecord => {
      const now = clock();
      return {
        ...file,
        id: newId(),
        workspaceId: workspace.id,
        createdAt: now,
        temporaryUntil: rules.temporary ? now + temporaryFor : null,
      };
    });
    const names = arriving.map(({ name }) => name);
    const taken = rules.taken === 'add' ? new Map() : await tx.files.withNames(workspace.id, names);
    const plan = planWrites(mode, records, taken);
    await tx.files.remove(plan.removed);
    await tx.files.insertMany(plan.inserted);
    await tx.files.replace(plan.replaced);
    const put = new Map([...plan.inserted, ...plan.replaced].map((file) => [file.objectKey, file]));
    return {
      files: arriving.map(({ objectKey }) => put.get(objectKey)),
      garbage: [...plan.displaced, ...[...plan.removed, ...plan.refused].map((file) => file.objectKey)],
    };
  };
