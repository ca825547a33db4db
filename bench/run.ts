// npm run bench: measures the server beside a floor for each figure. It reports and does not judge: the exit code is 1
// only where something was wrong rather than slow.
import { rmSync } from 'node:fs';
import { describeMachine, loadAverage } from './machine.ts';
import { killChildren } from './process/child.ts';
import { formatReport, type Outcome, writeResults } from './report.ts';
import { scratchFolder } from './scratch.ts';
import type { Section } from './section.ts';
import { clientMemory } from './sections/client-memory/client-memory.ts';
import { forms } from './sections/forms.ts';
import { large } from './sections/large.ts';
import { neighbours } from './sections/neighbours/neighbours.ts';
import { pages } from './sections/pages/pages.ts';
import { pythonSdk } from './sections/python-sdk/python-sdk.ts';
import { session } from './sections/session/session.ts';
import { workers } from './sections/workers/workers.ts';
import { readSettings, type Settings, USAGE } from './settings.ts';

const SECTIONS: readonly Section[] = [
  forms,
  session,
  large,
  pages,
  clientMemory,
  pythonSdk,
  workers,
  neighbours,
];

const bench = async (settings: Settings): Promise<boolean> => {
  await using scratch = await scratchFolder(settings.folder, 'sluice-bench');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      killChildren();
      rmSync(scratch.path, { recursive: true, force: true });
      process.exit(1);
    });
  }
  const machine = await describeMachine(scratch.path);
  const load = loadAverage();
  if (load !== null && load > 0.5)
    say(`The machine is busy (load ${load}): expect other figures when it is calm.`);

  const outcomes: Outcome[] = [];
  for (const section of SECTIONS.filter(({ name }) => settings.only.includes(name))) {
    say(section.title);
    const context = { ...settings, scratch: scratch.path, say: (text: string) => say(`  ${text}`) };
    try {
      outcomes.push({ section, result: await section.run(context) });
    } catch (error) {
      outcomes.push({ section, error: error as Error });
      say(`  failed: ${(error as Error).stack}`);
    }
  }
  process.stdout.write(`\n${formatReport(machine, outcomes)}`);
  say(`\nAll figures: ${await writeResults({ ...settings, loadBefore: load }, machine, outcomes)}`);
  return outcomes.every((outcome) => 'result' in outcome);
};

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

try {
  const settings = readSettings(
    process.argv.slice(2),
    SECTIONS.map(({ name }) => name),
  );
  if (settings) process.exitCode = (await bench(settings)) ? 0 : 1;
  else process.stdout.write(USAGE);
} catch (error) {
  say((error as Error).message);
  process.exitCode = 2;
}
