import Type from 'typebox';
import { JsonObject, Uuid } from './formats.ts';

/** A workspace name has more than three characters, and at most this many. */
export const WORKSPACE_NAME = { min: 4, max: 255 } as const;

/** Keys that `metadata_fields` lists at most: the first by name, in the order of their bytes. */
export const METADATA_FIELDS_LISTED = 1_000;

export const Workspace = Type.Object({
  workspace_id: Uuid(),
  name: Type.String(),
  languages: JsonObject(),
  default_idle_timeout_in_seconds: Type.Integer(),
  metadata_fields: JsonObject(
    `Keys found in the metadata of its files, each with the types of its values; the first ${METADATA_FIELDS_LISTED} by name.`,
  ),
});
export type Workspace = Type.Static<typeof Workspace>;

export const CreateWorkspace = Type.Object({
  // More than a name may have: the refusal of a name says why.
  name: Type.String({ maxLength: 1024 }),
});
export type CreateWorkspace = Type.Static<typeof CreateWorkspace>;

export const WorkspaceStats = Type.Object({
  file_count: Type.Integer({ minimum: 0 }),
  document_count: Type.Integer({ description: 'Always 0: Sluice stores files, it makes no documents.' }),
  search_request_count: Type.Integer({ description: 'Always 0: Sluice does not search.' }),
  average_response_time: Type.Number({ description: 'Always 0: of searches.' }),
});
export type WorkspaceStats = Type.Static<typeof WorkspaceStats>;
