import type { TSchema } from 'typebox';
import { doubleOf, isRawNumber } from '../../domain/json/numbers.ts';
import { booleanKind } from './boolean.ts';
import {
  anythingKind,
  arrayKind,
  nullableKind,
  objectKind,
  type Property,
  recordKind,
} from './containers.ts';
import { dateTimeKind } from './date-time.ts';
import { integerKind } from './integer.ts';
import type { Kind } from './problems.ts';
import { oneOfKind, textKind } from './text.ts';
import { uuidKind } from './uuid.ts';

/** The part of JSON Schema that requests are described with. */
type Schema = {
  type?: string;
  format?: string;
  enum?: string[];
  const?: string;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  patternProperties?: Record<string, Schema>;
  items?: Schema;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  maxProperties?: number;
  propertyNames?: Schema;
  default?: unknown;
};

/**
 * The kinds, each with the keywords it heeds. A schema with any other keyword is refused when it is compiled, that is
 * when the server starts: a limit that nobody reads must not pass for one.
 */
const KINDS: Record<string, { heeds: string[]; compile: (schema: Schema) => Kind }> = {
  enum: { heeds: ['type', 'enum'], compile: (schema) => oneOfKind('enum', schema.enum ?? []) },
  literal: {
    heeds: ['type', 'const', 'anyOf'],
    compile: (schema) => oneOfKind('literal_error', literals(schema)),
  },
  nullable: { heeds: ['anyOf'], compile: (schema) => nullableKind(compile(notNull(schema))) },
  // No UUID and no time that is read is longer than what their schemas say.
  uuid: { heeds: ['type', 'format', 'maxLength'], compile: () => uuidKind },
  'date-time': { heeds: ['type', 'format', 'maxLength'], compile: () => dateTimeKind },
  string: { heeds: ['type', 'minLength', 'maxLength'], compile: textKind },
  integer: { heeds: ['type', 'minimum', 'maximum'], compile: integerKind },
  boolean: { heeds: ['type'], compile: () => booleanKind },
  array: {
    heeds: ['type', 'items', 'maxItems'],
    compile: (schema) => arrayKind(compile(schema.items ?? {}), schema.maxItems),
  },
  record: {
    heeds: ['type', 'patternProperties', 'propertyNames', 'maxProperties'],
    compile: (schema) =>
      recordKind(compile(schema.patternProperties?.[ANY_KEY] ?? {}), {
        most: schema.maxProperties,
        key: schema.propertyNames && compile({ type: 'string', ...schema.propertyNames }),
      }),
  },
  object: { heeds: ['type', 'properties', 'required'], compile: (schema) => objectKind(properties(schema)) },
  anything: { heeds: [], compile: () => anythingKind },
};

/** Keywords that say nothing of what is admitted. */
const ANNOTATIONS = ['title', 'description', 'default', 'examples', 'deprecated', '$id'];

/** The one pattern of `Type.Record(Type.String(), …)`. */
const ANY_KEY = '^.*$';

/** @throws Error where the schema says something that no kind heeds */
export const compileKind = (schema: TSchema): Kind => compile(schema as Schema);

/** The properties of an object, for those who hold them some other way; throws as `compileKind` does. */
export const compileProperties = (schema: TSchema): Property[] => {
  heeded(schema as Schema, 'object');
  return properties(schema as Schema);
};

const compile = (schema: Schema): Kind => {
  const name = nameOf(schema);
  const kind = heeded(schema, name).compile(schema);
  // What takes anything takes numbers in their text; to all else they are numbers.
  return name === 'anything' || name === 'nullable'
    ? kind
    : (input) => kind(isRawNumber(input) ? doubleOf(input) : input);
};

const heeded = (schema: Schema, name: string) => {
  const kind = KINDS[name];
  const stray = Object.keys(schema).find(
    (word) => !ANNOTATIONS.includes(word) && !kind?.heeds.includes(word),
  );
  if (!kind || stray !== undefined) throw new Error(`Requests cannot be read by ${JSON.stringify(schema)}`);
  return kind;
};

const nameOf = (schema: Schema): string => {
  if (schema.enum) return 'enum';
  if (literals(schema).length > 0) return 'literal';
  if (schema.anyOf) return schema.anyOf.length === 2 && schema.anyOf.some(isNull) ? 'nullable' : 'union';
  if (schema.patternProperties)
    return Object.keys(schema.patternProperties).join() === ANY_KEY ? 'record' : 'patterns';
  return schema.format ?? schema.type ?? 'anything';
};

/** The constants a schema admits, if constants are all it admits. */
const literals = (schema: Schema): string[] => {
  const members = schema.anyOf ?? [schema];
  const constants = members.map((member) => member.const).filter((value) => typeof value === 'string');
  return constants.length === members.length ? constants : [];
};

const isNull = (schema: Schema): boolean => schema.type === 'null';

const notNull = (schema: Schema): Schema => schema.anyOf?.find((member) => !isNull(member)) ?? {};

const properties = (schema: Schema): Property[] =>
  Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    required: schema.required?.includes(name) ?? false,
    kind: compile(property),
    default: defaultOf(property),
  }));

/** Of a nullable schema, the default may stand inside. It is a plain value: requests share it. */
const defaultOf = (schema: Schema): unknown =>
  schema.default ?? (schema.anyOf ? notNull(schema).default : undefined);
