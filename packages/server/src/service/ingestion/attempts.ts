import { HOUR } from '../../domain/instant.ts';
import type { Session } from '../../domain/session.ts';
import type { Writer } from '../ports/store.ts';
import type { IngestionContext } from './context.ts';

/** Starts without headway after which what is left of a session fails, so that the next one gets its turn. */
export const MAX_ATTEMPTS = 5;

/** After its end, a store that fails at something while it can be reached is not put down to the session. */
const PATIENCE = HOUR;

/** Starts of ingestion are counted before they do anything, so that one that kills its worker is counted too. */
export const createAttempts = ({
  store,
  objects,
  clock,
}: Pick<IngestionContext, 'store' | 'objects' | 'clock'>) => {
  /** Sessions whose last start is not to count, where that could not be written down. */
  const notToCount = new Set<string>();

  return {
    /** @returns the starts since the last headway, this one included */
    count: async (tx: Writer, session: Session): Promise<number> => {
      if (notToCount.has(session.id)) await tx.sessions.forgetAttempts(session.id);
      return tx.sessions.countAttempt(session.id);
    },

    counted: (session: Session): void => void notToCount.delete(session.id),

    /** The start that was counted failed through no fault of the session. At once: another process may be the next. */
    forget: async (session: Session): Promise<void> => {
      try {
        await store.write((tx) => tx.sessions.forgetAttempts(session.id), 'batch');
      } catch {
        notToCount.add(session.id);
      }
    },

    /**
     * Whether an outage is one of this session's objects: it lasts, while all can be reached, and must not keep the next
     * one from its turn.
     */
    isFaultOf: async (session: Session): Promise<boolean> => {
      if (clock() - session.endedAt < PATIENCE) return false;
      return Promise.all([store.ping(), objects.ping()]).then(
        () => true,
        () => false,
      );
    },
  };
};
