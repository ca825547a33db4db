// Uploads a folder with the client of the given file, as it is published, and prints what that took: one line of JSON.
import { readFileSync } from 'node:fs';

const [entry, baseUrl, apiKey, workspaceName, folder] = process.argv.slice(2);
const { createClient } = await import(entry);
const client = createClient({ baseUrl, apiKey, workspaceName });
const started = performance.now();
const upload = await client.inWorkspace().uploadDirectory(folder);
const milliseconds = performance.now() - started;
const finished = upload.results.filter(({ status }) => status === 'finished').length;
// Not the maxRSS of resourceUsage: a child inherits that of the process that started it.
const peakBytes =
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]) * 1024;
process.stdout.write(
  `${JSON.stringify({ peakBytes, milliseconds, finished, files: upload.results.length })}\n`,
);
