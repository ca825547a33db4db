/**
 * What the promise comes to, or the signal's reason where that comes first: for work that cannot be ended itself, such as
 * a stream that has stalled. What the work comes to afterwards is of no interest.
 */
export const orAborted = <T>(work: Promise<T>, signal?: AbortSignal): Promise<T> => {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
};
