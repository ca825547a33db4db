import { join } from 'node:path';
import { lockFolder } from '../../data-folder/folder-lock.ts';
import { type LocalObjectSource, openLocalObjectSource } from '../../objects/local/source.ts';
import type { TransferSource } from '../../service/transfer/source.ts';
import { TransferError } from '../../service/transfer/transfer-error.ts';
import { fingerprint, openReadOnly } from '../../store/transfer/read-only.ts';
import { openSqliteSource } from '../../store/transfer/source.ts';

/**
 * Takes an embedded data folder, which no server may use until it is closed, and reads it without changing it.
 * @throws where a server uses it, or where it is of another version
 */
export const openTransferSource = async (directory: string): Promise<TransferSource> => {
  const databases = [join(directory, 'sluice.db'), join(directory, 'objects.db')];
  const lock = lockFolder(join(directory, 'lock.db'));
  try {
    const before = fingerprint(databases);
    const rows = await openSqliteSource(databases[0] as string);
    const objects = openObjects(directory);
    return {
      ...rows,
      readObject: objects.read,
      checkUnchanged: () => {
        if (fingerprint(databases) === before) return;
        throw new TransferError(
          `${directory} was changed meanwhile; nobody may write to it. Run this again.`,
        );
      },
      close: async () => {
        objects.close();
        await rows.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
};

const openObjects = (directory: string): LocalObjectSource => {
  try {
    return openLocalObjectSource(directory, openReadOnly);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The objects of ${directory} cannot be read: ${why}`, { cause });
  }
};
