import { ArgumentError, shown } from '../../argument-error.ts';
import { orAborted } from '../../or-aborted.ts';
import type { UploadInput } from './input.ts';

/** A Blob with a name: what a file input or a drop hands out in a browser. */
export type NamedBlob = Blob & { readonly name: string; readonly webkitRelativePath?: string };

/** An input, or what stands for one: the path of a file, which is called by its base name, or a named Blob. */
export type UploadSource = UploadInput | NamedBlob | string;

/** Sources in an order: an array, a FileList, a generator. */
export type UploadSources = Iterable<UploadSource> | AsyncIterable<UploadSource> | ArrayLike<UploadSource>;

/** A Blob of a folder that was chosen is called by its path below the folder, any other by its own name. */
export const inputsOf = (sources: UploadSources, signal?: AbortSignal): Promise<UploadInput[]> =>
  orAborted(gather(sources, signal), signal);

const gather = async (sources: UploadSources, signal?: AbortSignal): Promise<UploadInput[]> => {
  const inputs: UploadInput[] = [];
  const isList = typeof sources === 'object' && sources !== null && LIST.some((sign) => sign in sources);
  if (!isList) throw new ArgumentError(`What to upload must be a list; it is ${shown(sources)}.`);
  const all = Symbol.asyncIterator in sources || Symbol.iterator in sources ? sources : Array.from(sources);
  for await (const source of all) {
    signal?.throwIfAborted();
    inputs.push(inputOf(source, inputs.length));
  }
  return inputs;
};

const LIST = [Symbol.asyncIterator, Symbol.iterator, 'length'];

const inputOf = (source: UploadSource, position: number): UploadInput => {
  if (typeof source === 'string') return { name: baseName(source), body: { path: source } };
  if (typeof source !== 'object' || source === null) {
    throw new ArgumentError(
      `Input ${position} is no path, file or object with name and body: ${shown(source)}.`,
    );
  }
  if (!(source instanceof Blob)) return source;
  const below = source.webkitRelativePath?.split('/').slice(1).join('/');
  return { name: below || source.name, body: source };
};

const baseName = (path: string): string => path.replace(/[/\\]+$/, '').replace(/^.*[/\\]/s, '');
