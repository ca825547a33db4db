import type { File } from '@sluice/contract';
import type { Api } from '../../api.ts';
import { CorrectnessError, expectEqual } from '../../correctness.ts';
import type { Expected } from './tree.ts';

/** Walks the list of files to its end and holds that it is exactly what was uploaded, sizes and metadata too. */
export const verifyFiles = async (api: Api, expected: ReadonlyMap<string, Expected>): Promise<void> => {
  const missing = new Map(expected);
  let cursor = {};
  for (;;) {
    const page = await api.files({ limit: '100', ...cursor });
    expectEqual('Total of the list of files', page.total, expected.size);
    for (const file of page.data) {
      const { size, meta } = missing.get(file.name) ?? unexpected(file);
      missing.delete(file.name);
      expectEqual(`Size of ${file.name}`, file.size, size);
      expectEqual(`Metadata of ${file.name}`, inOrder(file.meta), inOrder(meta));
    }
    if (!page.has_more) break;
    const last = page.data.at(-1) as File;
    cursor = { after_value: last.created_at, after_file_id: last.file_id };
  }
  if (missing.size > 0)
    throw new CorrectnessError(`${missing.size} files are not listed: ${[...missing.keys()][0]} …`);
};

const unexpected = (file: File): never => {
  throw new CorrectnessError(`The list holds ${file.name} twice, or it was never uploaded`);
};

/** Metadata is an object of scalars here; a server may give its keys in another order. */
const inOrder = (meta: object) => Object.entries(meta).toSorted(([a], [b]) => (a < b ? -1 : 1));
