import { defineCommand, LIMIT_OPTION } from '../command-line/command.ts';
import { flag } from '../command-line/option.ts';
import { EXIT } from '../exit-codes.ts';
import { files } from '../output/amounts.ts';
import { UsageError } from '../usage-error.ts';

export const workspacesList = defineCommand({
  words: 'workspaces list',
  operands: '',
  summary: 'List the workspaces the key reaches',
  options: LIMIT_OPTION,
  examples: ['workspaces list', 'workspaces list --json | jq -r .name'],
  run: async ({ connect, options, output, signal }) => {
    const print = output.list<{ workspace_id: string; name: string }>([
      { title: 'workspace_id', width: 36, of: ({ workspace_id }) => workspace_id },
      { title: 'name', width: 0, of: ({ name }) => name },
    ]);
    const rows = await connect().workspaces.list({ signal });
    rows.slice(0, options.limit).forEach(print);
    return EXIT.finished;
  },
});

export const workspacesCreate = defineCommand({
  words: 'workspaces create',
  operands: '<name>',
  summary: 'Create a workspace',
  options: {},
  examples: ['workspaces create minutes'],
  run: async ({ connect, operands: [name = ''], output, signal }) => {
    const workspace = await connect().workspaces.create(name, { signal });
    output.result(workspace, `Workspace ${workspace.name} is there, ${workspace.workspace_id}.`);
    return EXIT.finished;
  },
});

export const workspacesDelete = defineCommand({
  words: 'workspaces delete',
  operands: '<name>',
  summary: 'Delete a workspace with its files and sessions',
  options: { yes: flag('also if there are files in it') },
  examples: ['workspaces delete minutes', 'workspaces delete minutes --yes'],
  run: async ({ connect, operands: [name = ''], options, output, signal }) => {
    const client = connect();
    const { file_count } = await client.workspaces.stats(name, { signal });
    if (file_count > 0 && options.yes !== true) {
      throw new UsageError(`Workspace ${name} holds ${files(file_count)}; --yes deletes them with it.`);
    }
    await client.workspaces.delete(name, { signal });
    output.result(
      { name, deleted: true, file_count },
      `Workspace ${name} is gone, ${files(file_count)} with it.`,
    );
    return EXIT.finished;
  },
});

export const workspacesShow = defineCommand({
  words: 'workspaces show',
  aliases: ['workspaces stats'],
  operands: '[name]',
  summary: 'Show a workspace and how many files it holds',
  options: {},
  notes: ['Without a name it is the one the settings name.'],
  examples: ['workspaces show minutes', 'workspaces show --json | jq .file_count'],
  run: async ({ connect, operands: [given], workspaceName, output, signal }) => {
    const { workspaces } = connect();
    const name = given ?? workspaceName;
    const [workspace, { file_count }] = await Promise.all([
      workspaces.get(name, { signal }),
      workspaces.stats(name, { signal }),
    ]);
    output.fields({ ...workspace, file_count }, [
      ['workspace_id', workspace.workspace_id],
      ['name', workspace.name],
      ['file_count', String(file_count)],
    ]);
    return EXIT.finished;
  },
});
