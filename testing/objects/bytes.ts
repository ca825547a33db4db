import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

/** Bytes that look like nothing and differ from place to place, the same for the same seed. */
export const bytesOf = (length: number, seed = 1): Buffer => {
  const bytes = Buffer.allocUnsafe(length);
  let state = seed * 2_654_435_761;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
};

export const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

export async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export const readAll = async (stream: Readable | undefined): Promise<Buffer | undefined> => {
  if (stream === undefined) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};
