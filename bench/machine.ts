import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

/** What the figures depend on besides the code. */
export type Machine = {
  system: string;
  processor: string;
  cores: number;
  memoryGiB: number;
  fileSystem: string;
  node: string;
  sqlite: string;
};

/** Magic numbers of statfs(2). On tmpfs nothing is durable and fsync costs nothing: such figures say little. */
const FILE_SYSTEMS = new Map([
  [0xef53, 'ext4'],
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x01021994, 'tmpfs (in memory: nothing is durable here)'],
]);

export const describeMachine = async (folder: string): Promise<Machine> => {
  const { type: magic } = await statfs(folder);
  return {
    system: `${type()} ${release()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    fileSystem: FILE_SYSTEMS.get(magic) ?? `0x${magic.toString(16)}`,
    node: process.version,
    sqlite: process.versions.sqlite ?? 'unknown',
  };
};

/** Processes that ran or waited on average in the last minute: well above zero before a bench means a busy machine. */
export const loadAverage = (): number | null => {
  try {
    return Number(readFileSync('/proc/loadavg', 'latin1').split(' ')[0]);
  } catch {
    return null;
  }
};
