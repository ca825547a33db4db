/** Longest piece of a path, in bytes: file systems take 255, and underscores, a number and `.meta.json` may be added. */
const MAX_SEGMENT_BYTES = 236;

/**
 * The path below a folder that a file is saved under. Names come from whoever uploaded, so no piece of one may mean
 * anything to a file system: no way up, no absolute path or drive, no device of Windows, nothing hidden, no stream;
 * nor to whoever reads it or gives it to a command: no direction of text, no option.
 * The same on every system, so that a folder can be moved from one to another.
 */
export const localSegments = (name: string): string[] => {
  const segments = name
    .toWellFormed()
    .split(/[/\\]/)
    .filter((segment) => segment !== '')
    .map(safeSegment);
  return segments.length === 0 ? ['_'] : segments;
};

const safeSegment = (segment: string): string => {
  const visible = segment
    .replace(/[<>:"|?*\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '_') // text turned round shows `exe` as `txt`
    // Hidden files configure programs, `..` leads up, and commands take `-rf` for an option. Some file systems of macOS
    // pass over what shows nothing before that.
    .replace(/^\p{Default_Ignorable_Code_Point}*[.-]/u, '_')
    .replace(SHORT_NAME, '$1_');
  const short = shortened(visible).replace(/[. ]$/, '_'); // Windows drops them, so that two names become one
  return DEVICE.test(short) ? `_${short}` : short;
};

/** With any ending, and with blanks before it, these are devices. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\.|$)/i;

/** Another name that Windows gives to what has a longer one, or begins with a dot: `GIT~1` leads into `.git`. */
const SHORT_NAME = /^([^.]{1,6})~(?=\d{1,6}(?:\.|$))/;

/** Cuts the middle out, between characters, so that the extension stays. */
const shortened = (segment: string): string => {
  if (Buffer.byteLength(segment) <= MAX_SEGMENT_BYTES) return segment;
  const extension = /\.[^.]{1,16}$/.exec(segment)?.[0] ?? '';
  const characters = [...segment.slice(0, segment.length - extension.length)];
  while (Buffer.byteLength(characters.join('') + extension) > MAX_SEGMENT_BYTES) characters.pop();
  return characters.join('') + extension;
};

/** `a.txt`, `a_1.txt`, `a_2.txt`, …: what to try while the one before is taken. */
export const numbered = (segment: string, number: number): string => {
  if (number === 0) return segment;
  const [, stem, extension] = /^(.+?)(\.[^.]*)?$/s.exec(segment) ?? [];
  return `${stem}_${number}${extension ?? ''}`;
};
