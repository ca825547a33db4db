import type { User } from '@sluice/contract';
import { defineCommand } from '../command-line/command.ts';
import { flag } from '../command-line/option.ts';
import { EXIT } from '../exit-codes.ts';
import { withoutUndefined } from '../without-undefined.ts';

export const usersList = defineCommand({
  words: 'users list',
  operands: '',
  summary: 'List the users that the key sees, the newest first',
  options: {
    includeDeleted: flag('deleted users as well'),
    includeExternal: flag('users of the role EXTERNAL as well'),
  },
  examples: ['users list', 'users list --include-external --json | jq -r .email'],
  run: async ({ connect, options, output, signal }) => {
    const print = output.list<User>([
      { title: 'user_id', width: 36, of: ({ user_id }) => user_id },
      { title: 'role', width: 8, of: ({ organization }) => organization.role },
      { title: 'name', width: 0, of: ({ given_name, family_name }) => `${given_name} ${family_name}` },
    ]);
    const query = withoutUndefined({
      include_deleted: options.includeDeleted,
      include_external: options.includeExternal,
    });
    for await (const user of connect().users.listAll(query, { signal })) print(user);
    return EXIT.finished;
  },
});
