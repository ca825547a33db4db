export type {
  BulkUpdateMetadataResult,
  CreatedToken,
  CreatedUploadSession,
  DeletedFiles,
  File,
  FilePage,
  IngestionReason,
  IngestionStatus,
  Permission,
  SessionStatus,
  Token,
  UploadForm,
  UploadSession,
  UploadSessionFile,
  UploadSessionStatus,
  User,
  Workspace,
  WorkspaceStats,
  WriteMode,
} from '@sluice/contract';
export { ApiError, type ApiErrorCode } from './api-error.ts';
export { ArgumentError } from './argument-error.ts';
export { ConnectionError } from './connection-error.ts';
export {
  type Client,
  type ClientOptions,
  createClient,
  type WorkspaceClient,
  type WorkspaceMethods,
} from './create-client.ts';
export type { RequestOptions } from './request.ts';
export type { ContentRange, Metadata } from './resources/files.ts';
export type { InWorkspace } from './resources/in-workspace.ts';
export type { RetryPolicy } from './retry-timing.ts';
export {
  type Content,
  type FilePath,
  type Openable,
  UnreadableContent,
  type UploadBody,
} from './upload/content.ts';
export type { EarlierUpload } from './upload/earlier-upload.ts';
export type { FormPost, FormTransport, Platform, StoreReply } from './upload/form-transport.ts';
export type { PlanProblemCode, UploadInput, UploadReason, UploadResult } from './upload/input.ts';
export type { Pieces } from './upload/pieces.ts';
export type { PlannedFile, PlanProblem, UploadPlan } from './upload/plan-upload.ts';
export type { UploadPhase, UploadProgress } from './upload/progress.ts';
export { MAX_FILES_PER_SESSION } from './upload/send-through-sessions.ts';
export type { NamedBlob, UploadSource, UploadSources } from './upload/sources.ts';
export type { Upload, UploadFiles } from './upload/upload-files.ts';
export { type InterruptedState, UploadInterrupted } from './upload/upload-interrupted.ts';
export type { UploadOptions } from './upload/upload-options.ts';
export type {
  FilesToDelete,
  ListFilesOptions,
  ListUploadSessionsOptions,
  Workflows,
} from './workflows.ts';
