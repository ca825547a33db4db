import {
  MAX_FILES_PER_SESSION,
  type NodeClient,
  type Upload,
  UploadInterrupted,
  type UploadPlan,
} from '@sluice/client/node';
import { WRITE_MODES } from '@sluice/contract/plain';
import { type Call, defineCommand, MOST_SECONDS } from '../command-line/command.ts';
import { choice, count, flag, type Option, onOrOff, path, texts } from '../command-line/option.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { failureOf } from '../failure.ts';
import { shellWord } from '../output/shell-word.ts';
import { reportFormat } from '../report/report-format.ts';
import { openReport, type ReportWriter } from '../report/report-writer.ts';
import { stateOfLeftSession } from '../session-state.ts';
import { reportPlan, reportProblems, shareOf } from '../upload/report-plan.ts';
import { progressOf, reportUpload, uploadObject } from '../upload/report-upload.ts';
import { type UploadRows, uploadRows } from '../upload/upload-rows.ts';
import { type UploadTask, uploadTask } from '../upload/upload-task.ts';
import { withoutUndefined } from '../without-undefined.ts';

const reportPath = (summary: string): Option<string> => ({
  ...path('file', summary),
  read: (given) => {
    reportFormat(given);
    return given;
  },
});

const OPTIONS = {
  writeMode: choice(WRITE_MODES, 'what happens to a file whose name is taken; KEEP where absent'),
  recursive: onOrOff('folders within folders as well; so it is where absent'),
  useType: texts('.ext', 'only names with this end, and their sidecars; several also with commas between'),
  blocking: onOrOff('wait until all files are ingested; so it is where absent'),
  timeoutS: count('seconds', 1, 'wait for ingestion no longer than that; 3600 where absent', MOST_SECONDS),
  enableParallelProcessing: onOrOff('ingest beside other sessions of the workspace, not after them'),
  safeMode: onOrOff('send one file at a time, and try longer'),
  concurrency: count('n', 1, 'files sent at a time at most; 16 where absent'),
  orphanSidecars: choice(['skip', 'send'], 'what becomes of sidecars without their file; skip where absent'),
  dryRun: flag('show what would be sent, ask no server'),
  report: reportPath('write what became of every file, as .csv or .ndjson'),
  fromReport: reportPath('send what did not finish in the run it tells of, and bring it up to date'),
  resume: texts('session', 'go on with that session: send what it does not have'),
  verbose: flag('a line for files that finished, too'),
};
export type UploadCall = Call<typeof OPTIONS>;

export const upload = defineCommand({
  words: 'upload',
  operands: '[path...]',
  operandBytes: true,
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
    'upload documents --report upload.csv',
    'upload --from-report upload.csv',
    'upload documents --json --no-blocking | jq -r .session_id',
  ],
  run: async (call) => {
    const { options, connect, output, signal } = call;
    const task = await uploadTask(call);
    if (options.dryRun === true) {
      const plan = await connect({ withoutKey: true }).planUpload(task.inputs, { signal });
      for (const id of task.sessionIds)
        output.say(`Session ${id} may have some of them; only the server knows.`);
      return reportPlan(plan, output);
    }
    const client = connect({ attempts: options.safeMode ? 10 : 5 });
    const report = task.reportPath === null ? null : await openReport(task.reportPath);
    return run(call, task, client, report);
  },
});

const run = async (
  { options, output, signal }: UploadCall,
  task: UploadTask,
  client: NodeClient,
  report: ReportWriter | null,
): Promise<ExitCode> => {
  const { inputs, workspaceName, writeMode } = task;
  const wait = options.blocking ?? true;
  const orphansSent = options.orphanSidecars === 'send';
  const sessionIds: string[] = [...task.sessionIds];
  const before = sessionIds.length;
  let rows: UploadRows | undefined;
  let plan: UploadPlan | undefined;
  /** @returns what kept the report from being written, to be said behind the results */
  const keep = async (results: Upload['results']): Promise<string | null> => {
    try {
      if (rows) await report?.finish([...task.kept, ...rows.ended(results, sessionIds)]);
      return null;
    } catch (error) {
      return `The report could not be written: ${error instanceof Error ? error.message : error}.`;
    }
  };
  try {
    if (before > 0) {
      const sessions = `session${before > 1 ? 's' : ''} ${sessionIds.join(', ')}`;
      output.say(`Waiting for ${sessions}, to see what is missing.`);
    }
    const result = await client.uploadFiles(workspaceName, inputs, {
      ...withoutUndefined({
        concurrency: options.safeMode ? 1 : options.concurrency,
        waitTimeoutMs: options.timeoutS === undefined ? undefined : options.timeoutS * 1000,
        orphanSidecars: options.orphanSidecars,
      }),
      writeMode,
      wait,
      signal,
      ...(before > 0 ? { resume: { sessionIds: task.sessionIds } } : {}),
      parallelProcessingEnabled: options.enableParallelProcessing ?? false,
      onPlan: (made) => {
        plan = made;
        rows = uploadRows(inputs, made, { workspaceName, writeMode });
        reportProblems(made, orphansSent, output);
      },
      onSession: async ({ session_id }) => {
        const others = sessionIds.length === 1 ? 'the one before does' : 'those before do';
        sessionIds.push(session_id);
        await report?.add([...task.kept, ...(rows?.planned(sessionIds) ?? [])]);
        const amount =
          before > 0
            ? `what ${others} not have`
            : plan && shareOf(plan, sessionIds.length, MAX_FILES_PER_SESSION);
        output.say(`Session ${session_id} in workspace ${workspaceName} takes ${amount}.`);
      },
      onProgress: (progress) => output.progress(progressOf(progress)),
    });
    const unwritten = await keep(result.results);
    const all = options.verbose ?? false;
    const exitCode = reportUpload(result, { waited: wait, all, orphansSent, workspaceName, output });
    if (unwritten === null) return exitCode;
    output.error(unwritten);
    return EXIT.someFailed;
  } catch (error) {
    if (!(error instanceof UploadInterrupted)) throw error;
    const unwritten = await keep([...error.results]);
    const { sentence, exitCode } = failureOf(error, signal.aborted);
    if (output.json) output.result(uploadObject(asUpload(error), workspaceName, error.phase));
    output.error(sentence);
    output.error(await stateOfLeftSession(client, workspaceName, error.sessionId));
    if (unwritten !== null) output.error(unwritten);
    const left = error.sessionStatus === 'OPEN' || error.results.some(({ reason }) => reason === 'NOT_SENT');
    if (task.reportPath !== null && unwritten === null)
      output.error(`To go on: sluice upload --from-report ${shellWord(task.reportPath)}`);
    else if (left) {
      const resume = sessionIds.map((id) => `--resume ${id}`).join(' ');
      output.error(`To go on: the same command with ${resume}`);
    }
    return exitCode;
  }
};

const asUpload = ({ sessionId, sessionIds, results }: UploadInterrupted): Upload => ({
  sessionId,
  sessionIds: [...sessionIds],
  results: [...results],
  orphanSidecars: [],
  settled: results.every(({ status }) => status !== 'pending'),
});
