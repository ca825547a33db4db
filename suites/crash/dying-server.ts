/**
 * A server that kills itself (SIGKILL) at a chosen moment of ingesting a session: just before or just after the nth call
 * of a method of its ports. Run as a process of its own by `ingestion.test.ts`.
 */
import { pino } from 'pino';
import { startServer } from '../../packages/server/src/app.ts';
import { readConfig } from '../../packages/server/src/settings/config.ts';
import { postFile } from '../../testing/server/harness.ts';

const [directory, key, port, method, moment, nth, files] = process.argv.slice(2) as string[];
const result = readConfig({ SLUICE_DATA_DIR: directory, SLUICE_PORT: '0', SLUICE_API_KEY: key });
if ('problems' in result) throw new Error(result.problems.join());
const server = await startServer({ config: result.config, log: pino({ level: 'silent' }), version: 'test' });

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into, not typed
const call = async (verb: string, path: string, body: unknown): Promise<any> => {
  const response = await fetch(`${server.url}/api/v1/workspaces/default/upload_sessions${path}`, {
    method: verb,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.status === 204 ? undefined : response.json();
};

const session = await call('POST', '', { write_mode: 'OVERWRITE' });
for (let index = 0; index < Number(files); index++) {
  const answer = await postFile(session.aws_prefixed_request_config, `${index}.txt`, `content ${index}`);
  if (answer.status !== 204) throw new Error(`${answer.status}`);
  await postFile(session.aws_prefixed_request_config, `${index}.txt.meta.json`, `{"n":${index}}`);
}
console.log(session.session_id);

const ports: Record<string, Record<string, (...args: unknown[]) => Promise<unknown>>> = {
  objects: server.objects as never,
  store: server.store as never,
};
const target = ports[port as string] as Record<string, (...args: unknown[]) => Promise<unknown>>;
const original = target[method as string] as (...args: unknown[]) => Promise<unknown>;
let calls = 0;
target[method as string] = async (...args) => {
  calls += 1;
  const dies = calls === Number(nth);
  if (dies && moment === 'before') process.kill(process.pid, 'SIGKILL');
  const outcome = await original.apply(target, args);
  if (dies && moment === 'after') process.kill(process.pid, 'SIGKILL');
  return outcome;
};
await call('PUT', `/${session.session_id}`, {});
await server.jobs.idle();
console.log('survived');
await server.close();
