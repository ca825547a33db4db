import { createHash } from 'node:crypto';
import type { UploadForm } from '@sluice/contract';
import pino from 'pino';
import { type Server, startServer } from '../../packages/server/src/app.ts';
import { hashToken } from '../../packages/server/src/domain/accounts/tokens.ts';
import { numberOf } from '../../packages/server/src/domain/json/numbers.ts';
import { uuidOf } from '../../packages/server/src/domain/uuid.ts';
import { readConfig } from '../../packages/server/src/settings/config.ts';
import { postFile } from '../server/harness.ts';

/** A key of the first organization's administrator, one that reaches a single workspace, and one of the other's. */
export const KEYS = {
  admin: 'api_for_transfer_admin_0123456789',
  limited: 'api_for_transfer_limited_0123456789',
  other: 'api_for_transfer_other_0123456789',
};

export const NAMES = [
  'Gebühren & Ermäßigung.txt',
  'plan (100%).txt',
  '%41.txt',
  "it's #1?.txt",
  '日本語.txt',
  '🚢 ahoy.txt',
  'a/b/c.txt',
  ' spaces .txt',
  '"quoted"\\back.txt',
  `${'long'.repeat(60)}.txt`,
];

export const METADATA = [
  { text: 'with\u0001\u2028 inside', list: ['\n', 'b'], 'key ä': 1 },
  { nested: { deep: { number: -1.5e300 } }, tags: ['x', 'y'], yes: true, none: null },
  { long: 'ä'.repeat(400), __proto__x: 1, 'dotted.key': 'v' },
  {},
];

/** A server whose data is in a folder, whatever the other tests run on. */
export const startOn = async (settings: Record<string, string>): Promise<Server> => {
  const result = readConfig({ SLUICE_PORT: '0', SLUICE_API_KEY: KEYS.admin, ...settings });
  if ('problems' in result) throw new Error(result.problems.join('; '));
  return startServer({ config: result.config, log: pino({ level: 'silent' }), version: 'test' });
};

export const callOf =
  (server: Server, key: string = KEYS.admin) =>
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into, not typed
  async (method: string, path: string, body?: unknown): Promise<any> => {
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };

/** Uploads to a workspace by a session; each file with a sidecar, where it has metadata. */
export const uploadSession = async (
  server: Server,
  workspace: string,
  files: readonly { name: string; content: string | Uint8Array; metadata?: object | string }[],
  options: { key?: string; mode?: string; leaveOpen?: boolean } = {},
): Promise<string> => {
  const call = callOf(server, options.key);
  const path = `/workspaces/${workspace}/upload_sessions`;
  const created = await call('POST', path, { write_mode: options.mode ?? 'KEEP' });
  const form = created.aws_prefixed_request_config as UploadForm;
  const left = [...files];
  const send = async (): Promise<void> => {
    for (let file = left.pop(); file !== undefined; file = left.pop()) {
      await expectStored(postFile(form, file.name, file.content));
      if (file.metadata === undefined) continue;
      const json = typeof file.metadata === 'string' ? file.metadata : JSON.stringify(file.metadata);
      await expectStored(postFile(form, `${file.name}.meta.json`, json));
    }
  };
  await Promise.all(Array.from({ length: 16 }, send));
  if (!options.leaveOpen) {
    await call('PUT', `${path}/${created.session_id}`, { status: 'CLOSED' });
    await server.jobs.idle();
  }
  return created.session_id;
};

