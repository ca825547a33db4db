/**
 * Bytes that the body of a JSON route may have: `small` unless the route says otherwise, `medium` where it holds the
 * metadata of a file or a list of names, all of whose characters may be escaped, `large` for changes of many files.
 */
export const BODY_BYTES = { small: 64 * 1024, medium: 1024 * 1024, large: 10 * 1024 * 1024 } as const;
