import type { StoredObject } from '../../service/ports/objects.ts';
import { LocalUpload, type UploadTarget } from './upload.ts';

/** Stores what an iterable gives, reading on no faster than the disk takes it. If it throws, nothing is stored. */
export const storeStream = async (
  target: UploadTarget,
  key: string,
  body: AsyncIterable<Uint8Array>,
): Promise<StoredObject> => {
  let failure: unknown;
  let goOn = () => {};
  const upload = new LocalUpload(target, key, null, {
    drained: () => goOn(),
    failed: (error) => {
      failure = error;
      goOn();
    },
  });
  try {
    for await (const chunk of body) {
      const drained = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      if (!upload.write(bytes) && failure === undefined) await drained;
      if (failure !== undefined) throw failure;
    }
    return { key, ...(await upload.commit()) };
  } catch (error) {
    upload.abort();
    throw error;
  }
};
