import Type from 'typebox';

/** A UUID in canonical text form (RFC 9562), lower case. */
export const Uuid = (description?: string) =>
  Type.String({ format: 'uuid', ...(description ? { description } : {}) });

/** UTC, ISO 8601, always six fractional digits and `Z`: `2026-01-02T03:04:05.123456Z`. Read back, it loses nothing. */
export const Timestamp = (description?: string) =>
  Type.String({ format: 'date-time', ...(description ? { description } : {}) });

/** Any of the given strings, case-sensitive. */
export const OneOf = <const T extends readonly string[]>(
  values: T,
  options: { default?: T[number]; description?: string } = {},
) => Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options });

/** The schema or `null`. */
export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A JSON object of any content, such as the metadata of a file. */
export const JsonObject = (description?: string) =>
  Type.Record(Type.String(), Type.Unknown(), description ? { description } : {});
