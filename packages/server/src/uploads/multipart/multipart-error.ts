/** What can be wrong with a multipart/form-data request. Callers switch on the code, never on the message. */
export type MultipartErrorCode =
  | 'NOT_MULTIPART' // another content type, or one that only looks alike
  | 'BAD_BOUNDARY' // missing, empty, too long, or with characters a boundary may not have
  | 'MALFORMED' // a delimiter line that is none, or too much before the first one
  | 'MALFORMED_HEADER'
  | 'HEADERS_TOO_LARGE'
  | 'TOO_MANY_HEADERS'
  | 'UNSUPPORTED_ENCODING' // base64 or quoted-printable parts, which RFC 7578 4.7 deprecates
  | 'NAME_MISSING' // a part that is no form-data, or has no name
  | 'TOO_MANY_PARTS'
  | 'PART_TOO_LARGE'
  | 'TRUNCATED'; // the body ended before the closing delimiter

export class MultipartError extends Error {
  readonly code: MultipartErrorCode;

  constructor(code: MultipartErrorCode, message: string) {
    super(message);
    this.name = 'MultipartError';
    this.code = code;
  }
}
