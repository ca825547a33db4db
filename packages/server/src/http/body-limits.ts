/**
 * Bytes that the body of a JSON route may have: `small` unless the route says otherwise, `medium` where it holds the
 * metadata of a file or a list of names, all of whose characters may be escaped, `large` for changes of many files:
 * reading one of these keeps others waiting for some 20 ms.
 */
export const BODY_BYTES = { small: 64 * 1024, medium: 1024 * 1024, large: 4 * 1024 * 1024 } as const;
