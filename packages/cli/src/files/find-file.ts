import type { File, NodeClient } from '@sluice/client/node';

/**
 * The row of one file. The API gives a file's content by its id, and rows by name: so the name is read from the
 * headers of the content, whose body is left unread.
 * @returns undefined where no file of that name has the id, as where it went meanwhile
 */
export const findFile = async (
  client: NodeClient,
  workspaceName: string,
  fileId: string,
  signal: AbortSignal,
): Promise<File | undefined> => {
  const content = await client.files.content(workspaceName, fileId, { signal });
  const name = nameInHeader(content.headers.get('content-disposition') ?? '');
  await content.body?.cancel();
  const query = { ...(name === undefined ? {} : { name }), include_temporary: true };
  for await (const file of client.files.listAll(workspaceName, query, { signal, exactNumbers: true })) {
    if (file.file_id === fileId) return file;
  }
  return undefined;
};

/** RFC 6266 4.1: `filename*` is exact and wins, `filename` is quoted, with backslashes before quotes. */
export const nameInHeader = (header: string): string | undefined => {
  const exact = /;\s*filename\*=utf-8''([^;\s]+)/i.exec(header)?.[1];
  if (exact !== undefined) {
    try {
      return decodeURIComponent(exact);
    } catch {
      return undefined;
    }
  }
  const plain = /;\s*filename=(?:"((?:[^"\\]|\\.)*)"|([^;\s"]+))/i.exec(header);
  return plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2];
};
