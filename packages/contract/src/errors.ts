import Type from 'typebox';

/** Every status but 422: one sentence. */
export const ErrorBody = Type.Object({ detail: Type.String() });
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
export const ValidationErrorBody = Type.Object({ detail: Type.Array(ValidationProblem) });
export type ValidationErrorBody = Type.Static<typeof ValidationErrorBody>;
