import type { UploadForm } from '@sluice/contract';

/** `uploads` files of one size and of unique names, spread evenly over the forms. */
export type FormsJob = {
  kind: 'forms';
  forms: UploadForm[];
  connections: number;
  uploads: number;
  bodyBytes: number;
  seed: number;
};

/** Every file of a folder, read as it is sent. */
export type FolderJob = { kind: 'folder'; form: UploadForm; connections: number; folder: string };

/** One file of any size, made while it is sent. */
export type LargeJob = { kind: 'large'; form: UploadForm; name: string; bytes: number; seed: number };

export type Job = FormsJob | FolderJob | LargeJob;
