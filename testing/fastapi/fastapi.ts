import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BulkUpdateMetadataBody,
  CloseUploadSession,
  CreateToken,
  CreateUploadSession,
  CreateWorkspace,
  DeleteFilesBody,
  ListFilesQuery,
  ListUploadSessionFilesQuery,
  ListUploadSessionsQuery,
  UpdateMetadataBody,
  Uuid,
} from '@sluice/contract';
import Type from 'typebox';
import { MAX_DEPTH } from '../../packages/server/src/http/validation/json-body.ts';
import { parseQueryString } from '../../packages/server/src/http/validation/query-string.ts';
import {
  compileRequestReader,
  type RequestSchemas,
} from '../../packages/server/src/http/validation/reader.ts';

/** A request to one of the routes that `suites/fastapi-parity/app.py` declares. The body is sent as UTF-8. */
export type Case = {
  route: keyof typeof ROUTES;
  params: Record<string, string>;
  query: string;
  body: string | null;
  contentType: string | null;
};

/** 200 with what was understood, `{path, query, body}`, or 422 with `{detail}`. */
export type Answer = { status: number; answer: unknown };

/** What FastAPI answered, one case a line. `suites/fastapi-parity/record.ts` writes it. */
export const SNAPSHOT = join(import.meta.dirname, 'fastapi-cases.jsonl');

export const recordedCases = (): (Case & Answer)[] =>
  readFileSync(SNAPSHOT, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const workspace_name = Type.String();

/** The schemas of the routes, under the names their functions have in `app.py`. */
export const ROUTES = {
  create_upload_session: { params: Type.Object({ workspace_name }), body: CreateUploadSession },
  list_upload_sessions: { params: Type.Object({ workspace_name }), querystring: ListUploadSessionsQuery },
  list_upload_session_files: {
    params: Type.Object({ workspace_name, session_id: Uuid() }),
    querystring: ListUploadSessionFilesQuery,
  },
  close_upload_session: {
    params: Type.Object({ workspace_name, session_id: Uuid() }),
    body: CloseUploadSession,
  },
  list_files: { params: Type.Object({ workspace_name }), querystring: ListFilesQuery },
  delete_files: { params: Type.Object({ workspace_name }), body: DeleteFilesBody },
  update_metadata: { params: Type.Object({ workspace_name, file_id: Uuid() }), body: UpdateMetadataBody },
  bulk_update_metadata: { params: Type.Object({ workspace_name }), body: BulkUpdateMetadataBody },
  create_workspace: { body: CreateWorkspace },
  create_token: { body: CreateToken },
} satisfies Record<string, RequestSchemas>;

const readers = new Map(
  Object.entries(ROUTES).map(([name, schemas]) => [name, compileRequestReader(schemas)]),
);

/** What Sluice makes of a case, as it would look on the wire. */
export const answerOf = ({ route, params, query, body, contentType }: Case): Answer => {
  const reading = readers.get(route)?.({
    params,
    query: parseQueryString(query),
    body: body === null ? undefined : Buffer.from(body),
    contentType: contentType ?? undefined,
  });
  if (!reading) throw new Error(`no route ${route}`);
  if ('problems' in reading) return onTheWire({ status: 422, answer: { detail: reading.problems } });
  return onTheWire({
    status: 200,
    answer: {
      path: reading.params,
      query: 'querystring' in ROUTES[route] ? reading.query : {},
      body: reading.body ?? null,
    },
  });
};

/** The difference that explains why ours is not theirs; undefined where none does. */
export const differenceOf = (asked: Case, theirs: Answer): Difference | undefined =>
  DIFFERENCES.find(({ concerns }) => concerns(asked, theirs));

/** JSON knows no -0 and no undefined. */
const onTheWire = (answer: Answer): Answer => JSON.parse(JSON.stringify(answer));

type Difference = {
  reason: string;
  concerns: (asked: Case, theirs: Answer) => boolean;
  /** What holds for ours instead. */
  ours: (ours: Answer) => boolean;
};

type Problem = { type: string; input: unknown };

const problemsOf = ({ status, answer }: Answer): Problem[] =>
  status === 422 ? (answer as { detail: Problem[] }).detail : [];

const isJsonInvalid = (ours: Answer): boolean => problemsOf(ours).some(({ type }) => type === 'json_invalid');
const isRefused = (ours: Answer): boolean => ours.status === 422;

/** Where Sluice means to answer otherwise. Every other answer is the same to the letter. */
export const DIFFERENCES: readonly Difference[] = [
  {
    reason: 'Python reads NaN and Infinity, which RFC 8259 does not have',
    concerns: ({ body }) => /(?:^|[:[,])\s*-?(?:NaN|Infinity)/.test(body ?? ''),
    ours: isJsonInvalid,
  },
  {
    reason: 'JSON is UTF-8; Python guesses UTF-16 and UTF-32 where zero bytes are among the first four',
    concerns: ({ body }) =>
      body !== null && /^.{0,3}\0/s.test(body) && ![1, 3].includes(Buffer.byteLength(body)),
    ours: isJsonInvalid,
  },
  {
    reason: 'bodies may be 64 levels deep',
    concerns: ({ body }) => (body ?? '').replace(/[^[{]/g, '').length > MAX_DEPTH,
    ours: isJsonInvalid,
  },
  {
    reason:
      'FastAPI fails to answer where a problem shows half a surrogate pair or an infinite number, or where ' +
      'a time is outside the years 1 to 9999 once it is in UTC',
    concerns: (_asked, theirs) => theirs.status === 500,
    ours: isRefused,
  },
  {
    reason: 'integers are safe ones, below 2^53',
    concerns: ({ query }) => {
      const digits = parseQueryString(query).page_number?.replace(/[^0-9]/g, '');
      return Number(digits) > Number.MAX_SAFE_INTEGER;
    },
    ours: (ours) => problemsOf(ours).some(({ type }) => type === 'int_parsing_size'),
  },
  {
    reason: 'JavaScript does not know 1e30 from an integer of 31 digits, nor 2^63 from the integer before it',
    concerns: (_asked, theirs) =>
      problemsOf(theirs).some(
        ({ type, input }) =>
          typeof input === 'number' &&
          Math.abs(input) >= 2 ** 63 &&
          (type === 'int_parsing_size' || type === 'bool_parsing'),
      ),
    ours: isRefused,
  },
  {
    reason: 'pydantic mirrors the fraction of a time before 1970: -0.25 becomes 0.75 seconds before it',
    concerns: ({ body }) => {
      const seconds = Number(/"expires_at":(-\d*\.\d+)/.exec(body ?? '')?.[1]);
      return seconds < 0 && ![0, 0.5].includes(-seconds % 1);
    },
    ours: ({ status }) => status === 200,
  },
  {
    reason:
      'a text of milliseconds with a fraction is divided by 1000 there, which rounds, and more than once',
    concerns: ({ body }) => /"expires_at":"\+?\d{11,}\.\d/.test(body ?? ''),
    ours: ({ status }) => status === 200,
  },
];
