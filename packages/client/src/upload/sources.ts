import { orAborted } from '../or-aborted.ts';
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
  const all = Symbol.asyncIterator in sources || Symbol.iterator in sources ? sources : Array.from(sources);
  for await (const source of all) {
    signal?.throwIfAborted();
    inputs.push(inputOf(source));
  }
  return inputs;
};

const inputOf = (source: UploadSource): UploadInput => {
  if (typeof source === 'string') return { name: baseName(source), body: { path: source } };
  if (!(source instanceof Blob)) return source;
  const below = source.webkitRelativePath?.split('/').slice(1).join('/');
  return { name: below || source.name, body: source };
};

const baseName = (path: string): string => path.replace(/[/\\]+$/, '').replace(/^.*[/\\]/s, '');
