import { CompiledQuery, type Kysely, sql } from 'kysely';
import type { Database } from '../../../src/store/schema.ts';

type Step = { addr: number; opcode: string; p1: number; p2: number; p4: string | null };

/** Tables that do not grow with what clients store, as far as one statement looks at them. */
const SMALL = /^(file_shelf|workspace|organization|sqlite_schema|json_each)$/;

/**
 * The loops of a statement over rows of tables that grow, in which SQLite does not ask whether there is time left. Read off
 * its program: a loop is a jump back, and what is between belongs to it.
 */
export const endlessLoops = async (db: Kysely<Database>, statement: CompiledQuery): Promise<string[]> => {
  const explain = CompiledQuery.raw(`explain ${statement.sql}`, [...statement.parameters]);
  const { rows: program } = await db.executeQuery<Step>(explain);
  const tables = await tablesByPage(db);
  const found: string[] = [];
  for (const { addr, opcode, p1, p2 } of program) {
    if (p2 >= addr || !/^(Next|Prev|VNext)$/.test(opcode)) continue;
    const table = tableOf(program, tables, p1);
    if (table === null || SMALL.test(table)) continue;
    const body = program.slice(p2, addr);
    const clock = body.findIndex(({ opcode, p4 }) => opcode === 'Function' && p4?.startsWith('in_time('));
    if (clock === -1) found.push(`a loop over ${table} asks for no time: ${statement.sql}`);
    // That of FTS5 gives no row outside of the range it is given, which SQLite looks at once more.
    const skips = body.slice(0, clock).some((step) => step.p2 >= addr && CONDITION.test(step.opcode));
    if (skips && opcode !== 'VNext') {
      found.push(`a loop over ${table} may leave rows out before it asks for time: ${statement.sql}`);
    }
  }
  return found;
};

const CONDITION = /^(Ne|Eq|Lt|Le|Gt|Ge|If|IfNot|IsNull|NotNull|Found|NotFound|Filter)$/;

/** What a cursor goes over; null for what the statement has gathered itself. */
const tableOf = (
  program: readonly Step[],
  tables: ReadonlyMap<number, string>,
  cursor: number,
): string | null => {
  for (const { opcode, p1, p2, p4 } of program) {
    if (p1 !== cursor) continue;
    if (opcode === 'OpenRead') return tables.get(p2) ?? `page ${p2}`;
    // Only the index of names is asked for a match; the others are lists of parameters.
    if (opcode === 'VFilter') return p4?.includes('M') ? 'file_name_trigram' : 'json_each';
    if (/^(OpenEphemeral|OpenAutoindex|SorterOpen|OpenPseudo)$/.test(opcode)) return null;
  }
  return `cursor ${cursor}`;
};

const tablesByPage = async (db: Kysely<Database>): Promise<Map<number, string>> => {
  const { rows } = await sql<{ page: number; name: string }>`
    select rootpage as page, tbl_name as name from sqlite_schema where rootpage > 0`.execute(db);
  return new Map(rows.map(({ page, name }) => [page, name]));
};
