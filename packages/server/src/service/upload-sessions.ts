import type { CreateUploadSession, IngestionStatus, SessionStatus, UploadForm } from '@sluice/contract';
import { FILE_STATES, MAX_SESSION_SECONDS } from '@sluice/contract';
import { sessionsOnlyOf } from '../domain/accounts/access.ts';
import type { Principal, User } from '../domain/accounts/account.ts';
import { DomainError, notFound } from '../domain/errors.ts';
import { planIngestion } from '../domain/ingestion-plan.ts';
import { SECOND } from '../domain/instant.ts';
import { uploadPrefix } from '../domain/object-keys.ts';
import { pageOf } from '../domain/paging.ts';
import { type Session, type SessionFile, sessionStatus } from '../domain/session.ts';
import type { Workspace } from '../domain/workspace.ts';
import { createBreath } from './breathe.ts';
import type { ServiceContext } from './context.ts';
import { listAll } from './every-object.ts';
import { createGrowingCounts } from './growing-counts.ts';
import type { PageRequest, Rows } from './ports/paging.ts';
import type { SessionSearch } from './ports/sessions.ts';

/** A session as it stands now: what the clock makes of its row, and who opened it. */
export type SessionView = Session & { status: SessionStatus; creator: User };

export type UploadSessions = ReturnType<typeof createUploadSessions>;

