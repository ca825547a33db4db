import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { defineCommand, WORKSPACE_OPTION } from '../command-line/command.ts';
import { flag, onOrOff, text } from '../command-line/option.ts';
import { saveFiles } from '../download/save-files.ts';
import { EXIT } from '../exit-codes.ts';
import { failureOf } from '../failure.ts';
import { files } from '../output/amounts.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { FILE_FILTERS } from './files.ts';

export const download = defineCommand({
  words: 'download',
  operands: '',
  summary: 'Save the files of a workspace into a folder',
  options: {
    ...WORKSPACE_OPTION,
    ...FILE_FILTERS,
    fileDir: text('DIR', 'folder to save into, made where there is none; the current one where absent'),
    includeMeta: onOrOff('save metadata beside each file, as NAME.meta.json; so it is where absent'),
    quiet: flag('print only the files that could not be saved'),
  },
  notes: [
    'Nothing is ever written over: where a name is taken, the file becomes NAME_1. Names that mean something',
    'to a file system (.., CON, :, a leading dot) are changed so that they do not.',
  ],
  examples: ['download --file-dir backup', `download --filter "year ge 2024" --no-include-meta`],
  run: async ({ connect, options, workspaceName, output, signal }) => {
    const client = connect({ attempts: 5 });
    const folder = resolve(options.fileDir ?? '.');
    await mkdir(folder, { recursive: true });
    const { name, filter } = options;
    const numbers = { saved: 0, failed: 0 };
    const rows = client.files.listAll(workspaceName, withoutUndefined({ name, filter }), { signal });
    try {
      await saveFiles(rows, folder, {
        ...{ client, workspaceName, signal, includeMeta: options.includeMeta ?? true },
        onSaved: ({ file, path, message }) => {
          numbers[path === null ? 'failed' : 'saved']++;
          const row = { file_id: file.file_id, name: file.name, path, message };
          if (path === null) output.result(row, `failed  ${file.name}  ${message}`);
          else if (output.json) output.result(row);
          else output.say(`saved   ${path}`);
        },
      });
    } catch (error) {
      const { sentence, exitCode } = failureOf(error, signal.aborted);
      output.error(`${sentence} ${files(numbers.saved)} had been saved into ${folder}, each of them whole.`);
      return exitCode;
    }
    const failed = numbers.failed === 0 ? '' : `, ${files(numbers.failed)} could not be`;
    output.say(`${files(numbers.saved)} saved into ${folder}${failed}.`);
    return numbers.failed > 0 ? EXIT.someFailed : EXIT.finished;
  },
});
