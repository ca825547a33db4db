import { hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { MoveOutcome, ObjectMove } from '../../../service/ports/objects.ts';
import { isSidecarKey } from '../../sidecar-key.ts';
import type { ObjectRow } from '../schema.ts';
import { uploadPrefixes } from '../upload-prefixes.ts';
import type { Batch, BatchResult, Operation, Outcome, Put } from './operations.ts';

/** Carries out batches. If the database is in a transaction afterwards, it can be used no more. */
export type BatchWriter = (batches: readonly Batch[]) => BatchResult;

/**
 * Carries out batches in one transaction. If that fails, every operation gets a transaction of its own, so that
 * one that cannot succeed takes no other with it.
 * @param maxFilesPerSession files a form may bring, and sidecars, each counted by itself
 * @param hasFile whether a large body is there
 */
export const createBatchWriter = (
  database: DatabaseSync,
  maxFilesPerSession: number,
  hasFile: (name: string) => boolean,
): BatchWriter => {
  const prefixes = uploadPrefixes(database);
  const sql = {
    begin: database.prepare('begin immediate'),
    commit: database.prepare('commit'),
    find: database.prepare('select key, size, etag, stored_at, body_id, file from object where key = ?'),
    insert: database.prepare(
      `insert into object (key, size, etag, stored_at, is_sidecar, body_id, file) values (?, ?, ?, ?, ?, ?, ?)
       on conflict do nothing`,
    ),
    rename: database.prepare('update object set key = ?, is_sidecar = ? where key = ?'),
    remove: database.prepare('delete from object where key = ?'),
    insertBody: database.prepare('insert into body (id, bytes) values (?, ?)'),
    removeBody: database.prepare('delete from body where id = ?'),
    seal: database.prepare(
      'insert into sealed_prefix (prefix, sealed_at) values (?, ?) on conflict do nothing',
    ),
    pruneSeals: database.prepare('delete from sealed_prefix where sealed_at < ?'),
  };
  const lastBody = database.prepare('select coalesce(max(id), 0) as id from body').get() as { id: number };
  let bodyId = lastBody.id;

  const find = (key: string) => sql.find.get(key) as ObjectRow | undefined;

  const remove = (row: ObjectRow, freed: string[]): void => {
    sql.remove.run(row.key);
    if (row.body_id !== null) sql.removeBody.run(row.body_id);
    if (row.file !== null) freed.push(row.file);
  };

  const put = ({ key, prefix, storedAt, size, body }: Put, bytes: Uint8Array, freed: string[]): Outcome => {
    const sidecar = isSidecarKey(key);
    if (prefix === null) prefixes.forgetAbove(key);
    else {
      const counted = prefixes.get(prefix);
      if (counted.sealed) return { refused: 'SEALED' };
      const count = sidecar ? counted.sidecars : counted.files;
      if (count >= maxFilesPerSession && find(key) === undefined) {
        return { refused: sidecar ? 'TOO_MANY_SIDECARS' : 'TOO_MANY_FILES' };
      }
    }
    const slice = 'start' in body ? bytes.subarray(body.start, body.start + size) : undefined;
    const etag = 'file' in body ? body.etag : hash('md5', slice as Uint8Array, 'hex');
    const file = 'file' in body ? body.file : null;
    const id = slice === undefined ? null : ++bodyId;
    if (slice !== undefined) sql.insertBody.run(id, slice);
    const row = [key, size, etag, storedAt, sidecar ? 1 : 0, id, file] as const;
    const replaces = sql.insert.run(...row).changes === 0;
    if (replaces) {
      remove(find(key) as ObjectRow, freed);
      sql.insert.run(...row);
    } else if (prefix !== null) prefixes.add(key, prefix, sidecar);
    return { etag };
  };

  const move = ({ from, to, etag }: ObjectMove, freed: string[]): MoveOutcome => {
    const row = find(from);
    if (row === undefined) return find(to)?.etag === etag ? 'moved' : 'missing';
    if (row.etag !== etag) return 'changed';
    if (row.file !== null && !hasFile(row.file)) return 'missing';
    if (from === to) return 'moved';
    const target = find(to);
    if (target !== undefined) remove(target, freed);
    sql.rename.run(to, isSidecarKey(to) ? 1 : 0, from);
    prefixes.forgetAbove(from);
    prefixes.forgetAbove(to);
    return 'moved';
  };

  const carryOut = (operation: Operation, bytes: Uint8Array, freed: string[]): Outcome => {
    switch (operation.kind) {
      case 'put':
        return put(operation, bytes, freed);
      case 'count': {
        const { files, sidecars } = prefixes.get(operation.prefix);
        return { files, sidecars };
      }
      case 'move':
        return { moves: operation.moves.map((one) => move(one, freed)) };
      case 'delete':
        for (const key of operation.keys) {
          const row = find(key);
          if (row === undefined) continue;
          remove(row, freed);
          prefixes.forgetAbove(key);
        }
        return { done: true };
      case 'seal':
        sql.seal.run(operation.prefix, operation.at);
        prefixes.forgetAll(); // it seals every folder below as well
        return { done: true };
      case 'prune_seals':
        sql.pruneSeals.run(operation.before);
        prefixes.forgetAll();
        return { done: true };
    }
  };

  /** After some errors SQLite has rolled back by itself. */
  const rollBack = (): void => {
    try {
      if (database.isTransaction) database.exec('rollback');
    } catch {
      // the caller sees that the transaction is still open
    }
  };

  const transact = (batches: readonly Batch[]): BatchResult => {
    const freed: string[] = [];
    sql.begin.run();
    try {
      const outcomes = batches.flatMap(({ operations, bytes }) =>
        operations.map((operation) => carryOut(operation, bytes, freed)),
      );
      sql.commit.run();
      return { outcomes, freed };
    } catch (error) {
      prefixes.forgetAll();
      rollBack();
      throw error;
    }
  };

  const transactAlone = (operation: Operation, bytes: Uint8Array): BatchResult => {
    try {
      return transact([{ operations: [operation], bytes }]);
    } catch (error) {
      return { outcomes: [{ failed: error instanceof Error ? error.message : String(error) }], freed: [] };
    }
  };

  return (batches) => {
    try {
      return transact(batches);
    } catch {
      const results = batches.flatMap(({ operations, bytes }) =>
        operations.map((operation) => transactAlone(operation, bytes)),
      );
      return {
        outcomes: results.flatMap(({ outcomes }) => outcomes),
        freed: results.flatMap(({ freed }) => freed),
      };
    }
  };
};