export const createUploadSessions = ({
  store,
  objects,
  forms,
  jobs,
  clock,
  newId,
  maxOpenSessions,
  maxFilesPerSession,
}: Pick<
  ServiceContext,
  'store' | 'objects' | 'forms' | 'jobs' | 'clock' | 'newId' | 'maxOpenSessions' | 'maxFilesPerSession'
>) => {
  const find = async (principal: Principal, workspace: Workspace, id: string): Promise<Session> => {
    const session = await store.read.sessions.get(workspace.id, id);
    const only = sessionsOnlyOf(principal);
    if (!session || (only !== undefined && session.tokenId !== only)) throw notFound('Upload session');
    return session;
  };

  const prefixOf = (workspace: Workspace, id: string) =>
    uploadPrefix(workspace.organizationId, workspace.id, id);

  const view = async (workspace: Workspace, sessions: readonly Session[]): Promise<SessionView[]> => {
    const creators = await store.read.accounts.users(
      workspace.organizationId,
      sessions.map(({ createdBy }) => createdBy),
    );
    return sessions.map((session) => {
      const creator = creators.get(session.createdBy);
      if (!creator) throw notFound('User');
      return { ...session, status: sessionStatus(session, clock()), creator };
    });
  };

  const count = createGrowingCounts(store.read.sessions.count);

  return {
    /**
     * Opens a session and signs its form.
     * @throws PLAN_EXCLUDES_SESSIONS, TOO_MANY_OPEN_SESSIONS
     */
    create: async (
      principal: Principal,
      workspace: Workspace,
      request: CreateUploadSession,
    ): Promise<{ session: Session; form: UploadForm }> => {
      if (principal.organization.pricingPlan === 0) {
        throw new DomainError(
          'PLAN_EXCLUDES_SESSIONS',
          "Upload sessions are not part of your organization's plan.",
        );
      }
      const now = clock();
      const expiresAt = now + (request.expires_in_seconds ?? MAX_SESSION_SECONDS) * SECOND;
      const session: Session = {
        id: newId(),
        workspaceId: workspace.id,
        createdBy: principal.user.id,
        tokenId: principal.token.id,
        writeMode: request.write_mode ?? 'KEEP',
        parallelProcessingEnabled: request.parallel_processing_enabled ?? false,
        createdAt: now,
        expiresAt,
        closedAt: null,
        endedAt: expiresAt,
        listedAt: null,
        ingestedAt: null,
        sweptAt: null,
        totalFiles: 0,
        finishedFiles: 0,
        failedFiles: 0,
        attempts: 0,
        orphanSidecars: [],
      };
      // First, since it may fail: a session that nobody got a form for would be one of the few that may be open.
      const form = await forms.createUploadForm({ prefix: prefixOf(workspace, session.id), expiresAt });
      await store.write(async (tx) => {
        await tx.sessions.lockUser(principal.user.id);
        if ((await tx.sessions.countOpen(principal.user.id, now)) >= maxOpenSessions) {
          throw new DomainError(
            'TOO_MANY_OPEN_SESSIONS',
            `You have ${maxOpenSessions} open upload sessions, the most a user may have. Close one first.`,
          );
        }
        await tx.sessions.insert(session);
      }, 'short');
      return { session, form };
    },

    list: async (
      principal: Principal,
      workspace: Workspace,
      search: Omit<SessionSearch, 'workspaceId' | 'tokenId' | 'now' | 'total'>,
    ): Promise<Rows<SessionView>> => {
      const now = clock();
      const seen = { workspaceId: workspace.id, tokenId: sessionsOnlyOf(principal) };
      const { created, expired } = await count(seen, now);
      const total = search.isExpired ? expired : created - expired;
      const found = await store.read.sessions.list({ ...search, ...seen, now, total });
      return { ...found, rows: await view(workspace, found.rows) };
    },

    /** Until ingestion has listed the uploads, `totalFiles` is the number received so far. */
    get: async (principal: Principal, workspace: Workspace, id: string): Promise<SessionView> => {
      let found = await find(principal, workspace, id);
      if (found.listedAt === null) {
        const { files } = await objects.count(prefixOf(workspace, id));
        // Once it is listed its objects begin to go, and its row has the total.
        found = await find(principal, workspace, id);
        if (found.listedAt === null) found = { ...found, totalFiles: files };
      }
      const [session] = (await view(workspace, [found])) as [SessionView];
      return session;
    },

    /** Files of a session. Until ingestion has listed them they are what has been uploaded so far, all PENDING. */
    files: async (
      principal: Principal,
      workspace: Workspace,
      id: string,
      search: PageRequest & { status: IngestionStatus | null },
    ): Promise<Rows<SessionFile>> => {
      const prefix = prefixOf(workspace, id);
      let session = await find(principal, workspace, id);
      const uploaded = session.listedAt === null ? await listAll(objects, prefix) : [];
      if (session.listedAt === null) session = await find(principal, workspace, id); // as above
      if (session.listedAt !== null) {
        const found = await store.read.sessionFiles.list({
          ...search,
          sessionId: id,
          total: countOf(session, search.status),
        });
        return found;
      }
      const plan = await planIngestion({ id, prefix, maxFilesPerSession }, uploaded, createBreath());
      const pending = plan.files.map(
        (file): SessionFile => ({ ...file, status: 'PENDING', reason: null, message: null }),
      );
      return pageOf(pending, ({ status }) => search.status === null || status === search.status, search);
    },

    /**
     * Ends a session: no upload is accepted from then on, ingestion starts. Lists nothing, so it is quick at any size.
     * @throws NOT_FOUND, ALREADY_CLOSED (also once expired)
     */
    close: async (principal: Principal, workspace: Workspace, id: string): Promise<void> => {
      await find(principal, workspace, id);
      const called = await store.write(async (tx) => {
        const closed = await tx.sessions.close(id, clock());
        if (!closed) throw new DomainError('ALREADY_CLOSED', 'The upload session is closed already.');
        return tx.sessions.callNext(workspace.id, clock());
      }, 'short');
      await objects.seal(prefixOf(workspace, id));
      if (called !== undefined) jobs.enqueue({ kind: 'ingest', sessionId: called });
    },
  };
};

const countOf = (session: Session, status: IngestionStatus | null): number => {
  const { totalFiles, finishedFiles, failedFiles } = session;
  if (status === null) return totalFiles;
  return {
    finished_files: finishedFiles,
    failed_files: failedFiles,
    pending_files: totalFiles - finishedFiles - failedFiles,
  }[FILE_STATES[status].counter];
};
