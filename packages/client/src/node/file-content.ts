import { constants, createReadStream } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { type Content, UnreadableContent } from '../upload/content.ts';

/**
 * A file on disk, opened anew for every try. Its size is taken now; a file that has another one when it is read is not
 * sent, since nobody could tell which state of it arrived.
 * @throws UnreadableContent
 */
export const openFile = async (path: string): Promise<Content> => {
  const { size } = await readable(path);
  return {
    size,
    whole: async () => {
      const bytes = await readFile(path).catch(unreadable);
      if (bytes.length !== size) throw changed();
      return bytes;
    },
    chunks: async function* () {
      let read = 0;
      try {
        for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
          read += chunk.length;
          if (read > size) throw changed();
          yield chunk;
        }
      } catch (error) {
        throw error instanceof UnreadableContent ? error : unreadable(error);
      }
      if (read < size) throw changed();
    },
  };
};

const readable = async (path: string): Promise<{ size: number }> => {
  const found = await stat(path).catch(unreadable);
  if (!found.isFile()) throw new UnreadableContent('It is no file.');
  await access(path, constants.R_OK).catch(unreadable);
  return found;
};

const changed = () => new UnreadableContent('It changed while it was read.');

const unreadable = (cause: unknown): never => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  throw new UnreadableContent(WORDS[code] ?? `It cannot be read (${code || String(cause)}).`, { cause });
};

const WORDS: Record<string, string> = {
  ENOENT: 'It does not exist.',
  EACCES: 'Reading it is not permitted.',
  EPERM: 'Reading it is not permitted.',
  EISDIR: 'It is no file.',
};
