/** A value a filter compares with. Dates are text in ISO 8601. */
export type Literal = string | number | boolean | null;

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type TextFunction = 'contains' | 'startswith' | 'endswith';

/**
 * An OData expression as a tree. `path` names a key of the metadata, nested ones by dots, or one of the file's own
 * fields (`created_at`, `name`, `size`). A list matches if one of its elements does.
 */
export type Filter =
  | { kind: 'compare'; path: string; operator: Comparison; value: Literal }
  | { kind: 'in'; path: string; values: Literal[] }
  | { kind: 'text'; path: string; function: TextFunction; value: string }
  | { kind: 'and'; of: Filter[] }
  | { kind: 'or'; of: Filter[] }
  | { kind: 'not'; of: Filter };
