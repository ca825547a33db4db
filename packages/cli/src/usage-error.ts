/** What was typed or set cannot be meant. Thrown before anything is done; the message is one sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
