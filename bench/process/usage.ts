import { readFileSync, writeFileSync } from 'node:fs';

/** Bytes a process holds in memory now, and the most it ever held; null where the system has no /proc. */
export const memoryOf = (pid: number): { resident: number; peak: number } | null => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const kilobytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
    return { resident: kilobytes('VmRSS') * 1024, peak: kilobytes('VmHWM') * 1024 };
  } catch {
    return null;
  }
};

/** From here on `peak` is the most since now: 5 is the code for that (proc_pid_clear_refs(5)). */
export const resetPeak = (pid: number): void => {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Without it the peak is that of the whole life of the process: too high, never too low.
  }
};

/** Seconds of processor time a process has used, all threads together; null where the system has no /proc. */
export const processorSecondsOf = (pid: number): number | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Fields are counted after the name, which may hold blanks: proc_pid_stat(5), utime and stime, in 1/100 s.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return null;
  }
};

/** Watches the memory of a process until stopped; gives what it held each time, in bytes, none where there is no /proc. */
export const watchMemory = (pid: number, everyMs: number): { stop(): number[] } => {
  const samples: number[] = [];
  const sample = () => {
    const now = memoryOf(pid);
    if (now) samples.push(now.resident);
  };
  sample();
  const timer = setInterval(sample, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      return samples;
    },
  };
};
