import { ApiError, type File, jsonText } from '@sluice/client/node';
import { defineCommand, LIST_OPTIONS } from '../command-line/command.ts';
import { hidden, type Option, text } from '../command-line/option.ts';
import { EXIT } from '../exit-codes.ts';
import { findFile } from '../files/find-file.ts';
import { second } from '../output/amounts.ts';
import { firstRows } from '../output/first-rows.ts';
import { timeLimited } from '../time-limit.ts';
import { UsageError } from '../usage-error.ts';
import { withoutUndefined } from '../without-undefined.ts';

/** Rows a page of the API has at most. */
export const PAGE_ROWS = 100;

const expression = text(
  'expression',
  "only those the OData expression holds for: category eq 'tolls' and year ge 2024",
);

/** One of blanks alone is none to the server, which is all. */
const filter: Option<string> = { ...expression, read: (given) => expression.read(given.trim(), undefined) };

/** Which files: those of `files list` are those of `download`. */
export const FILE_FILTERS = {
  name: text('text', 'only names with this text in them'),
  filter,
  odataFilter: hidden(filter),
};

export const filesList = defineCommand({
  words: 'files list',
  aliases: ['list-files'],
  operands: '',
  summary: 'List files, the oldest first',
  options: {
    ...FILE_FILTERS,
    ...LIST_OPTIONS,
  },
  examples: [
    'files list --name minutes --limit 20',
    `files list --filter "category eq 'tolls'" --json | jq -r .file_id`,
  ],
  run: async ({ connect, options, workspaceName, output, signal }) => {
    const print = output.list<File>([
      { title: 'file_id', width: 36, of: ({ file_id }) => file_id },
      { title: 'size', width: 12, right: true, of: ({ size }) => String(size) },
      { title: 'created_at', width: 20, of: ({ created_at }) => second(created_at) },
      { title: 'name', width: 0, of: ({ name }) => name },
    ]);
    const { name, odataFilter, limit, batchSize = PAGE_ROWS, timeoutS } = options;
    const query = {
      name,
      filter: options.filter ?? odataFilter,
      limit: Math.min(limit ?? PAGE_ROWS, batchSize, PAGE_ROWS),
    };
    const until = timeLimited(signal, timeoutS);
    const asking = { signal: until, exactNumbers: true };
    const rows = connect().files.listAll(workspaceName, withoutUndefined(query), asking);
    for await (const file of firstRows(rows, limit)) print(file);
    return EXIT.finished;
  },
});

export const filesShow = defineCommand({
  words: 'files show',
  operands: '<id>',
  summary: 'Show a file and its metadata',
  options: {},
  examples: ['files show 019a3f0e-0000-7000-8000-000000000000'],
  run: async ({ connect, operands: [id = ''], workspaceName, output, signal }) => {
    const file = await findFile(connect(), workspaceName, id, signal);
    if (file === undefined) {
      output.error(`The workspace does not list a file with the id ${id}.`);
      return EXIT.refused;
    }
    output.fields(file, [
      ['file_id', file.file_id],
      ['name', file.name],
      ['size', String(file.size)],
      ['created_at', second(file.created_at)],
      ['meta', jsonText(file.meta)],
    ]);
    return EXIT.finished;
  },
});

const OF_ONE = new Set(['NOT_FOUND', 'INVALID']);

export const filesDelete = defineCommand({
  words: 'files delete',
  operands: '<id...>',
  summary: 'Delete files',
  options: {},
  examples: [
    'files delete 019a3f0e-0000-7000-8000-000000000000',
    'files list --name draft --json | jq -r .file_id | xargs sluice files delete',
  ],
  run: async ({ connect, operands: ids, workspaceName, output, signal }) => {
    if (ids.some((id) => id === '.' || id === '..')) throw new UsageError('A file id cannot be . or ..');
    const client = connect();
    let failed = 0;
    for (const id of ids) {
      try {
        await client.files.delete(workspaceName, id, { signal });
        output.result({ file_id: id, deleted: true }, `deleted  ${id}`);
      } catch (error) {
        // One that is gone, or is none, must not keep the others; alone it is the whole answer.
        if (ids.length === 1 || !(error instanceof ApiError && OF_ONE.has(error.code))) throw error;
        failed++;
        const message = error.code === 'INVALID' ? 'It is not the id of a file' : error.detail;
        output.result({ file_id: id, deleted: false, message }, `failed   ${id}  ${message}`);
      }
    }
    return failed > 0 ? EXIT.someFailed : EXIT.finished;
  },
});
