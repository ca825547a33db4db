/** What a checked upload is admitted to: one file under one key. */
export type UploadGrant = {
  key: string;
  /** The folder of the form: what `ObjectStore.seal` seals, and what files are counted by. `key` starts with it. */
  prefix: string;
};

/** How an upload reaches back to its sender. */
export type UploadEvents = {
  /** There is room again after `write` said no. */
  drained(): void;
  /** The bytes cannot be stored. Called at most once; nothing but `abort` need follow. */
  failed(error: unknown): void;
};

/** One file on its way into a store. Ends with `commit` or with `abort`. */
export interface IncomingUpload {
  /**
   * Takes over the chunk, which nobody changes from then on. False: wait for `drained` before writing more.
   * @throws as `commit` does, where it is clear already that the upload will be refused
   */
  write(chunk: Buffer): boolean;
  /**
   * The file is whole: resolves once it is durable and visible, replacing what was under its key.
   * @throws SESSION_ENDED where its folder is sealed, SESSION_FULL, NAME_REFUSED where the store never takes that key,
   *   STORAGE_UNAVAILABLE
   */
  commit(): Promise<{ etag: string }>;
  /** The file will not come whole, or is not wanted: nothing of it stays. May be called at any time, and twice. */
  abort(): void;
}

/** Where every road that bytes come in by puts them, whatever its protocol. */
export interface Intake {
  /** @throws as an upload does, where it is clear at once that it will be refused */
  begin(grant: UploadGrant, events: UploadEvents): IncomingUpload;
}
