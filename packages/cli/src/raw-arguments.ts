import { readFileSync } from 'node:fs';
import { pathText } from '@sluice/client/node';

/**
 * The arguments as they were typed, bytes that are no UTF-8 as the client has them in paths. Node puts U+FFFD for those; only
 * Linux tells what they were. Elsewhere, and where that is not clear, they stay as Node gives them.
 */
export const rawArguments = (args: readonly string[]): readonly string[] => {
  if (!args.some((arg) => arg.includes('\ufffd'))) return args;
  try {
    const raw = bytesBetweenZeros(readFileSync('/proc/self/cmdline')).slice(-args.length);
    return raw.every((one, index) => one.toString() === args[index]) ? raw.map(pathText) : args;
  } catch {
    return args;
  }
};

const bytesBetweenZeros = (bytes: Buffer): Buffer[] => {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at);
    pieces.push(bytes.subarray(at, end));
    at = end + 1;
  }
  return pieces;
};
