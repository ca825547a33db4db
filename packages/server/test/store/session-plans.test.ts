import { CompiledQuery } from 'kysely';
import { sessionPlans } from '../../../../testing/contracts/session-plans-contract.ts';
import { openSqliteFiles } from './open-sqlite-files.ts';

sessionPlans({
  open: openSqliteFiles,
  prepare: async () => {},
  plan: async ({ db, statements }, work) => {
    statements.length = 0;
    await work();
    const lines: string[] = [];
    for (const { sql, parameters } of [...statements]) {
      if (!/^\s*(select|insert|update|delete|with)\b/.test(sql)) continue;
      const steps = await db.executeQuery<{ detail: string }>(
        CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
      );
      lines.push(...steps.rows.map(({ detail }) => detail));
    }
    return lines;
  },
  // The index of those in turn holds few, and is gone through where it is asked for as a whole.
  scan: /^SCAN (upload_session|session|session_file)\b(?!.*upload_session_(turn|awaiting))/,
});
