import { isUtf8 } from 'node:buffer';
import { readlinkSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import process from 'node:process';
import { hasBytes } from '../upload/planning/made-names.ts';

/** A path, or a piece of one, as text: bytes that are no UTF-8 as made-names.ts has them. */
export const pathText = (bytes: Uint8Array): string => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString();
  let text = '';
  for (let at = 0; at < buffer.length; ) {
    const length = [1, 2, 3, 4].find((n) => at + n <= buffer.length && isUtf8(buffer.subarray(at, at + n)));
    text += length
      ? buffer.toString('utf8', at, at + length)
      : String.fromCharCode(0xdc00 + (buffer[at] as number));
    at += length ?? 1;
  }
  return text;
};

/** The same as the functions of node:fs take it. Windows has names of UTF-16, which they take as they are. */
export const fsPath = (path: string): string | Buffer => {
  if (process.platform === 'win32' || !hasBytes(path)) return path;
  const pieces = path.split(/([\udc80-\udcff]+)/u);
  return Buffer.concat(
    pieces.map((piece, index) =>
      index % 2 === 0
        ? Buffer.from(piece)
        : Buffer.from(Array.from(piece, (byte) => byte.charCodeAt(0) & 0xff)),
    ),
  );
};

/** From the current folder, also where that has a name of bytes. */
export const absolutePath = (path: string): string =>
  isAbsolute(path) ? resolve(path) : resolve(currentFolder(), path);

const currentFolder = (): string => {
  const cwd = process.cwd();
  if (!cwd.includes('\ufffd')) return cwd;
  try {
    return pathText(readlinkSync('/proc/self/cwd', { encoding: 'buffer' }));
  } catch {
    return cwd; // only Linux says it
  }
};

/** A path as text that can be written anywhere: one with bytes becomes a `file:` URL. */
export const writtenPath = (path: string): string => {
  const bytes = fsPath(path);
  if (typeof bytes === 'string') return path;
  return `file://${bytes.toString('latin1').replace(/[^\w./~-]/g, (one) => `%${hex(one)}`)}`;
};

/** The path that was written so. */
export const readPath = (text: string): string => {
  if (!text.startsWith('file:///')) return text;
  const bytes = text.slice('file://'.length).replace(/%([0-9a-f]{2})/gi, (_, digits: string) => {
    return String.fromCharCode(Number.parseInt(digits, 16));
  });
  return pathText(Buffer.from(bytes, 'latin1'));
};

const hex = (one: string): string => one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
