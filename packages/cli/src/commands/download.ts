import { absolutePath, type DownloadResult, shownBytes } from '@sluice/client/node';
import { defineCommand } from '../command-line/command.ts';
import { choice, count, onOrOff, path } from '../command-line/option.ts';
import { EXIT } from '../exit-codes.ts';
import { failureOf } from '../failure.ts';
import { files, whole } from '../output/amounts.ts';
import { UsageError } from '../usage-error.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { FILE_FILTERS, PAGE_ROWS } from './files.ts';

/** @throws UsageError where its name is no UTF-8: names that are saved are. */
const folderOf = (given = '.'): string => {
  const folder = absolutePath(given);
  if (folder.isWellFormed()) return folder;
  throw new UsageError(
    `${shownBytes(folder)} has a name that is no UTF-8; give another folder with --file-dir.`,
  );
};

export const download = defineCommand({
  words: 'download',
  operands: '',
  summary: 'Save the files of a workspace into a folder',
  options: {
    ...FILE_FILTERS,
    fileDir: path('folder', 'folder to save into, made where there is none; the current one where absent'),
    includeMeta: onOrOff('save metadata beside each file, as NAME.meta.json; so it is where absent'),
    existing: choice(
      ['number', 'skip'],
      'a name that is taken: save as NAME_1, as where absent, or leave what is there already, a file of that size or its sidecar',
    ),
    batchSize: count('n', 1, 'rows asked for at a time, 100 at most'),
    safeMode: onOrOff('one file at a time, and try longer'),
  },
  notes: [
    'Nothing is ever written over: where a name is taken, the file becomes NAME_1. Names that mean something ' +
      'to a file system (.., CON, :, a leading dot) are changed so that they do not.',
    'A download that was cut short goes on with the same command and --existing skip, which also brings back what was ' +
      'removed, to the place it had.',
  ],
  examples: [
    'download --file-dir backup',
    'download --file-dir backup --existing skip',
    `download --filter "year ge 2024" --no-include-meta`,
  ],
  run: async ({ connect, options, workspaceName, output, signal }) => {
    const client = connect({ attempts: options.safeMode ? 10 : 5 });
    const folder = folderOf(options.fileDir);
    const selection = withoutUndefined({ name: options.name, filter: options.filter ?? options.odataFilter });
    const limit = Math.min(options.batchSize ?? PAGE_ROWS, PAGE_ROWS);
    const numbers = { saved: 0, skipped: 0, failed: 0 };
    let bytes = 0;
    let totalFiles: number | null = null;
    const showProgress = () => {
      const { saved, skipped, failed } = numbers;
      const trouble = failed > 0 ? `${whole(failed)} failed` : '';
      const done = saved + skipped + failed;
      output.progress({
        what: 'saving',
        files: done,
        totalFiles,
        bytes: { done: bytes, total: null },
        trouble,
      });
    };
    const onResult = (result: DownloadResult) => {
      const { status, name, path: saved, message } = result;
      numbers[status]++;
      const row = { file_id: result.fileId, name, size: result.size, status, path: saved, message };
      if (status === 'failed') output.result(row, `failed   ${name}  ${message}`);
      else if (output.json) output.result(row);
      else output.say(`${status.padEnd(7)}  ${saved}${message === null ? '' : `  ${message}`}`);
      showProgress();
    };
    try {
      totalFiles = (await client.files.list(workspaceName, { ...selection, limit: 1 }, { signal })).total;
      await client.downloadFiles(workspaceName, folder, {
        signal,
        onResult,
        includeMetadata: options.includeMeta ?? true,
        ...(options.existing === undefined ? {} : { existing: options.existing }),
        ...(options.safeMode ? { concurrency: 1 } : {}),
        files: client.files.listAll(workspaceName, { ...selection, limit }, { signal, exactNumbers: true }),
        onBytes: (more) => {
          bytes += more;
          showProgress();
        },
      });
    } catch (error) {
      const { sentence, exitCode } = failureOf(error, signal.aborted);
      output.error(`${sentence} ${files(numbers.saved)} had been saved into ${folder}, each of them whole.`);
      if (numbers.saved > 0) output.error('To go on: the same command with --existing skip.');
      return exitCode;
    }
    const rest = [
      numbers.skipped > 0 && `, ${files(numbers.skipped)} were there`,
      numbers.failed > 0 && `, ${files(numbers.failed)} could not be`,
    ];
    output.say(`${files(numbers.saved)} saved into ${folder}${rest.filter(Boolean).join('')}.`);
    return numbers.failed > 0 ? EXIT.someFailed : EXIT.finished;
  },
});
