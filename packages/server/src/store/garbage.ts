import { type SqlBool, sql } from 'kysely';
import type { GarbageReader, GarbageWriter } from '../service/ports/garbage.ts';
import type { Tables } from './dialect.ts';
import { insertRows } from './insert-rows.ts';

export const garbageReader = ({ db, dialect }: Tables): GarbageReader => ({
  due: async (now, limit) => {
    const query = db.selectFrom('garbage').select('key').where('notBefore', '<=', now);
    return (await query.orderBy('notBefore').limit(limit).execute()).map((row) => row.key);
  },

  among: async (keys) => {
    const found = await sql<{ key: string }>`
      select key from garbage where key in ${dialect.listed(keys)}`.execute(db);
    return new Set(found.rows.map((row) => row.key));
  },
});

export const garbageWriter = ({ db, dialect }: Tables): GarbageWriter => ({
  add: async (keys, notBefore) => {
    // In order, so that transactions that add the same keys wait for each other, not for both ends.
    const rows = [...new Set(keys)].sort().map((key) => ({ key, notBefore }));
    const conflict = sql`on conflict (key) do update set not_before = excluded.not_before`;
    await insertRows({ db, dialect }, 'garbage', { key: 'text', notBefore: 'bigint' }, rows, conflict);
  },

  hasten: async (keys, notBefore) => {
    if (keys.length === 0) return;
    const among = sql<SqlBool>`key in ${dialect.listed(keys)}`;
    await db.updateTable('garbage').set({ notBefore }).where(among).execute();
  },

  remove: async (keys) => {
    if (keys.length === 0) return;
    await sql`delete from garbage where key in ${dialect.listed(keys)}`.execute(db);
  },
});
