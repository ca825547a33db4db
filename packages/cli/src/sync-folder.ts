import { open } from 'node:fs/promises';

/** Makes the names in a folder last, a rename above all. Where the system opens no folders, it sees to that itself. */
export const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path).catch(() => undefined);
  try {
    await folder?.sync();
  } catch {
    // some file systems take no fsync of a folder
  } finally {
    await folder?.close();
  }
};
