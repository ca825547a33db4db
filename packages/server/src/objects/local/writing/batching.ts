import type { Batch, Operation, Outcome } from './operations.ts';

/** An operation on its way to the thread that writes, with the bytes it carries. */
export type Waiting = {
  operation: Operation;
  chunks: readonly Buffer[];
  resolve: (outcome: Outcome) => void;
  reject: (error: Error) => void;
};

/** Operations and bytes of one transaction, at most. */
const MAX_OPERATIONS = 1000;
const MAX_BYTES = 8 * 1024 * 1024;

/** Takes as many from the front as fit into one batch; one always does. */
export const takeBatch = (waiting: Waiting[]): Waiting[] => {
  let bytes = 0;
  let length = 0;
  for (const { operation } of waiting) {
    bytes += operation.kind === 'put' ? operation.size : 0;
    if (length > 0 && (bytes > MAX_BYTES || length === MAX_OPERATIONS)) break;
    length++;
  }
  return waiting.splice(0, length);
};

/** Lays all bodies into one buffer, which then changes threads without being copied again. */
export const packBatch = (waiting: readonly Waiting[]): Batch => {
  let total = 0;
  for (const { chunks } of waiting) for (const chunk of chunks) total += chunk.length;
  const bytes = Buffer.allocUnsafeSlow(total);
  const operations: Operation[] = [];
  let at = 0;
  for (const { operation, chunks } of waiting) {
    if (operation.kind === 'put' && 'start' in operation.body) operation.body.start = at;
    for (const chunk of chunks) at += chunk.copy(bytes, at);
    operations.push(operation);
  }
  return { operations, bytes };
};
