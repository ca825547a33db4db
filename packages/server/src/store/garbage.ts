import { type Kysely, sql } from 'kysely';
import type { GarbageReader, GarbageWriter } from '../service/ports.ts';
import { dialectOf } from './dialect.ts';
import type { Database } from './schema.ts';

const CHUNK = 1000;

export const garbageReader = (db: Kysely<Database>): GarbageReader => ({
  due: async (now, limit) => {
    const query = db.selectFrom('garbage').select('key').where('notBefore', '<=', now);
    return (await query.orderBy('notBefore').limit(limit).execute()).map((row) => row.key);
  },

  among: async (keys) => {
    const found = await sql<{ key: string }>`
      select key from garbage where key in ${dialectOf(db).listed(keys)}`.execute(db);
    return new Set(found.rows.map((row) => row.key));
  },
});

export const garbageWriter = (db: Kysely<Database>): GarbageWriter => ({
  add: async (keys, notBefore) => {
    for (let at = 0; at < keys.length; at += CHUNK) {
      await db
        .insertInto('garbage')
        .values(keys.slice(at, at + CHUNK).map((key) => ({ key, notBefore })))
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ notBefore }))
        .execute();
    }
  },

  remove: async (keys) => {
    for (let at = 0; at < keys.length; at += CHUNK) {
      await db
        .deleteFrom('garbage')
        .where('key', 'in', keys.slice(at, at + CHUNK))
        .execute();
    }
  },
});
