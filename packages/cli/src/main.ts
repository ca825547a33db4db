#!/usr/bin/env -S node --max-semi-space-size=4
// A small nursery for objects: with ten thousand files the process stays 40 MB smaller, at a tenth more of CPU time.
import { homedir } from 'node:os';
import process from 'node:process';
import manifest from '../package.json' with { type: 'json' };
import { runCli } from './run-cli.ts';

const interrupted = new AbortController();
// Once each: whoever asks again while things are being wound up ends the process at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupted.abort(new Error(`Ended by ${signal}.`)));
}
// Whoever read the output has read enough, as `head` does: that is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}

process.exitCode = await runCli({
  args: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  home: homedir(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interrupted.signal,
  version: manifest.version,
});
