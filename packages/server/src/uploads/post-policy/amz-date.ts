import { type Instant, SECOND } from '../../domain/instant.ts';
import { parseTime } from '../../domain/time.ts';

/** `2026-01-02T03:04:05Z`, cut to the second. */
export const isoSeconds = (at: Instant): string =>
  `${new Date(Math.floor(at / SECOND) * 1000).toISOString().slice(0, 19)}Z`;

/** The form of `x-amz-date`: `20260102T030405Z`, cut to the second. Its first eight digits are the day. */
export const formatAmzDate = (at: Instant): string => isoSeconds(at).replaceAll(/[-:]/g, '');

const AMZ_DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Undefined where the text is no such time. */
export const parseAmzDate = (text: string): Instant | undefined => {
  const time = AMZ_DATE.test(text) ? parseTime(text.replace(AMZ_DATE, '$1-$2-$3T$4:$5:$6Z')) : undefined;
  return time && time.seconds * SECOND;
};
