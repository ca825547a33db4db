import type { IngestionReason } from '@sluice/contract';
import type { MetadataInput } from '../../metadata.ts';
import type { UploadBody } from './content.ts';

/** A file to upload, or a sidecar `<name>.meta.json` of one. */
export type UploadInput = {
  /**
   * What it will be called in the workspace. A slash makes a relative path. Bytes of a name on disk that are no UTF-8 stand
   * as U+DC80 to U+DCFF, as `scanDirectory` gives them, and are sent as `%80` to `%FF`.
   */
  name: string;
  body: UploadBody;
  /** Metadata, in place of a sidecar among the inputs. `{}` is metadata as well. */
  meta?: MetadataInput;
};

/** Why a file did not end FINISHED: what the server says, or what was found out here. */
export type UploadReason = IngestionReason | PlanProblemCode | 'UPLOAD_FAILED' | 'NOT_INGESTED' | 'NOT_SENT';

export type PlanProblemCode =
  | 'BAD_NAME' // empty, or no valid Unicode
  | 'BAD_METADATA' // `meta` holds what cannot be sent as it is
  | 'SAME_NAME' // another input has it and is sent in its place; a sidecar also where its file is not the one that is sent
  | 'ORPHAN_SIDECAR' // its file is not among the inputs
  | 'UNREADABLE' // the file, its sidecar, or a folder
  | 'EMPTY_FILE'; // no content, where such files are to be left out

/** What became of one input. */
export type UploadResult = {
  name: string;
  /**
   * `finished`: it is in the workspace. `failed`: it is not, though it was tried. `skipped`: it was not tried.
   * `pending`: it was sent, and what became of it is not known yet, because nobody waited, or not long enough.
   */
  status: 'finished' | 'failed' | 'skipped' | 'pending';
  reason: UploadReason | null;
  /** The reason in a sentence; or, of a file that is sent under a name made from the one on disk, what that is. */
  message: string | null;
  /** The file in the workspace, once finished. */
  fileId: string | null;
  /** Bytes; null where it could not be read. */
  size: number | null;
};
