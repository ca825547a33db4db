/** A moment in UTC of any year from 0000 to 9999, exactly as it was written. */
export type Time = {
  /** Whole seconds since the Unix epoch. */
  seconds: number;
  /** The digits of what is beyond them, without zeros at the end: `5` is half a second, an empty text none. */
  fraction: string;
};

const RFC_3339 =
  /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/i;

/** Characters of a time with more digits than anybody has; what is longer is not looked at. */
const LONGEST = 64;

/**
 * Reads RFC 3339: date, `T`, time with seconds, and a zone, in letters of either case. All that reads a time goes through
 * here, since `Date.parse` takes the 30th of February for the 2nd of March and 24:00 for the next day. A leap second
 * (`23:59:60`) is no time, since no clock here counts one. Undefined where the text, of 64 characters at most, is no such time.
 */
export const parseTime = (text: string): Time | undefined => {
  const match = text.length <= LONGEST && RFC_3339.exec(text);
  if (!match) return undefined;
  const [, date = '', hours, minutes, seconds, fraction = '', sign, zoneHours = 0, zoneMinutes = 0] = match;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(date)) return undefined;
  const local = midnight / 1000 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  const ahead = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60;
  return { seconds: sign === '-' ? local + ahead : local - ahead, fraction: fraction.replace(/0+$/, '') };
};
