import { type NodeClient, UploadInterrupted, type UploadOptions, type UploadPlan } from '@sluice/client/node';
import { WRITE_MODES } from '@sluice/contract';
import { type Call, defineCommand, WORKSPACE_OPTION } from '../command-line/command.ts';
import { choice, count, flag, onOrOff, texts } from '../command-line/option.ts';
import type { ExitCode } from '../exit-codes.ts';
import { failureOf } from '../failure.ts';
import { bytes, files } from '../output/amounts.ts';
import { stateOfLeftSession } from '../session-state.ts';
import { findInputs } from '../upload/find-inputs.ts';
import { progressWords, reportPlan, reportUpload } from '../upload/report-upload.ts';
import { withoutUndefined } from '../without-undefined.ts';

const OPTIONS = {
  ...WORKSPACE_OPTION,
  writeMode: choice(WRITE_MODES, 'what happens to a file whose name is taken; KEEP where absent'),
  recursive: onOrOff('folders within folders as well; so it is where absent'),
  useType: texts('.EXT', 'only names with this end, and their sidecars; may be given several times'),
  blocking: onOrOff('wait until all files are ingested; so it is where absent'),
  timeoutS: count('SECONDS', 1, 'wait for ingestion no longer than that; 3600 where absent'),
  enableParallelProcessing: flag('ingest beside other sessions of the workspace, not after them'),
  concurrency: count('N', 1, 'files sent at a time; 16 where absent'),
  dryRun: flag('show what would be sent, ask no server'),
  quiet: flag('print only the files that did not finish'),
};

export const upload = defineCommand({
  words: 'upload',
  operands: 'PATH…',
  summary: 'Send files and folders through an upload session',
  options: OPTIONS,
  notes: [
    'A file keeps its name, those of a folder are called by their paths below it; what starts with a dot stays.',
    'NAME.meta.json is the sidecar of NAME: a JSON object that becomes its metadata.',
  ],
  examples: [
    'upload documents',
    'upload report.pdf report.pdf.meta.json --write-mode OVERWRITE',
    'upload documents --use-type .txt --use-type .md --dry-run',
    'upload documents --json --no-blocking | jq -r .session_id',
  ],
  run: async (call) => {
    const { operands, options, connect, workspaceName, output, signal } = call;
    const inputs = await findInputs(operands, {
      recursive: options.recursive ?? true,
      types: options.useType ?? [],
    });
    if (options.dryRun === true) {
      const client = connect({ withoutKey: true });
      return reportPlan(await planOnly(client, inputs, signal), output);
    }
    const client = connect({ attempts: 5 });
    try {
      const result = await client.uploadFiles(workspaceName, inputs, { ...uploadOptions(call), signal });
      return reportUpload(result, { waited: options.blocking ?? true, workspaceName, output });
    } catch (error) {
      if (!(error instanceof UploadInterrupted)) throw error;
      return sayWhatIsLeft(error, call);
    }
  },
});

const uploadOptions = ({ options, workspaceName, output }: Call<typeof OPTIONS>): UploadOptions => {
  let plan: UploadPlan | undefined;
  return {
    ...withoutUndefined({
      writeMode: options.writeMode,
      concurrency: options.concurrency,
      waitTimeoutMs: options.timeoutS === undefined ? undefined : options.timeoutS * 1000,
    }),
    parallelProcessingEnabled: options.enableParallelProcessing ?? false,
    wait: options.blocking ?? true,
    onPlan: (made) => {
      plan = made;
    },
    onSession: ({ session_id }) => {
      const amount = `${files(plan?.files.length ?? 0)}, ${bytes(plan?.bytes ?? 0)}`;
      output.say(`Session ${session_id} in workspace ${workspaceName} takes ${amount}.`);
    },
    onProgress: (progress) => output.progress(progressWords(progress)),
  };
};

/** The plan is made before the first request; ended there, an upload does nothing else. */
const planOnly = async (
  client: NodeClient,
  inputs: Parameters<NodeClient['uploadFiles']>[1],
  signal: AbortSignal,
): Promise<UploadPlan> => {
  const planned = new Error('planned');
  let plan: UploadPlan = { files: [], problems: [], orphanSidecars: [], bytes: 0 };
  const onPlan = (made: UploadPlan) => {
    plan = made;
    throw planned;
  };
  await client.uploadFiles('', inputs, { signal, onPlan }).catch((error: unknown) => {
    if (error !== planned) throw error;
  });
  return plan;
};

const sayWhatIsLeft = async (error: UploadInterrupted, call: Call<typeof OPTIONS>): Promise<ExitCode> => {
  const { connect, workspaceName, output, signal } = call;
  const { sentence, exitCode } = failureOf(error, signal.aborted);
  output.error(sentence);
  output.error(await stateOfLeftSession(connect({ attempts: 1 }), workspaceName, error.sessionId));
  return exitCode;
};