const expectStored = async (answer: ReturnType<typeof postFile>): Promise<void> => {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${body}`);
};

/** Fills the folder of a running server with something of everything; `plain` files more in one session. */
export const fill = async (server: Server, plain: number): Promise<void> => {
  await addAccounts(server);
  const call = callOf(server);
  await call('POST', '/workspaces', { name: 'second one' });
  await call('POST', '/workspaces', { name: 'gone' });

  const odd = NAMES.map((name, at) => ({
    name,
    content: `content of ${name}`,
    metadata: METADATA[at % METADATA.length] as object,
  }));
  await uploadSession(server, 'default', [
    ...odd,
    { name: 'large.bin', content: new Uint8Array(300_000).fill(7) },
    { name: 'larger.bin', content: new Uint8Array(7_000_000).fill(9), metadata: { big: true } },
    { name: 'bad.txt', content: 'x', metadata: '{"not": json' },
    { name: 'empty.txt', content: '' },
    { name: 'nul\u0000.txt', content: 'a name that no file may have' },
    { name: 'nul.txt', content: 'metadata that no file may have', metadata: { text: '\u0000' } },
  ]);
  await uploadSession(
    server,
    'default',
    [{ name: NAMES[0] as string, content: 'newer', metadata: { v: 2 } }],
    {
      mode: 'OVERWRITE',
    },
  );
  await uploadSession(server, 'second%20one', [{ name: 'passing.txt', content: 'not for long' }], {
    mode: 'TEMPORARY',
  });
  await uploadSession(server, 'gone', [{ name: 'gone.txt', content: 'gone' }]);
  await call('DELETE', '/workspaces/gone');
  await uploadSession(server, 'elsewhere', odd.slice(0, 3), { key: KEYS.other });
  for (let at = 0; at < plain; at += 9000) {
    const files = Array.from({ length: Math.min(9000, plain - at) }, (_, index) => ({
      name: `report-${at + index}.txt`,
      content: `the content of report ${at + index}`,
      ...(index % 2 === 0 && { metadata: { number: at + index, kind: ['a', 'b', 'c'][index % 3] } }),
    }));
    await uploadSession(server, 'default', files);
  }
  const { data } = await call('GET', '/workspaces/default/files?name=large.bin&limit=1');
  for (const { file_id: id } of data) await call('DELETE', `/workspaces/default/files/${id}`);
  await server.jobs.idle();
  await addUnusualMetadata(server);
};

/** Characters that rules of today refuse, and the databases hold in different ways. */
const addUnusualMetadata = ({ store }: Server): Promise<void> =>
  store.write(async (tx) => {
    const first = await tx.accounts.organizationByName('default');
    const workspace = first && (await tx.workspaces.byName(first.id, 'default'));
    if (!workspace) throw new Error('there is no first workspace');
    const [file] = (await tx.files.withNames(workspace.id, ['%41.txt'])).get('%41.txt') ?? [];
    if (!file) throw new Error('the file is not there');
    const big = numberOf('1546130668394913822');
    const metadata = { text: '\u0000\u0001 inside', list: ['\u0003', 'b\u0000'], 'key\u0000': 1, big };
    await tx.files.setMetadataMany([{ id: file.id, metadata }]);
  }, 'short');

const addAccounts = ({ store }: Server): Promise<void> =>
  store.write(async (tx) => {
    const first = await tx.accounts.organizationByName('default');
    if (!first) throw new Error('there is no first organization');
    const admin = await tx.accounts.userByEmail(first.id, 'admin@sluice.invalid');
    const home = await tx.workspaces.byName(first.id, 'default');
    if (!admin || !home) throw new Error('there is no first administrator');
    const organization = { id: uuidOf('other'), name: 'other', pricingPlan: 3 };
    await tx.accounts.insertOrganization(organization);
    const user = { ...admin, id: uuidOf('other admin'), organizationId: organization.id };
    await tx.accounts.insertUser(user);
    const leaver = { ...admin, id: uuidOf('leaver'), email: 'leaver@example.org', deleted: true };
    await tx.accounts.insertUser(leaver);
    const workspace = { id: uuidOf('elsewhere'), organizationId: organization.id, name: 'elsewhere' };
    await tx.workspaces.insert({
      ...workspace,
      createdAt: 1_700_000_000_000_000,
      fileCount: 0,
      filesVersion: 0,
    });
    const token = {
      name: null,
      role: 'ADMIN',
      permissions: null,
      createdAt: 1_700_000_000_000_000,
      expiresAt: null,
      createdByTokenId: null,
      parentId: null,
    } as const;
    await tx.accounts.insertToken({
      ...token,
      id: uuidOf('other token'),
      organizationId: organization.id,
      userId: user.id,
      hash: hashToken(KEYS.other),
      workspaceIds: null,
    });
    await tx.accounts.insertToken({
      ...token,
      id: uuidOf('limited token'),
      organizationId: first.id,
      userId: admin.id,
      hash: hashToken(KEYS.limited),
      workspaceIds: [home.id],
    });
  }, 'short');

/** Everything that the API shows of its workspaces, with a digest of every content; of the plain files, of every nth. */
export const shown = async (server: Server, { everyNth = 1 } = {}): Promise<object> => {
  const workspaces: [string, string][] = [
    [KEYS.admin, 'default'],
    [KEYS.admin, 'second%20one'],
    [KEYS.other, 'elsewhere'],
  ];
  const all: Record<string, unknown> = {};
  for (const [key, name] of workspaces) {
    const call = callOf(server, key);
    const path = `/workspaces/${name}`;
    // biome-ignore lint/suspicious/noExplicitAny: as it comes
    const files: any[] = [];
    for (let after = ''; ; ) {
      const page = await call('GET', `${path}/files?limit=100&include_temporary=true${after}`);
      files.push(...page.data);
      if (!page.has_more) break;
      const last = page.data.at(-1);
      after = `&after_value=${encodeURIComponent(last.created_at)}&after_file_id=${last.file_id}`;
    }
    const queue = files.filter((file, at) => at % everyNth === 0 || !file.name.startsWith('report-'));
    const digests: Record<string, string> = {};
    const read = async (): Promise<void> => {
      for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
        const url = `${server.url}/api/v1${path}/files/${file.file_id}`;
        const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
        const bytes = Buffer.from(await response.arrayBuffer());
        digests[file.file_id] = `${response.status} ${createHash('sha256').update(bytes).digest('hex')}`;
      }
    };
    await Promise.all(Array.from({ length: 16 }, read));
    const { data: sessions } = await call('GET', `${path}/upload_sessions?limit=100&is_expired=false`);
    const ended: Record<string, unknown> = {};
    for (const { session_id: id } of sessions) {
      ended[id] = [
        { ...(await call('GET', `${path}/upload_sessions/${id}`)), documentation_url: null },
        (await call('GET', `${path}/upload_sessions/${id}/files?limit=100`)).data,
      ];
    }
    const filters: Record<string, unknown> = {};
    for (const filter of FILTERS) {
      const page = await call('GET', `${path}/files?limit=100&filter=${encodeURIComponent(filter)}`);
      filters[filter] = [page.total, page.data.map((file: { name: string }) => file.name)];
    }
    all[name] = { files, digests: Object.entries(digests).sort(), sessions, ended, filters };
  }
  return all;
};

const FILTERS = [
  'number ge 5 and number lt 20',
  "kind eq 'b'",
  "contains(text, 'inside')",
  'nested.deep.number lt 0',
  'none eq null',
  'big eq 1546130668394913822',
  "contains(name, 'port-1')",
];
