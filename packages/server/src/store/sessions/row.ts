import type { Selectable } from 'kysely';
import type { Session } from '../../domain/session.ts';
import type { UploadSessionTable } from '../schema.ts';

export const toSession = (row: Selectable<UploadSessionTable> | undefined): Session | undefined => {
  if (!row) return undefined;
  const { turn: _, ...session } = row;
  return {
    ...session,
    parallelProcessingEnabled: row.parallelProcessingEnabled !== 0,
    orphanSidecars: JSON.parse(row.orphanSidecars) as string[],
  };
};
