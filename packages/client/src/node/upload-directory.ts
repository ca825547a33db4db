import type { Upload, UploadFiles } from '../upload/upload-files.ts';
import type { UploadOptions } from '../upload/upload-options.ts';
import { scanDirectory } from './scan-directory.ts';

export type DirectoryOptions = UploadOptions & {
  /** Folders within the folder as well; true where absent. */
  recursive?: boolean;
  /**
   * `path`, where absent: a file is called by its path below the folder, `minutes/march.md`. `base`: by its own name,
   * so that files in different folders may clash, which the plan reports.
   */
  names?: 'path' | 'base';
  /** Which files and folders to take, by their path below the folder. Where absent: all that start with no dot. */
  include?: (relativePath: string) => boolean;
};

export type UploadDirectory = (
  workspace: string,
  folder: string,
  options?: DirectoryOptions,
) => Promise<Upload>;

/** As `uploadFiles`, with the files of a folder. Rejects where the folder itself cannot be read. */
export const createUploadDirectory =
  (uploadFiles: UploadFiles): UploadDirectory =>
  async (workspace, folder, options = {}) => {
    const { recursive = true, names = 'path', include = isVisible, ...uploadOptions } = options;
    const found = await scanDirectory(folder, { recursive, include });
    const inputs = found.map(({ relativePath, path }) => ({
      name: names === 'base' ? (relativePath.split('/').at(-1) as string) : relativePath,
      body: { path },
    }));
    return uploadFiles(workspace, inputs, uploadOptions);
  };

const isVisible = (relativePath: string): boolean => !/(^|\/)\.[^/]*$/.test(relativePath);
