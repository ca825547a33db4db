import {
  decodeFileName,
  fileNameOfSidecar,
  isSidecar,
  MAX_KEY_BYTES,
  roomForNames,
} from '@sluice/contract/plain';
import { MAX_NAME_BYTES } from '../../domain/file-name.ts';
import { S3Error } from '../s3-error.ts';

/** Whether a name may be as long as it is. @throws S3Error KeyTooLongError */
export type CheckName = (key: string, prefix: string) => void;

/** Characters that make no more than the bytes of the longest name: three each, and NFC triples them at worst. */
const SURELY_SHORT = MAX_NAME_BYTES / 9;

/** Where keys are only ours: what counts is the name as it will stand in the workspace; a sidecar's, the one of its file. */
export const checkNameLength: CheckName = (key, prefix) => {
  if (key.length - prefix.length <= SURELY_SHORT) return;
  const name = decodeFileName(key.slice(prefix.length));
  const bytes = Buffer.byteLength(isSidecar(name) ? fileNameOfSidecar(name) : name);
  if (bytes > MAX_NAME_BYTES) {
    throw tooLong(
      `The name of the file has ${bytes} bytes of UTF-8, ${MAX_NAME_BYTES} are allowed.`,
      bytes,
      MAX_NAME_BYTES,
    );
  }
};

/** Where a bucket has to take the key: S3's own limit, which counts the folder and the name as it was sent. */
export const checkKeyLength: CheckName = (key, prefix) => {
  const bytes = Buffer.byteLength(key);
  if (bytes <= MAX_KEY_BYTES) return;
  const room = roomForNames(MAX_KEY_BYTES - Buffer.byteLength(prefix));
  throw tooLong(
    `The name of the file makes a key of ${bytes} bytes, ${MAX_KEY_BYTES} are allowed. Percent-encoded names have room for ${room}.`,
    bytes,
    MAX_KEY_BYTES,
  );
};

const tooLong = (message: string, bytes: number, allowed: number): S3Error =>
  new S3Error('KeyTooLongError', message, { Size: String(bytes), MaxSizeAllowed: String(allowed) });
