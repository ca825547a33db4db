import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The types of the contract, written out: what is published must not depend on the schemas they come from.
 * @param folder that of the contract's sources
 * @param values what the contract exports at run time
 * @param names the types that are wanted
 * @throws where one of them is made in a way that is not known here
 */
export const contractTypes = (
  folder: string,
  values: Readonly<Record<string, unknown>>,
  names: readonly string[],
): string => {
  const source = readFileSync(join(folder, 'index.ts'), 'utf8')
    .matchAll(/from '\.\/([^']+)'/g)
    .map(([, file]) => readFileSync(join(folder, file as string), 'utf8'))
    .toArray()
    .join('\n');
  return names
    .map((name) => {
      const made = new RegExp(`export type ${name} =\\s+([^;]+);`).exec(source)?.[1];
      const from = (pattern: RegExp) => values[pattern.exec(made ?? '')?.[1] ?? ''];
      const words = from(/^\(typeof (\w+)\)\[number\]$/);
      const schema = from(/^Type\.Static<typeof (\w+)>$/);
      if (Array.isArray(words)) return `export type ${name} = ${literals(words)};\n`;
      if (isSchema(schema)) return `${comment(schema)}export type ${name} = ${written(schema, '')};\n`;
      throw new Error(
        `The type ${name} of the contract is made in a way that cannot be written out: ${made}`,
      );
    })
    .join('\n');
};

type Schema = {
  type?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  patternProperties?: Record<string, Schema>;
  additionalProperties?: Schema;
};

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;

const written = (schema: Schema, indent: string): string => {
  if (schema.enum) return literals(schema.enum);
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.anyOf) return schema.anyOf.map((one) => written(one, indent)).join(' | ');
  switch (schema.type) {
    case undefined:
      return 'unknown';
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `Array<${written(schema.items ?? {}, indent)}>`;
    case 'object':
      return schema.properties ? fields(schema, indent) : record(schema, indent);
    default:
      throw new Error(`A schema of the type ${schema.type} cannot be written out`);
  }
};

const fields = ({ properties = {}, required = [] }: Schema, indent: string): string => {
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, field]) => {
    const optional = required.includes(name) ? '' : '?';
    return `${comment(field, inner)}${inner}${name}${optional}: ${written(field, inner)};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
};

const record = ({ patternProperties = {}, additionalProperties }: Schema, indent: string): string => {
  const [value = additionalProperties ?? {}] = Object.values(patternProperties);
  return `{ [key: string]: ${written(value, indent)} }`;
};

const literals = (words: readonly unknown[]): string => words.map((word) => JSON.stringify(word)).join(' | ');

const comment = ({ description }: Schema, indent = ''): string =>
  description === undefined ? '' : `${indent}/** ${description.replaceAll('*/', '*\u200b/')} */\n`;
