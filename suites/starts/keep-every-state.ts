/**
 * Preloaded into a server that starts (`node --import`): keeps a copy of its data folder as it is before and after each
 * SQL statement, wherever it differs from the last one. A copy is what a process leaves that is killed there.
 */
import { hash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { threadId } from 'node:worker_threads';

const { KEEP_FROM: from = '', KEEP_IN: to = '' } = process.env;
let last = '';
let kept = 0;

const keep = (): void => {
  if (!existsSync(from)) return;
  const names = readdirSync(from, { recursive: true, encoding: 'utf8' }).sort();
  // The index of a log is made anew by the first to open it.
  const files = names.filter((name) => !name.endsWith('-shm'));
  const state = files.map((name) => {
    const path = join(from, name);
    return `${name} ${statSync(path).isFile() ? hash('sha1', readFileSync(path)) : ''}`;
  });
  if (state.join('\n') === last) return;
  last = state.join('\n');
  kept += 1;
  cpSync(from, join(to, `${threadId}-${String(kept).padStart(3, '0')}`), { recursive: true });
};

const watch = (prototype: object, methods: string[]): void => {
  const target = prototype as Record<string, (...args: unknown[]) => unknown>;
  for (const method of methods) {
    const original = target[method] as (...args: unknown[]) => unknown;
    target[method] = function (this: unknown, ...args) {
      keep();
      try {
        return original.apply(this, args);
      } finally {
        keep();
      }
    };
  }
};

watch(DatabaseSync.prototype, ['exec', 'close']);
watch(StatementSync.prototype, ['run', 'all', 'get']);
