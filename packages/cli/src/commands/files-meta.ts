import { jsonText, type MetadataInput, type MetadataInputValue, readJson } from '@sluice/client/node';
import { defineCommand } from '../command-line/command.ts';
import { texts } from '../command-line/option.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../usage-error.ts';

export const filesMeta = defineCommand({
  words: 'files meta',
  operands: '<id>',
  summary: 'Show the metadata of a file, or change some of its keys',
  options: {
    set: texts('key=value', 'set a key, to a JSON value where it is one, else to the text'),
    unset: texts('key', 'delete a key'),
  },
  notes: ['Keys that are not named stay as they are. What is printed is the whole metadata afterwards.'],
  examples: [
    'files meta 019a3f0e-0000-7000-8000-000000000000',
    'files meta 019a3f0e-0000-7000-8000-000000000000 --set year=2026 --set category=tolls --unset draft',
  ],
  run: async ({ connect, operands: [id = ''], options, workspaceName, output, signal }) => {
    const changes = metadataChanges(options.set ?? [], options.unset ?? []);
    const { files } = connect();
    const asked = { signal, exactNumbers: true };
    const metadata = await (Object.keys(changes).length === 0
      ? files.metadata(workspaceName, id, asked)
      : files.updateMetadata(workspaceName, id, changes, asked));
    output.result(metadata, ...jsonText(metadata, { indent: 2 }).split('\n'));
    return EXIT.finished;
  },
});

/** In changes, null deletes a key. @throws UsageError */
export const metadataChanges = (set: readonly string[], unset: readonly string[]): MetadataInput => {
  const changes = new Map<string, MetadataInputValue>(unset.map((key) => [key, null]));
  for (const assignment of set) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
    if (key === undefined || value === undefined)
      throw new UsageError('--set must be of the form key=value.');
    if (changes.has(key)) throw new UsageError(`${key} is changed twice.`);
    changes.set(key, jsonOrText(value));
  }
  return Object.fromEntries(changes);
};

const jsonOrText = (value: string): MetadataInputValue => {
  try {
    return readJson(value, { exactNumbers: true }) as MetadataInputValue;
  } catch {
    return value;
  }
};
