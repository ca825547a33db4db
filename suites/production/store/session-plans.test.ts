import { CompiledQuery } from 'kysely';
import { sessionPlans } from '../../../testing/contracts/session-plans-contract.ts';
import { openPostgresFiles } from './open-postgres-files.ts';

/** A step of a plan: `Index Scan upload_session_created`, `Seq Scan upload_session`, `Sort`. */
type Node = { 'Node Type': string; 'Index Name'?: string; 'Relation Name'?: string; Plans?: Node[] };

const stepsOf = (node: Node): string[] => [
  `${node['Node Type']} ${node['Index Name'] ?? node['Relation Name'] ?? ''}`.trim(),
  ...(node.Plans ?? []).flatMap(stepsOf),
];

sessionPlans({
  open: openPostgresFiles,
  prepare: async ({ db }) => {
    await db.executeQuery(CompiledQuery.raw('vacuum analyze'));
  },
  plan: async ({ db, statements }, work) => {
    statements.length = 0;
    await work();
    const steps: string[] = [];
    for (const { sql, parameters } of [...statements]) {
      if (!/^\s*(select|insert|update|delete|with)\b/.test(sql)) continue;
      const explained = await db.executeQuery<Record<string, [{ Plan: Node }]>>(
        CompiledQuery.raw(`explain (format json) ${sql}`, [...parameters]),
      );
      const [plan] = Object.values(explained.rows[0] ?? {});
      steps.push(...stepsOf((plan as [{ Plan: Node }])[0].Plan));
    }
    return steps;
  },
  scan: /^Seq Scan (upload_session|session_file)$/,
});
