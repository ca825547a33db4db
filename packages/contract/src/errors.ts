import Type from 'typebox';

/** What programs switch on: stable, unlike the words of `detail`. New ones may come. */
const Code = (examples: string[]) =>
  Type.String({ description: 'Stable code; the words of `detail` may change.', examples });

/** Every status but 422: one sentence. */
export const ErrorBody = Type.Object({
  detail: Type.String(),
  code: Code(['NOT_FOUND', 'QUERY_TOO_DEAR']),
});
export type ErrorBody = Type.Static<typeof ErrorBody>;

/** One thing wrong with a request. `loc` starts with `path`, `query` or `body`. */
export const ValidationProblem = Type.Object({
  type: Type.String({ description: 'Stable code, such as `enum`, `missing` or `uuid_parsing`.' }),
  loc: Type.Array(Type.Union([Type.String(), Type.Integer()])),
  msg: Type.String(),
  input: Type.Unknown(),
  ctx: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type ValidationProblem = Type.Static<typeof ValidationProblem>;

/** Status 422: everything wrong with the request, path first, then query, then body. */
export const ValidationErrorBody = Type.Object({
  detail: Type.Array(ValidationProblem),
  code: Code(['INVALID']),
});
export type ValidationErrorBody = Type.Static<typeof ValidationErrorBody>;
