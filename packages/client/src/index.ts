export type {
  BulkUpdateMetadataResult,
  CreatedToken,
  CreatedUploadSession,
  DeletedFiles,
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
export { ArgumentError } from './argument-error.ts';
export {
  type Client,
  type ClientOptions,
  createClient,
  type WorkspaceClient,
  type WorkspaceMethods,
} from './create-client.ts';
export { ApiError, type ApiErrorCode } from './http/api-error.ts';
export { ConnectionError } from './http/connection-error.ts';
export type { RequestOptions } from './http/request.ts';
export type { RetryPolicy } from './http/retry-timing.ts';
export { ExactNumber } from './json/exact-number.ts';
export { type JsonTextOptions, jsonText } from './json/json-text.ts';
export { type ReadJsonOptions, readJson } from './json/read-json.ts';
export type { Metadata, MetadataInput, MetadataInputValue, MetadataValue } from './metadata.ts';
export type { ContentRange, File, FilePage, MetadataOptions } from './resources/files.ts';
export type { InWorkspace } from './resources/in-workspace.ts';
export type { EarlierUpload } from './upload/earlier-upload.ts';
export {
  type Content,
  type FilePath,
  type Openable,
  UnreadableContent,
  type UploadBody,
} from './upload/planning/content.ts';
export type { PlanProblemCode, UploadInput, UploadReason, UploadResult } from './upload/planning/input.ts';
export { namesToSend, shownBytes, withNameOnDisk } from './upload/planning/made-names.ts';
export type { Pieces } from './upload/planning/pieces.ts';
export type { PlannedFile, PlanProblem, UploadPlan } from './upload/planning/plan-upload.ts';
export type { NamedBlob, UploadSource, UploadSources } from './upload/planning/sources.ts';
export type { UploadPhase, UploadProgress } from './upload/progress.ts';
export { MAX_FILES_PER_SESSION } from './upload/send-through-sessions.ts';
export type { FormPost, FormTransport, Platform, StoreReply } from './upload/sending/form-transport.ts';
export type { Upload, UploadFiles } from './upload/upload-files.ts';
export { type InterruptedState, UploadInterrupted } from './upload/upload-interrupted.ts';
export type { UploadOptions } from './upload/upload-options.ts';
export type {
  FilesToDelete,
  ListFilesOptions,
  ListUploadSessionsOptions,
  Workflows,
} from './workflows.ts';
