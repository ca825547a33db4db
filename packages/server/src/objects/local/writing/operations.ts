import type { Instant } from '../../../domain/instant.ts';
import type { MoveOutcome, ObjectMove } from '../../../service/ports/objects.ts';

/** Stores a body under a key. The body is a slice of the batch's bytes, or a file that is durable already. */
export type Put = {
  kind: 'put';
  key: string;
  /** The folder of the form it came by: checked for a seal and for the number of files. Null: not by a form. */
  prefix: string | null;
  storedAt: Instant;
  size: number;
  body: { start: number } | { file: string; etag: string };
};

/** One change to the database, or what only the writer knows. All of a batch are one transaction. */
export type Operation =
  | Put
  /** How many objects a folder of uploads holds: the writer keeps count of those it adds to. */
  | { kind: 'count'; prefix: string }
  | { kind: 'seal'; prefix: string; at: Instant }
  | { kind: 'prune_seals'; before: Instant }
  | { kind: 'move'; moves: readonly ObjectMove[] }
  | { kind: 'delete'; keys: readonly string[] };

export type Refusal = 'SEALED' | 'TOO_MANY_FILES' | 'TOO_MANY_SIDECARS';

export type Outcome =
  | { etag: string }
  | { refused: Refusal }
  | { moves: MoveOutcome[] }
  | { files: number; sidecars: number }
  | { done: true }
  /** The transaction did not go through: nothing of this operation is stored. */
  | { failed: string };

export type Batch = { operations: Operation[]; bytes: Uint8Array };

/** Outcomes in the order of the operations, and files that nothing refers to any more. */
export type BatchResult = { outcomes: Outcome[]; freed: string[] };
