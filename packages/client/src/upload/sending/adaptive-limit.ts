/** How a post ended, as far as the store's load is concerned. */
export type PostEnd = 'well' | 'in trouble' | 'otherwise';

/**
 * How many posts there are at a time. It starts in the middle, grows by one after as many good posts as there are
 * places, and halves where the store is in trouble; once for all the posts that had begun by then, since they all
 * meet the same trouble. A store that says when to come back gets no post at all before.
 */
export type AdaptiveLimit = {
  /** Resolves to a ticket once there is a place; rejects with the signal's reason. */
  enter(signal?: AbortSignal): Promise<number>;
  /** @param retryAfterMs what the store asked for */
  leave(ticket: number, end: PostEnd, retryAfterMs?: number | null): void;
  /** Posts at a time, now. */
  current(): number;
  /** Milliseconds since the first trouble that no good post has followed; 0 where there is none. */
  troubledForMs(): number;
};

export const adaptiveLimit = (
  most: number,
  { now = () => performance.now(), longestPauseMs = 120_000 } = {},
): AdaptiveLimit => {
  let limit = Math.max(1, Math.ceil(most / 2));
  let running = 0;
  let tickets = 0;
  let wellInARow = 0;
  let halvedAt = 0;
  let troubledSince: number | null = null;
  let closedUntil = 0;
  let reopening: ReturnType<typeof setTimeout> | null = null;
  const waiting = new Set<() => void>();

  const admit = () => {
    const closedFor = closedUntil - now();
    if (closedFor > 0) {
      // Only for somebody who waits: a timer of its own would keep the process after the end of the upload.
      if (waiting.size > 0) reopening ??= setTimeout(reopen, closedFor);
      return;
    }
    for (const go of waiting) {
      if (running >= limit) return;
      waiting.delete(go);
      running++;
      go();
    }
  };

  const reopen = () => {
    reopening = null;
    admit();
  };

  const stopReopening = () => {
    clearTimeout(reopening ?? undefined);
    reopening = null;
  };

  return {
    enter: (signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = () => {
          waiting.delete(go);
          if (waiting.size === 0) stopReopening();
          reject(signal?.reason);
        };
        const go = () => {
          signal?.removeEventListener('abort', onAbort);
          resolve(tickets++);
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        waiting.add(go);
        admit();
      }),
    leave: (ticket, end, retryAfterMs = null) => {
      running--;
      if (end === 'well') {
        troubledSince = null;
        if (++wellInARow >= limit && limit < most) {
          limit++;
          wellInARow = 0;
        }
      } else if (end === 'in trouble') {
        wellInARow = 0;
        troubledSince ??= now();
        if (retryAfterMs !== null && retryAfterMs <= longestPauseMs) {
          closedUntil = Math.max(closedUntil, now() + retryAfterMs);
        }
        if (ticket >= halvedAt) {
          limit = Math.max(1, limit >> 1);
          halvedAt = tickets;
        }
      }
      admit();
    },
    current: () => limit,
    troubledForMs: () => (troubledSince === null ? 0 : now() - troubledSince),
  };
};
