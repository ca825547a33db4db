import { fileNameOfSidecar, isSidecar } from '@sluice/contract/plain';
import { kindOf } from '../../json/json-text.ts';
import { type MetadataInput, metadataText } from '../../metadata.ts';
import { isPath, type UploadBody } from './content.ts';
import type { PlanProblemCode } from './input.ts';
import { namesToSend } from './made-names.ts';

/** What the names of the inputs say. `input` is a position among them. */
export type Pairing = {
  files: { input: number; name: string; sidecar: { input: number } | { text: string } | null }[];
  problems: { input: number; name: string; code: PlanProblemCode; message: string }[];
};

/**
 * Pairs files with their sidecars, by names as they are sent, byte for byte, as the server does. Of two inputs with one name the
 * later is taken: so it would be if both were uploaded one after the other. Where names alone do not tell, a sidecar goes
 * with the file in whose folder it lies: metadata of one file must not become that of another.
 */
export const pairInputs = (inputs: readonly NamedInput[]): Pairing => {
  const problems: Pairing['problems'] = [];
  /** Of each name all inputs that have it. */
  const byName = new Map<string, number[]>();
  const texts = inputs.map(({ name: given }) => (typeof given === 'string' ? given : ''));
  const named = namesToSend(texts);
  for (const [input, { name: given }] of inputs.entries()) {
    const name = named[input] as string;
    const problem = nameProblem(typeof given === 'string' ? name : given);
    if (problem !== null) {
      problems.push({ input, name, code: 'BAD_NAME', message: problem });
      continue;
    }
    const same = byName.get(name) ?? [];
    same.push(input);
    byName.delete(name); // so that it stands where it came last
    byName.set(name, same);
  }

  const files = new Map<string, PairedFile>();
  for (const [name, same] of byName) {
    if (isSidecar(name)) continue;
    const input = same.at(-1) as number;
    for (const earlier of same.slice(0, -1))
      problems.push({ input: earlier, name, code: 'SAME_NAME', message: sameName });
    const meta = inputs[input]?.meta;
    files.set(name, { input, name, sidecar: meta === undefined ? null : metadataText(meta) });
  }
  for (const [name, all] of byName) {
    if (!isSidecar(name)) continue;
    const file = files.get(fileNameOfSidecar(name));
    const folder = file === undefined ? null : folderOf(inputs[file.input]?.body);
    const beside = all.findLast((input) => folder !== null && folderOf(inputs[input]?.body) === folder);
    const owners = (file && byName.get(file.name)?.length) ?? 0;
    // In memory there are no folders: where each of the files has a sidecar, the last belongs to the last.
    const unsure = owners > 1 && beside === undefined && !(folder === null && all.length === owners);
    const own = unsure ? undefined : (beside ?? all.at(-1));
    for (const input of all) {
      if (unsure) problems.push({ input, name, code: 'SAME_NAME', message: ofAnother });
      else if (input !== own) problems.push({ input, name, code: 'SAME_NAME', message: otherSidecar });
      else if (file === undefined) problems.push({ input, name, code: 'ORPHAN_SIDECAR', message: orphan });
      else if (file.sidecar === null) file.sidecar = { input };
      else problems.push({ input, name, code: 'SAME_NAME', message: metaGiven });
    }
  }
  const good: Pairing['files'] = [];
  for (const { sidecar, ...file } of files.values()) {
    if (sidecar === null || !('problem' in sidecar)) good.push({ ...file, sidecar });
    else problems.push({ ...file, code: 'BAD_METADATA', message: sidecar.problem });
  }
  return { files: good, problems };
};

type PairedFile = {
  input: number;
  name: string;
  sidecar: { input: number } | ReturnType<typeof metadataText> | null;
};

type NamedInput = { name: string; body?: UploadBody; meta?: MetadataInput };

/** Null for what is in memory. */
const folderOf = (body: UploadBody | undefined): string | null =>
  body !== undefined && isPath(body) ? body.path.replace(/[^/\\]*$/, '') : null;

const nameProblem = (name: unknown): string | null => {
  if (typeof name !== 'string') return `Its name must be a text; it is ${kindOf(name)}.`;
  if (name === '') return 'It has no name.';
  return name.isWellFormed() ? null : 'The name is not valid Unicode.';
};

const sameName = 'A later input has the same name and is sent in its place.';
const otherSidecar = 'Another input has the same name and is sent in its place.';
const ofAnother =
  'Several inputs have the name of its file, and it does not lie beside the one that is sent, so it may belong to another.';
const orphan = 'The file that this sidecar belongs to is not among the inputs.';
const metaGiven = 'The metadata of its file was given as well and is sent in its place.';
