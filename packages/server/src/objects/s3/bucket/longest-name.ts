import { MAX_KEY_BYTES, NAME_ROOM } from '@sluice/contract/plain';

/**
 * The longest name that a store takes, in bytes as it is sent: S3's 897, or less where a store has a limit of its own.
 * Some ten tries at most; the names have no slashes, as ours have none once they are encoded.
 * @param takes whether the store takes a key
 * @param folder where to try, shorter than that of a session and without a slash at its end
 */
export const longestName = async (
  takes: (key: string) => Promise<boolean>,
  folder: string,
): Promise<number> => {
  const asLongAsOfSessions = `${folder}/`.padEnd(MAX_KEY_BYTES - NAME_ROOM.s3 - 1, 'n');
  const fits = (bytes: number) => takes(`${asLongAsOfSessions}/${'n'.repeat(bytes)}`);
  if (await fits(NAME_ROOM.s3)) return NAME_ROOM.s3;
  let fit = 0;
  let tooLong: number = NAME_ROOM.s3;
  while (tooLong - fit > 1) {
    const bytes = Math.floor((fit + tooLong) / 2);
    if (await fits(bytes)) fit = bytes;
    else tooLong = bytes;
  }
  return fit;
};
