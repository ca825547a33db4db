import type { Clock } from '../../service/ports/clock.ts';
import type { StoredObject } from '../../service/ports/objects.ts';
import { telling } from './errors.ts';
import { createObjectWriter, type WriterContext } from './writer.ts';

/** Stores a body under a key. If `body` throws, nothing is stored and that error passes. */
export const putObject = async (
  context: WriterContext & { clock: Clock },
  key: string,
  body: AsyncIterable<Uint8Array>,
): Promise<StoredObject> => {
  let failed = false;
  let wake = (): void => {};
  const writer = createObjectWriter(context, key, {
    drained: () => wake(),
    failed: () => {
      failed = true; // `commit` throws it
      wake();
    },
  });
  try {
    context.connection.checkOpen();
    for await (const chunk of body) {
      const room = new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (!writer.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))) await room;
      if (failed) break;
    }
    const { etag, size } = await telling(writer.commit);
    return { key, size, etag, storedAt: context.clock() };
  } catch (error) {
    await writer.abort();
    throw error;
  }
};
