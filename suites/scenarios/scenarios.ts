import { downloads } from './scenes/downloads.ts';
import { failedFiles } from './scenes/failed-files.ts';
import { fileChanges } from './scenes/file-changes.ts';
import { listing } from './scenes/listing.ts';
import { longNames } from './scenes/long-names.ts';
import { names } from './scenes/names.ts';
import { eleventhSession, refusals } from './scenes/refusals.ts';
import { thousandFiles } from './scenes/thousand-files.ts';
import { uploadSessions } from './scenes/upload-sessions.ts';
import { uploads } from './scenes/uploads.ts';
import { writeModes } from './scenes/write-modes.ts';
import type { Scenarios } from './stage.ts';

/** Where it matters by which road the bytes come. */
export const SCENARIOS_OF_UPLOADS: readonly Scenarios[] = [uploads, writeModes, failedFiles, names];

/** What the official Python SDK is put through, for whoever else uses Sluice. */
export const SCENARIOS: readonly Scenarios[] = [
  thousandFiles, // takes longest
  ...SCENARIOS_OF_UPLOADS,
  listing,
  uploadSessions,
  downloads,
  fileChanges,
  refusals,
];

/** What a bucket has no room for. */
export const SCENARIOS_OF_AN_EMBEDDED_SERVER: readonly Scenarios[] = [longNames];

/** What leaves nothing for others beside it: open sessions count by user. */
export const SCENARIOS_OF_A_WHOLE_USER: readonly Scenarios[] = [eleventhSession];
