import { type Kysely, type SqlBool, sql } from 'kysely';
import type { GarbageReader, GarbageWriter } from '../service/ports/garbage.ts';
import { dialectOf } from './dialect-of.ts';
import { insertRows } from './insert-rows.ts';
import type { Database } from './schema.ts';

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
    // In order, so that transactions that add the same keys wait for each other, not for both ends.
    const rows = [...new Set(keys)].sort().map((key) => ({ key, notBefore }));
    const conflict = sql`on conflict (key) do update set not_before = excluded.not_before`;
    await insertRows(db, 'garbage', { key: 'text', notBefore: 'bigint' }, rows, conflict);
  },

  hasten: async (keys, notBefore) => {
    if (keys.length === 0) return;
    const among = sql<SqlBool>`key in ${dialectOf(db).listed(keys)}`;
    await db.updateTable('garbage').set({ notBefore }).where(among).execute();
  },

  remove: async (keys) => {
    if (keys.length === 0) return;
    await sql`delete from garbage where key in ${dialectOf(db).listed(keys)}`.execute(db);
  },
});
