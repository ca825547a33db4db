import { decodeFileName, isSidecar } from '@sluice/contract/plain';

/** By the name that ingestion will read out of the key. */
export const isSidecarKey = (key: string): boolean =>
  isSidecar(key.includes('%') ? decodeFileName(key.slice(key.lastIndexOf('/') + 1)) : key);
