import type { Content } from '../planning/content.ts';

/** One POST of a multipart/form-data body: `head`, then the content, then `tail`. */
export type FormPost = {
  url: string;
  contentType: string;
  head: Uint8Array<ArrayBuffer>;
  content: Content;
  tail: Uint8Array<ArrayBuffer>;
  /** Milliseconds the whole exchange may take. */
  timeoutMs: number;
  /** Milliseconds nothing may move on the connection, where the platform can tell; a minute where absent. */
  idleMs?: number;
  signal: AbortSignal | undefined;
};

/** What the object store answered. */
export type StoreReply = {
  status: number;
  retryAfter: string | null;
  /** The beginning of the body: XML with a code where it refused. */
  text: string;
};

/**
 * How forms reach an object store. It must announce the exact Content-Length, since S3 refuses chunked bodies, send
 * no API key, and follow no redirect.
 */
export interface FormTransport {
  /** Resolves to any answer. Throws ConnectionError where none came, UnreadableContent, or the signal's reason. */
  post(form: FormPost): Promise<StoreReply>;
  /** Lets go of connections that are kept open. Posts still under way fail. */
  close(): void;
}

/** What depends on where the client runs. */
export type Platform = {
  /** @param connections the most there will be at a time */
  createFormTransport(connections: number): FormTransport;
  /** @throws UnreadableContent */
  openPath(path: string): Promise<Content>;
};

/** Characters of a reply that are read; an error document is far shorter. */
export const REPLY_LIMIT = 4096;
