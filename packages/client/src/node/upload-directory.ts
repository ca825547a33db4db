import { needOptions, oneOf } from '../options.ts';
import type { UploadInput } from '../upload/planning/input.ts';
import type { Upload, UploadFiles } from '../upload/upload-files.ts';
import type { UploadOptions } from '../upload/upload-options.ts';
import { checkScan, type ScanOptions, scanDirectory } from './scan-directory.ts';

export type DirectoryOptions = UploadOptions &
  ScanOptions & {
    /**
     * `path`, where absent: a file is called by its path below the folder, `minutes/march.md`. `base`: by its own name,
     * so that files in different folders may clash, which the plan reports.
     */
    names?: 'path' | 'base';
  };

export type UploadDirectory = (
  workspace: string,
  folder: string,
  options?: DirectoryOptions,
) => Promise<Upload>;

/**
 * As `uploadFiles`, with the files of a folder. Rejects where the folder itself cannot be read; a folder within it that
 * cannot is UNREADABLE.
 */
export const createUploadDirectory =
  (uploadFiles: UploadFiles): UploadDirectory =>
  async (workspace, folder, options = {}) => {
    checkScan(folder, options);
    needOptions(options, { names: oneOf(['path', 'base']) });
    const { recursive, fileTypes, include, names = 'path', ...uploadOptions } = options;
    const { signal } = uploadOptions;
    const found = await scanDirectory(folder, withoutUndefined({ recursive, fileTypes, include, signal }));
    const inputs = found.map(
      ({ relativePath, path }): UploadInput => ({
        name: names === 'base' ? (relativePath.split('/').at(-1) as string) : relativePath,
        body: { path },
      }),
    );
    return uploadFiles(workspace, inputs, uploadOptions);
  };

type Given<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

const withoutUndefined = <T extends object>(options: T): Given<T> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Given<T>;
