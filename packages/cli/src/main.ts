import { homedir } from 'node:os';
import process from 'node:process';
import manifest from '../package.json' with { type: 'json' };
import { rawArguments } from './raw-arguments.ts';
import { runCli } from './run-cli.ts';

const interrupted = new AbortController();
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
// Once: whoever asks again while things are being wound up, by either of them, ends the process at once.
const interrupt = (signal: NodeJS.Signals) => {
  for (const one of SIGNALS) process.off(one, interrupt);
  interrupted.abort(new Error(`Ended by ${signal}.`));
};
for (const signal of SIGNALS) process.on(signal, interrupt);

// Whoever read the output has read enough, as `head` does: that is no failure, and no reason to leave work half done.
const readerGone = new AbortController();
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (stream === process.stdout) readerGone.abort();
  });
}

process.exitCode = await runCli({
  args: rawArguments(process.argv.slice(2)),
  env: process.env,
  cwd: process.cwd(),
  home: homedir(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interrupted.signal,
  readerGone: readerGone.signal,
  version: manifest.version,
});
