/** A sidecar carries the metadata of the file whose name it extends: `a.txt.meta.json` belongs to `a.txt`. */
export const SIDECAR_SUFFIX = '.meta.json';

/** Case-sensitive: `a.META.JSON` is a file. */
export const isSidecar = (name: string): boolean => name.endsWith(SIDECAR_SUFFIX);

/** The name of the file a sidecar belongs to; empty for a bare `.meta.json`, which can belong to none. */
export const fileNameOfSidecar = (sidecarName: string): string =>
  sidecarName.slice(0, -SIDECAR_SUFFIX.length);

export const sidecarNameOf = (fileName: string): string => fileName + SIDECAR_SUFFIX;
