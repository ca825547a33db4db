import type { Token } from '@sluice/contract';
import { PERMISSIONS, ROLES } from '@sluice/contract/plain';
import { defineCommand, LIMIT_OPTION } from '../command-line/command.ts';
import { choice, choices, flag, text, texts, time } from '../command-line/option.ts';
import { EXIT } from '../exit-codes.ts';
import { second } from '../output/amounts.ts';
import { firstRows } from '../output/first-rows.ts';
import { withoutUndefined } from '../without-undefined.ts';

export const tokensList = defineCommand({
  words: 'tokens list',
  operands: '',
  summary: 'List API keys, by their ids',
  options: LIMIT_OPTION,
  examples: ['tokens list'],
  run: async ({ connect, options, output, signal }) => {
    const print = output.list<Token>([
      { title: 'api_token_id', width: 36, of: ({ api_token_id }) => api_token_id },
      { title: 'role', width: 8, of: ({ organization_role }) => organization_role ?? '' },
      { title: 'created_at', width: 20, of: ({ created_at }) => second(created_at ?? '') },
      { title: 'expires_at', width: 20, of: ({ expires_at }) => (expires_at ? second(expires_at) : 'never') },
      { title: 'name', width: 0, of: ({ name }) => name ?? '' },
    ]);
    const rows = connect().tokens.listAll({ signal });
    for await (const token of firstRows(rows, options.limit)) print(token);
    return EXIT.finished;
  },
});

export const tokensCreate = defineCommand({
  words: 'tokens create',
  operands: '',
  summary: 'Create an API key and print it',
  options: {
    name: text('name', 'what it is for'),
    expiresAt: time(
      'when it stops working, such as 2027-01-01T00:00:00Z; where absent, when the key in use does, if ever',
    ),
    organizationRole: choice(ROLES, 'what its holder may do; MEMBER where absent'),
    permission: choices(PERMISSIONS, 'what of that it may do; all where absent'),
    workspace: texts('name', 'limit it to this workspace'),
  },
  notes: [
    'The key is printed this once, alone on its line; nothing can show it again.',
    'It can do no more than the key that makes it, and stops working when that one does, if not before.',
  ],
  examples: [
    'tokens create --name nightly --organization-role MEMBER --workspace minutes',
    'tokens create --name form --permission sessions:write --workspace minutes',
  ],
  run: async ({ connect, options, output, signal }) => {
    const { name, expiresAt, organizationRole, permission, workspace } = options;
    const created = await connect().tokens.create(
      withoutUndefined({
        name,
        expires_at: expiresAt,
        organization_role: organizationRole,
        permissions: permission === undefined ? undefined : [...permission],
        workspaces: workspace === undefined ? undefined : [...workspace],
      }),
      { signal },
    );
    output.result(created, created.api_token);
    return EXIT.finished;
  },
});

export const tokensDelete = defineCommand({
  words: 'tokens delete',
  operands: '<id>',
  summary: 'Delete an API key, which stops working at once',
  options: { withChildren: flag('also the keys that were made with it, those made with them, and so on') },
  examples: ['tokens delete 019a3f0e-0000-7000-8000-000000000000'],
  run: async ({ connect, operands: [id = ''], options: { withChildren }, output, signal }) => {
    await connect().tokens.delete(id, { withChildren, signal });
    const others = withChildren ? ', with those that were made with it' : '';
    output.result({ api_token_id: id, deleted: true }, `API key ${id} is gone${others}.`);
    return EXIT.finished;
  },
});
