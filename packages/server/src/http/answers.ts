import { ErrorBody, ValidationErrorBody } from '@sluice/contract';
import Type from 'typebox';

export const NoContent = Type.Null({ description: 'No content.' });

/** Bytes rather than JSON. */
export const Bytes = Type.Unsafe<unknown>({ type: 'string', contentMediaType: 'application/octet-stream' });

/**
 * What a route may answer, for its documentation: its success, the errors it names, and those that every route with a
 * key has.
 */
export const answers = <const S extends number, T extends Type.TSchema>(
  status: S,
  success: T,
  errors: readonly number[] = [],
): Record<S, T> => {
  const failures = [401, 403, ...errors].map((code) => [code, describe(ErrorBody, MEANING[code])]);
  return {
    [status]: success,
    ...Object.fromEntries(failures),
    422: describe(ValidationErrorBody, 'Validation error'),
  };
};

const describe = <T extends Type.TSchema>(schema: T, description = ''): T => ({ ...schema, description });

const MEANING: Record<number, string> = {
  400: 'Bad request',
  401: 'No key, or one that is not valid',
  402: "Upload sessions are not part of the organization's plan",
  403: 'The key does not permit this',
  404: 'Not found, or out of the reach of the key',
  406: 'A limit is reached',
  409: 'Conflict with what is there',
  413: 'Too large',
  415: 'Not multipart/form-data',
  416: 'Range not satisfiable',
  503: 'Not now; with the code QUERY_TOO_DEAR not with this filter',
};
