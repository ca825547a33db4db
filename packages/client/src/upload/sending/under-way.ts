import type { Content } from '../planning/content.ts';

/** Smaller contents are there before anybody could see them move. */
const WATCHED_BYTES = 1024 * 1024;

/**
 * A content whose bytes are told while they are sent, piece by piece. `end` takes back what was told: a try that went
 * well is told as a whole by whoever knows that it did.
 * @param tell gets a number of bytes that are under way, or with a minus are not any more
 */
export const underWay = (
  content: Content,
  tell: (bytes: number) => void,
): { content: Content; end: () => void } => {
  if (content.size <= WATCHED_BYTES) return { content, end: () => {} };
  let told = 0;
  const chunks = async function* () {
    for await (const chunk of content.chunks()) {
      const { length } = chunk;
      yield chunk;
      told += length; // asked for the next, so this one is on its way
      tell(length);
    }
  };
  return {
    content: {
      size: content.size,
      whole: () => content.whole(),
      chunks,
      ...(content.blob && { blob: content.blob }),
    },
    end: () => tell(-told),
  };
};
