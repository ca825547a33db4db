/**
 * `fetch` to a service that has nothing but the documented fields of upload sessions, and no sizes, ids or states of
 * its own: what the hosted API is known to answer.
 */
export const documentedFieldsOnly: typeof fetch = async (input, init) => {
  const reply = await fetch(input, init);
  const path = new URL(String(input)).pathname;
  if (!reply.ok || init?.method !== 'GET' || !path.includes('/upload_sessions/')) return reply;
  const body = (await reply.json()) as { data: Row[] } & Row;
  if (path.endsWith('/files')) {
    body.data = body.data.map((row) => only(row, FILE_FIELDS));
    return Response.json(body);
  }
  return Response.json(only(body, STATUS_FIELDS));
};

type Row = Record<string, unknown>;

const FILE_FIELDS = ['file_ingestion_id', 'name', 'ingestion_status', 'ingestion_status_reason'];
const STATUS_FIELDS = ['session_id', 'expires_at', 'documentation_url', 'ingestion_status'];

const only = (row: Row, fields: readonly string[]) =>
  Object.fromEntries(fields.map((field) => [field, row[field]]));
