/** The parts of a form's body around the content; only the file's name differs between the files of a session. */
export type MultipartForm = {
  contentType: string;
  head(fileName: string): Uint8Array<ArrayBuffer>;
  tail: Uint8Array<ArrayBuffer>;
};

/**
 * Lays out a form as RFC 7578 has it: every field, then the part `file`, which S3 wants last.
 * @param fields in the order they are to be sent
 * @param boundary of at most 70 characters that no content contains
 */
export const multipartForm = (fields: Readonly<Record<string, string>>, boundary: string): MultipartForm => {
  const parts = Object.entries(fields).map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"\r\n\r\n${value}\r\n`,
  );
  const opening = UTF8.encode(
    `${parts.join('')}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="`,
  );
  const closing = UTF8.encode('"\r\nContent-Type: application/octet-stream\r\n\r\n');
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    head: (fileName) => concat(opening, UTF8.encode(escapeName(fileName)), closing),
    tail: UTF8.encode(`\r\n--${boundary}--\r\n`),
  };
};

/**
 * 128 random bits: contents need not be searched for it. Not by `randomUUID`, which pages have over https and from their
 * own machine only.
 */
export const newBoundary = (): string =>
  `sluice-${Array.from(crypto.getRandomValues(new Uint8Array(16)), hex).join('')}`;

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** As browsers do it (WHATWG, multipart form data): these three would end the header early. */
const escapeName = (name: string): string =>
  name.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');

const UTF8 = new TextEncoder();

const concat = (...pieces: Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};
