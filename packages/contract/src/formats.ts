import Type from 'typebox';

/** A UUID in canonical text form (RFC 9562), lower case; in a request also without hyphens, in braces or as a URN. */
export const Uuid = (description?: string) =>
  Type.String({ format: 'uuid', maxLength: 45, ...(description ? { description } : {}) });

/** UTC, ISO 8601, always six fractional digits and `Z`: `2026-01-02T03:04:05.123456Z`. Read back, it loses nothing. */
export const Timestamp = (description?: string) =>
  Type.String({ format: 'date-time', maxLength: 64, ...(description ? { description } : {}) });

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

/** An object with at most so many keys, each of at most so many characters. A limit of the pattern would not be read. */
export const LimitedRecord = <T extends Type.TSchema>(
  value: T,
  limits: { maxProperties: number; maxKeyLength: number; description: string },
) =>
  Type.Record(Type.String(), value, {
    description: limits.description,
    maxProperties: limits.maxProperties,
    propertyNames: { maxLength: limits.maxKeyLength },
  });

/** The name of a workspace as one asks for it. */
export const WorkspaceName = () => Type.String({ maxLength: 255 });

/** Of 900 bytes of NFC, in any spelling: letters such as `ǖ` have two bytes, and are three characters in NFD. */
const NAME_CHARACTERS = 1_350;

/** A file's name, or part of it, in a request. */
export const FileName = (description: string) => Type.String({ description, maxLength: NAME_CHARACTERS });
