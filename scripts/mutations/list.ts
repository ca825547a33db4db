import type { Mutation } from './mutation.ts';
import { CLIENT } from './tables/client.ts';
import { COMMAND_LINE } from './tables/command-line.ts';
import { DOMAIN } from './tables/domain.ts';
import { HTTP } from './tables/http.ts';
import { OBJECTS } from './tables/objects.ts';
import { SERVICE } from './tables/service.ts';
import { STORE } from './tables/store.ts';
import { UPLOADS } from './tables/uploads.ts';

const TABLES: Readonly<Record<string, readonly Mutation[]>> = {
  domain: DOMAIN,
  service: SERVICE,
  uploads: UPLOADS,
  objects: OBJECTS,
  store: STORE,
  http: HTTP,
  client: CLIENT,
  'command line': COMMAND_LINE,
};

export type ListedMutation = Mutation & { area: string };

export const MUTATIONS: readonly ListedMutation[] = Object.entries(TABLES).flatMap(([area, table]) =>
  table.map((mutation) => ({ ...mutation, area })),
);

export const nameOf = ({ area, what }: ListedMutation): string => `${area}: ${what}`;
