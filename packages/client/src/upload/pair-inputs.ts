import { fileNameOfSidecar, isSidecar } from '@sluice/contract';
import type { Metadata } from '../resources/files.ts';
import type { PlanProblemCode } from './input.ts';

/** What the names of the inputs say. `input` is a position among them. */
export type Pairing = {
  files: { input: number; name: string; sidecar: { input: number } | { meta: Metadata } | null }[];
  problems: { input: number; name: string; code: PlanProblemCode; message: string }[];
};

/**
 * Pairs files with their sidecars, by names in NFC, byte for byte, as the server does. Of two inputs with one name the
 * later is taken: so it would be if both were uploaded one after the other.
 */
export const pairInputs = (inputs: readonly { name: string; meta?: Metadata }[]): Pairing => {
  const problems: Pairing['problems'] = [];
  const taken = new Map<string, number>();
  for (const [input, { name: given }] of inputs.entries()) {
    const name = given.normalize('NFC');
    const problem = nameProblem(name);
    if (problem !== null) {
      problems.push({ input, name, code: 'BAD_NAME', message: problem });
      continue;
    }
    const earlier = taken.get(name);
    if (earlier !== undefined) problems.push({ input: earlier, name, code: 'SAME_NAME', message: sameName });
    taken.delete(name); // so that it stands where it came last
    taken.set(name, input);
  }

  const files = new Map<string, Pairing['files'][number]>();
  for (const [name, input] of taken) {
    if (isSidecar(name)) continue;
    const meta = inputs[input]?.meta;
    files.set(name, { input, name, sidecar: meta === undefined ? null : { meta } });
  }
  for (const [name, input] of taken) {
    if (!isSidecar(name)) continue;
    const file = files.get(fileNameOfSidecar(name));
    if (file === undefined) problems.push({ input, name, code: 'ORPHAN_SIDECAR', message: orphan });
    else if (file.sidecar === null) file.sidecar = { input };
    else problems.push({ input, name, code: 'SAME_NAME', message: metaGiven });
  }
  return { files: [...files.values()], problems };
};

const nameProblem = (name: string): string | null => {
  if (name === '') return 'It has no name.';
  return name.isWellFormed() ? null : 'The name is not valid Unicode.';
};

const sameName = 'A later input has the same name and is sent in its place.';
const orphan = 'The file that this sidecar belongs to is not among the inputs.';
const metaGiven = 'The metadata of its file was given as well and is sent in its place.';
