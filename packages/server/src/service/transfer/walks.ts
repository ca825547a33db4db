import type { Organization, Token } from '../../domain/accounts/account.ts';
import type { FileRecord } from '../../domain/file.ts';
import type { SessionFile } from '../../domain/session.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { TokenReader } from '../ports/accounts.ts';
import type { FileReader } from '../ports/files.ts';
import type { Rows } from '../ports/paging.ts';
import type { SessionFileReader } from '../ports/session-files.ts';
import type { Reader } from '../ports/store.ts';

/** Rows read, and written, at a time. */
export const BATCH = 1000;

export async function* everyWorkspace(
  read: Pick<Reader, 'accounts' | 'workspaces'>,
): AsyncGenerator<{ organization: Organization; workspace: Workspace }> {
  for (const organization of await read.accounts.organizations()) {
    for (const workspace of await read.workspaces.all(organization.id)) yield { organization, workspace };
  }
}

/** All files of a workspace, TEMPORARY ones too, by the time of their creation, then by id. */
export async function* everyFile(
  files: Pick<FileReader, 'list'>,
  workspaceId: string,
): AsyncGenerator<FileRecord> {
  const search = { workspaceId, name: null, filter: null, includeTemporary: true };
  const sort = { field: 'created_at', order: 'ASC' } as const;
  let page = await files.list(search, { sort, limit: BATCH, offset: 0 });
  for (;;) {
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < BATCH) return;
    const after = { value: last.createdAt, id: last.id };
    page = await files.list(search, { sort, limit: BATCH, after });
  }
}

/** All files of a session in order of arrival, in pages; at least one, which may be empty. */
export async function* sessionFilePages(
  sessionFiles: Pick<SessionFileReader, 'list'>,
  sessionId: string,
): AsyncGenerator<SessionFile[]> {
  let after: string | null = null;
  for (;;) {
    const page: Rows<SessionFile> = await sessionFiles.list({
      sessionId,
      status: null,
      total: 0, // not asked for
      limit: BATCH,
      pageNumber: null,
      before: null,
      after,
    });
    yield page.rows;
    if (!page.hasMore) return;
    after = page.rows.at(-1)?.id ?? null;
  }
}

/** All API keys of an organization, in ascending order of their ids. */
export const everyToken = async (
  accounts: Pick<TokenReader, 'tokens'>,
  organizationId: string,
): Promise<Token[]> => {
  const tokens: Token[] = [];
  for (let pageNumber = 1; ; pageNumber++) {
    const page = await accounts.tokens(organizationId, {
      limit: BATCH,
      pageNumber,
      before: null,
      after: null,
    });
    tokens.push(...page.rows);
    if (!page.hasMore) return tokens.sort((a, b) => (a.id < b.id ? -1 : 1));
  }
};
