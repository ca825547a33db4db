import { forEachConcurrently } from '../../for-each-concurrently.ts';
import { orAborted } from '../../or-aborted.ts';
import type { Platform } from '../sending/form-transport.ts';
import {
  type Content,
  contentInMemory,
  isPath,
  openContent,
  UnreadableContent,
  type UploadBody,
} from './content.ts';
import type { PlanProblemCode, UploadInput } from './input.ts';
import { hasBytes, shownBytes, withNameOnDisk } from './made-names.ts';
import { type Pairing, pairInputs } from './pair-inputs.ts';

export type PlannedFile = {
  /** Position among the inputs. */
  input: number;
  /** In NFC, as it will be called in the workspace. */
  name: string;
  /** What it is called on disk, where that is no UTF-8, for people: `R\\xE9sum\\xE9.txt`. `name` is made from it. */
  nameOnDisk?: string;
  content: Content;
  sidecar: Content | null;
};

export type PlanProblem = { input: number; name: string; code: PlanProblemCode; message: string };

/** What is going to be sent, and what is amiss with every input that is not. Nothing has been sent yet. */
export type UploadPlan = {
  files: PlannedFile[];
  problems: PlanProblem[];
  /** Sidecars without their file; each is among the problems as well. */
  orphanSidecars: { name: string; content: Content }[];
  /** Positions of files without content: where they are sent, they fail. */
  emptyFiles: number[];
  /** Of files and their sidecars. */
  bytes: number;
};

/** Pairs the inputs, then opens what is on disk, so that whatever is amiss is known before the first byte is sent. */
export const planUpload = async (
  inputs: readonly UploadInput[],
  { openPath }: Pick<Platform, 'openPath'>,
  { signal, emptyFiles = 'send' }: { signal?: AbortSignal | undefined; emptyFiles?: 'send' | 'skip' } = {},
): Promise<UploadPlan> => {
  const pairing = pairInputs(inputs);
  const open = (input: number) => openBody((inputs[input] as UploadInput).body, { openPath, signal });
  const plan: UploadPlan = {
    files: [],
    problems: pairing.problems,
    orphanSidecars: [],
    emptyFiles: [],
    bytes: 0,
  };

  await forEachConcurrently(pairing.files, OPENED_AT_A_TIME, async ({ input, name, sidecar }) => {
    signal?.throwIfAborted();
    try {
      const content = await open(input);
      if (content.size === 0) {
        plan.emptyFiles.push(input);
        if (emptyFiles === 'skip') {
          plan.problems.push({ input, name, ...EMPTY });
          return;
        }
      }
      const nameOnDisk = nameOnDiskOf(inputs[input] as UploadInput);
      plan.files.push({
        input,
        name,
        content,
        sidecar: await openSidecar(sidecar, open),
        ...(nameOnDisk === undefined ? {} : { nameOnDisk }),
      });
    } catch (error) {
      if (!(error instanceof UnreadableContent)) throw error;
      plan.problems.push({ input, name, code: 'UNREADABLE', message: error.message });
    }
  });
  for (const { input, name, code } of pairing.problems) {
    if (code !== 'ORPHAN_SIDECAR') continue;
    signal?.throwIfAborted();
    const content = await open(input).catch(() => null); // there is nothing to add to the problem it is already
    if (content !== null) plan.orphanSidecars.push({ name, content });
  }

  signal?.throwIfAborted();

  for (const problem of plan.problems) {
    const nameOnDisk = nameOnDiskOf(inputs[problem.input] as UploadInput);
    if (nameOnDisk !== undefined) problem.message = withNameOnDisk(problem.message, nameOnDisk);
  }
  plan.files.sort((a, b) => a.input - b.input);
  plan.problems.sort((a, b) => a.input - b.input);
  plan.emptyFiles.sort((a, b) => a - b);
  for (const { content, sidecar } of plan.files) plan.bytes += content.size + (sidecar?.size ?? 0);
  return plan;
};

const EMPTY = { code: 'EMPTY_FILE', message: 'The file has no content.' } as const;

/** For people, where it is no UTF-8. One that goes on with an earlier upload has its name already, of as many parts. */
const nameOnDiskOf = ({ name, body }: UploadInput): string | undefined => {
  if (typeof name !== 'string') return undefined; // said already
  const parts = name.split('/').length;
  const own = hasBytes(name) || !isPath(body) ? name : body.path.split('/').slice(-parts).join('/');
  return hasBytes(own) ? shownBytes(own) : undefined;
};

const OPENED_AT_A_TIME = 32;

const openBody = (
  body: UploadBody,
  { openPath, signal }: Pick<Platform, 'openPath'> & { signal: AbortSignal | undefined },
): Promise<Content> => (isPath(body) ? orAborted(openPath(body.path), signal) : openContent(body, signal));

const openSidecar = async (
  sidecar: Pairing['files'][number]['sidecar'],
  open: (input: number) => Promise<Content>,
): Promise<Content | null> => {
  if (sidecar === null) return null;
  if ('text' in sidecar) return contentInMemory(sidecar.text);
  try {
    return await open(sidecar.input);
  } catch (error) {
    if (!(error instanceof UnreadableContent)) throw error;
    // Sent without it, the file would lose its metadata without anybody noticing.
    throw new UnreadableContent(`Its sidecar: ${error.message}`, { cause: error });
  }
};
