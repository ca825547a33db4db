import { lstat } from 'node:fs/promises';
import { realFolder } from './folders.ts';
import { localSegments } from './local-name.ts';

/** Where a file of a workspace goes: a folder that is there, and the name it has in it unless that is taken. */
export type Target = {
  folder: string;
  name: string;
  /** All of them that are the name's, the outermost first. */
  folders: string[];
};

/** Makes the folders of a name, below `root` and never outside of it, nor over links. */
export const targetOf = async (root: string, name: string): Promise<Target> => {
  const segments = localSegments(name);
  const own = segments.pop() as string;
  const folders: string[] = [];
  let folder = root;
  for (const segment of segments) {
    folder = await realFolder(folder, segment);
    folders.push(folder);
  }
  return { folder, name: own, folders };
};

/** The target, or another where somebody has put something else, such as a link, in the place of one of its folders. */
export const targetStill = async (target: Target, root: string, name: string): Promise<Target> => {
  for (const folder of target.folders) {
    if (!(await lstat(folder).catch(() => null))?.isDirectory()) return targetOf(root, name);
  }
  return target;
};
