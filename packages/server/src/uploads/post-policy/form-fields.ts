import { S3Error } from '../s3-error.ts';

/** Fields of a form, the file not among them, by name in lower case (S3 compares names without regard to it). */
export type FormFields = ReadonlyMap<string, string>;

const FILENAME = `\${filename}`;

/**
 * Puts the file's name where fields ask for it, which S3 does before it looks at the policy. Of a path only what
 * follows the last slash or backslash counts; without a name nothing is put there.
 */
export const substituteFilename = (fields: Map<string, string>, filename: string | undefined): void => {
  fields.forEach((value, name) => {
    if (name === 'policy' || !value.includes(FILENAME)) return;
    fields.set(
      name,
      value.replaceAll(FILENAME, () => lastSegment(filename ?? '')),
    );
  });
};

const lastSegment = (filename: string): string =>
  filename.slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1);

/**
 * Adds a field as it was sent.
 * @throws S3Error InvalidArgument for one that came before. S3 joins the two values with a comma; nobody means that,
 * and a proxy that takes the other of the two would see another request.
 */
export const addField = (fields: Map<string, string>, sentName: string, value: string): void => {
  const name = sentName.toLowerCase();
  if (fields.has(name))
    throw new S3Error('InvalidArgument', `POST has more than one field ${JSON.stringify(name)}.`, {
      ArgumentName: name,
    });
  fields.set(name, value);
};
