/**
 * An API process that kills itself (SIGKILL) at the moment its arguments say. Run as a process of its own, with the
 * settings in its environment.
 */
import { pino } from 'pino';
import { startServer } from '../../../packages/server/src/app.ts';
import { readConfig } from '../../../packages/server/src/settings/config.ts';
import { arm, die, type Moment } from './arm.ts';

const [step = '', when, nth] = process.argv.slice(2);
const result = readConfig(process.env);
if ('problems' in result) throw new Error(result.problems.join('; '));
const server = await startServer({
  config: result.config,
  log: pino({ level: 'silent' }),
  version: 'test',
  roles: { api: true, work: false },
});
arm(server, { step, when: when as Moment['when'], nth: Number(nth) }, die);
console.log(`Sluice listens on ${server.url}`);
