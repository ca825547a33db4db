import { CamelCasePlugin, Kysely, sql } from 'kysely';
import type { Reader, Store } from '../../service/ports/store.ts';
import { migrate } from '../migrate.ts';
import { keepDearApart, QUERY_MS, type Room } from '../reads/dear-reads.ts';
import { reader, writer } from '../repositories.ts';
import type { Database } from '../schema.ts';
import { dialectOver, type Time, timeFor } from './driver.ts';
import { createThread, type StartWorker, type Thread } from './thread.ts';
import { createWriteTurns } from './turns.ts';

export type SqliteOptions = {
  /** Milliseconds for one read of a client. */
  queryMs?: number;
  /** For tests that end threads. */
  startWorker?: StartWorker;
};

/**
 * The store on SQLite, in one file; creates it and brings its schema up to date. No statement runs on the event loop:
 * one thread writes, one reads what is quick; two more, for reads that may be dear, start with the first of these.
 * @throws where the schema is that of a newer version
 */
export const openSqliteStore = async (
  path: string,
  { queryMs = QUERY_MS, startWorker }: SqliteOptions = {},
): Promise<Store> => {
  const threadOf = (readOnly: boolean, cacheKiB: number, background = false): Thread =>
    createThread({ path, readOnly, cacheKiB, background }, startWorker);
  const writing = threadOf(false, 65_536);
  const [quick, short] = [threadOf(true, 32_768), threadOf(true, 16_384)];
  const long = threadOf(true, 65_536, true);
  const close = async (): Promise<void> => {
    await Promise.all([quick, short, long].map((thread) => thread.close()));
    // The last one, which tidies the log away.
    await writing.close();
  };
  const db = kyselyIn(writing);
  try {
    await writing.start();
    // The file is there: whoever reads it may come while its tables do.
    await Promise.all([migrate(db), quick.start()]);
  } catch (error) {
    await close();
    throw error;
  }
  const turns = createWriteTurns();
  const reading = kyselyIn(quick, timeFor(queryMs));
  return {
    read: keepDearApart({
      quick: reader(reading),
      short: roomIn(short),
      long: roomIn(long),
      limitMs: queryMs,
    }),
    write: (work, kind) => turns.take(kind, () => db.transaction().execute((trx) => work(writer(trx)))),
    ping: async () => {
      await sql`select 1`.execute(reading);
    },
    close,
  };
};

const kyselyIn = (thread: Thread, time?: Time): Kysely<Database> =>
  new Kysely<Database>({
    dialect: dialectOver(thread.connect, time),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });

/** One at a time, so that all statements of a read share its milliseconds. */
const roomIn = (thread: Thread): Room => {
  let left = 0;
  const time: Time = {
    limit: () => left,
    spend: (ms) => {
      left -= ms;
    },
  };
  const read: Reader = reader(kyselyIn(thread, time));
  return {
    width: 1,
    read: (limitMs, work) => {
      left = limitMs;
      return work(read);
    },
  };
};
