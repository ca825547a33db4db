import { formatInstant } from '../../domain/instant.ts';
import type { Clock } from '../ports/clock.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { Reader, Store } from '../ports/store.ts';
import { compareRows, compareTokens } from './compare.ts';
import { checkObjects, copyObjects, describe, type ObjectOutcome } from './copy-objects.ts';
import { copyAccounts, copyFiles, copyHistory, copyTokens } from './copy-rows.ts';
import { inspectTarget, type TargetState } from './inspect-target.ts';
import type { RowCounts, TransferSource } from './source.ts';
import { TransferError } from './transfer-error.ts';

export type TransferContext = {
  source: TransferSource;
  target: { store: Store; objects: ObjectStore };
  clock: Clock;
  /** Objects on their way at a time. */
  concurrency: number;
  progress: TransferProgress;
};

/** Told how far a phase has come. */
export type TransferProgress = {
  begin(phase: 'upload history' | 'objects' | 'files' | 'comparison', total: number): void;
  /** So many rows or objects more, of so many bytes. */
  add(count: number, bytes: number): void;
};

export type TransferPlan = { state: TargetState; counts: RowCounts; bytes: number };

export type TransferReport = TransferPlan & {
  sent: { objects: number; bytes: number };
  /** SHA-256 over all files with their metadata, the same on both sides; hex. */
  checksum: string;
};

/** Problems that a message names at most. */
const MAX_NAMED = 20;

/**
 * What there is to move, and how far it has come already. Writes nothing.
 * @param target null: it holds nothing yet, not even a schema
 * @throws TransferError where the source has uploads that are no files yet, or the target belongs to something else
 */
export const planTransfer = async (
  source: TransferSource,
  target: Reader | null,
  clock: Clock,
): Promise<TransferPlan> => {
  await refuseUnfinished(source, clock);
  return {
    state: target === null ? 'empty' : await inspectTarget(source, target),
    counts: await source.counts(),
    bytes: await source.bytes(),
  };
};

/**
 * Moves all that the source holds into the target, or the rest of it where an earlier run was cut off, and compares both
 * sides. Objects come before the rows that need them, API keys last: until then nobody can use the target. Where the
 * transfer has ended before, both sides are compared and nothing is written.
 * @throws TransferError where it was refused, or where the sides are not equal in the end
 */
export const transfer = async (context: TransferContext): Promise<TransferReport> => {
  const { source, target, clock, progress } = context;
  const plan = await planTransfer(source, target.store.read, clock);
  const sent = plan.state === 'complete' ? NOTHING : await copyUntilTokens(context, plan);
  progress.begin('comparison', plan.counts.files);
  const checksum = await checkEqual(context, plan.counts);
  source.checkUnchanged();
  if (plan.state !== 'complete') await copyTokens(source, target.store);
  await checkTokens(context, plan.counts);
  return { ...plan, sent, checksum };
};

const NOTHING = { objects: 0, bytes: 0 };

const copyUntilTokens = async (
  { source, target, concurrency, progress }: TransferContext,
  { counts }: TransferPlan,
): Promise<TransferReport['sent']> => {
  await copyAccounts(source, target.store);
  progress.begin('upload history', counts.sessions + counts.sessionFiles);
  await copyHistory(source, target.store, (rows) => progress.add(rows, 0));

  progress.begin('objects', counts.files);
  const sent = { objects: 0, bytes: 0 };
  const damaged: string[] = [];
  const onObject = (outcome: ObjectOutcome): void => {
    if (outcome.kind === 'damaged') {
      damaged.push(`${describe(outcome.object)}: ${outcome.problem}`);
      return;
    }
    progress.add(1, outcome.kind === 'kept' ? outcome.size : 0);
    if (outcome.kind !== 'sent') return;
    sent.objects += 1;
    sent.bytes += outcome.size;
  };
  const onBytes = (count: number): void => progress.add(0, count);
  await copyObjects(source, target.objects, concurrency, { onObject, onBytes });
  if (damaged.length > 0) {
    throw new TransferError(
      `${damaged.length} objects of the data folder are damaged; restore them from a backup, or delete their files through the server, and run this again:${listed(damaged)}`,
    );
  }

  progress.begin('files', counts.files);
  await copyFiles(source, target.store, (rows) => progress.add(rows, 0));
  return sent;
};

/** Resolves to the checksum over all files. */
const checkEqual = async (
  { source, target, progress }: TransferContext,
  wanted: RowCounts,
): Promise<string> => {
  const { counts, checksums, differences } = await compareRows(source, target.store, () =>
    progress.add(1, 0),
  );
  const problems = [
    ...differences,
    ...wrongCounts({ ...wanted, tokens: 0 }, counts),
    ...(await checkObjects(source, target.objects, MAX_NAMED)),
  ];
  if (checksums.source !== checksums.target) problems.push('the checksums over all files differ');
  refuseDifferent(problems);
  return checksums.target;
};

const checkTokens = async ({ source, target }: TransferContext, { tokens }: RowCounts): Promise<void> => {
  const { counts, differences } = await compareTokens(source, target.store);
  refuseDifferent([...differences, ...wrongCounts({ tokens }, counts)]);
};

const wrongCounts = (wanted: Partial<RowCounts>, found: RowCounts): string[] =>
  Object.entries(wanted).flatMap(([kind, count]) => {
    const there = found[kind as keyof RowCounts];
    return there === count ? [] : [`${kind}: ${there} instead of ${count}`];
  });

const refuseDifferent = (problems: readonly string[]): void => {
  if (problems.length === 0) return;
  throw new TransferError(
    `The target does not equal the data folder. If it has been in use, that is why; else give it a new database and run this again:${listed(problems)}`,
  );
};

const refuseUnfinished = async (source: TransferSource, clock: Clock): Promise<void> => {
  const sessions = await source.unfinishedSessions();
  if (sessions.length === 0) return;
  const now = clock();
  const lines = sessions.map(({ id, workspace, closedAt, expiresAt }) => {
    const open = closedAt === null && expiresAt > now;
    const state = open ? `open until ${formatInstant(expiresAt)}` : 'ended, awaits ingestion';
    return `${id} in workspace "${workspace}": ${state}`;
  });
  throw new TransferError(
    `${sessions.length} upload sessions hold uploads that are no files yet. Start the server on this folder, close those that are open, let it ingest them, stop it and run this again:${listed(lines)}`,
  );
};

const listed = (lines: readonly string[]): string => {
  const shown = lines.slice(0, MAX_NAMED).map((line) => `\n  ${line}`);
  const more = lines.length - shown.length;
  return shown.join('') + (more > 0 ? `\n  and ${more} more` : '');
};
