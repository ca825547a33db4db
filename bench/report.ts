import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Machine } from './machine.ts';
import type { Section, SectionResult } from './section.ts';
import { formatTable } from './table.ts';

export type Outcome = { section: Section } & ({ result: SectionResult } | { error: Error });

/** Everything for people, as Markdown. */
export const formatReport = (machine: Machine, outcomes: readonly Outcome[]): string => {
  const parts = [describe(machine)];
  for (const outcome of outcomes) {
    parts.push(`## ${outcome.section.title}`);
    if ('error' in outcome) parts.push(`Failed: ${outcome.error.message}`);
    else parts.push(...outcome.result.tables.map(formatTable), ...outcome.result.notes);
  }
  const aims = outcomes.flatMap((outcome) => ('result' in outcome ? outcome.result.aims : []));
  if (aims.length > 0) {
    const rows = aims.map(({ aim, seen, met }) => [aim, seen, met ? 'yes' : 'no']);
    parts.push('## Aims', formatTable({ title: 'What was hoped for', head: ['Aim', 'seen', 'met'], rows }));
  }
  return `${parts.join('\n\n')}\n`;
};

const describe = ({ system, processor, cores, memoryGiB, fileSystem, node, sqlite }: Machine): string =>
  `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, ${fileSystem}, Node ${node}, SQLite ${sqlite}.\n` +
  'Figures are medians of all runs, in brackets the least and the most.';

const FOLDER = fileURLToPath(import.meta.resolve('./results'));

/** Writes everything that was measured to `bench/results/latest.json`; resolves to the path. */
export const writeResults = async (
  settings: object,
  machine: Machine,
  outcomes: readonly Outcome[],
): Promise<string> => {
  const sections = Object.fromEntries(
    outcomes.map((outcome) => [
      outcome.section.name,
      'error' in outcome
        ? { error: outcome.error.message }
        : { aims: outcome.result.aims, data: outcome.result.data },
    ]),
  );
  const path = join(FOLDER, 'latest.json');
  await mkdir(FOLDER, { recursive: true });
  await writeFile(path, `${JSON.stringify({ at: new Date(), settings, machine, sections }, null, 2)}\n`);
  return path;
};
