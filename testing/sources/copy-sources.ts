import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

/** What is not to be changed, or no source. */
const LEFT_OUT = new Set(['node_modules', 'data', 'coverage']);

/**
 * Copies the sources and their tests into a new folder, for whoever wants to change them. The packages there refer to each
 * other and not to those of the repository.
 * @returns the folder, which is the caller's to remove
 */
export const copySources = (): string => {
  const copy = mkdtempSync(join(tmpdir(), 'sluice-copy-'));
  chmodSync(copy, 0o755); // some tests start a server as another user
  for (const name of readdirSync(ROOT)) {
    if (!name.startsWith('.') && !LEFT_OUT.has(name)) {
      cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    }
  }
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, '@sluice'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@sluice') symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  for (const name of readdirSync(join(copy, 'packages'))) {
    symlinkSync(join(copy, 'packages', name), join(modules, '@sluice', name));
  }
  return copy;
};
