import { MultipartError } from './multipart-error.ts';
import { readParameters } from './parameters.ts';

/** RFC 2046, 5.1.1. */
export const MAX_BOUNDARY_LENGTH = 70;

/** Characters of a wrong type that are repeated. */
const SHOWN = 100;

/** The media type and nothing that merely starts like it: `multipart/form-dataX` must not pass. */
const MEDIA_TYPE = /^multipart\/form-data[ \t]*(?=;|$)/i;

/** RFC 2046's `bchars`, which may hold blanks but not end in one. */
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=? ]*[0-9A-Za-z'()+_,\-./:=?]$/;

/**
 * The boundary a request's Content-Type announces.
 * @throws MultipartError NOT_MULTIPART, BAD_BOUNDARY
 */
export const boundaryOf = (contentType: string | undefined): string => {
  const mediaType = MEDIA_TYPE.exec(contentType ?? '');
  if (!contentType || !mediaType) {
    const found = contentType
      ? `${JSON.stringify(contentType.slice(0, SHOWN))} is`
      : 'No Content-Type came, which is';
    throw new MultipartError('NOT_MULTIPART', `${found} not multipart/form-data.`);
  }
  const boundary = readParameters(contentType, mediaType[0].length)?.get('boundary');
  if (boundary === undefined) {
    throw new MultipartError('BAD_BOUNDARY', 'The content type names no boundary, or is not well-formed.');
  }
  if (boundary.length > MAX_BOUNDARY_LENGTH) {
    throw new MultipartError(
      'BAD_BOUNDARY',
      `The boundary is longer than ${MAX_BOUNDARY_LENGTH} characters.`,
    );
  }
  if (!BOUNDARY.test(boundary)) {
    throw new MultipartError('BAD_BOUNDARY', 'The boundary has a character that boundaries may not have.');
  }
  return boundary;
};
