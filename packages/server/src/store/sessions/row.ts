import type { Selectable } from 'kysely';
import type { Session } from '../../domain/session.ts';
import type { UploadSessionTable } from '../schema.ts';

export const toSession = ({ turn: _, ...row }: Selectable<UploadSessionTable>): Session => ({
  ...row,
  parallelProcessingEnabled: row.parallelProcessingEnabled !== 0,
  orphanSidecars: JSON.parse(row.orphanSidecars) as string[],
});
