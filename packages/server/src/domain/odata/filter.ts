import type { Instant } from '../instant.ts';
import type { Scalar } from '../metadata/metadata-index.ts';
import type { Time } from '../time.ts';

/** A time without quotes. It stands for no moment in metadata where it has no zone: then there is no `time`. */
export type TimeLiteral = { text: string; time: Time | undefined };

/** As a filter has it, and as it is compared with metadata. */
export type Literal = Scalar | TimeLiteral;
export type Sought = Scalar | Time;

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type TextFunction = 'contains' | 'startswith' | 'endswith';

/** What a file has besides its metadata. A key of the metadata with such a name cannot be asked for. */
export const OWN_FIELDS = ['created_at', 'name', 'size', 'file_id'] as const;
export type OwnField = (typeof OWN_FIELDS)[number];

/** A field of the file itself, or a key of its metadata; nested keys are joined by dots. */
export type Property = { of: 'file'; field: OwnField } | { of: 'metadata'; path: string };

/**
 * An OData expression as a tree. Every part of it is true or false for a file, never unknown:
 *
 * - A list matches if one of its elements does. `ne` is the opposite of `eq`, so it matches files of which no element
 *   equals the value, and those that do not have the key.
 * - `eq null` matches an explicit null and a file without the key. A key whose value is an empty list or an object has
 *   no value of its own, and counts as absent.
 * - Values of another type than the literal's do not match; text goes by the order of its UTF-8 bytes. A text that says
 *   a time (`timeOf`) is a time as well.
 */
export type Filter =
  | Leaf
  | { kind: 'and'; of: Filter[] }
  | { kind: 'or'; of: Filter[] }
  | { kind: 'not'; of: Filter };

/** Literals for `created_at` are instants, for `size` doubles, for the other own fields text. */
export type Leaf =
  | { kind: 'compare'; property: Property; operator: Comparison; value: Sought | Instant }
  | { kind: 'in'; property: Property; values: (Sought | Instant)[] }
  | { kind: 'text'; property: Property; function: TextFunction; value: string };
