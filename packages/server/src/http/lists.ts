import { PAGE, WorkspaceName } from '@sluice/contract';
import Type from 'typebox';
import type { PageRequest } from '../service/ports/paging.ts';

export const WorkspaceParams = Type.Object({ workspace_name: WorkspaceName() });

type PageQuery = {
  limit?: number;
  page_number?: number | null;
  before?: string | null;
  after?: string | null;
};

export const pageRequest = (query: PageQuery): PageRequest => ({
  limit: query.limit ?? PAGE.default,
  pageNumber: query.page_number ?? null,
  before: query.before ?? null,
  after: query.after ?? null,
});
