import { METADATA_LIMITS, UploadedFile, UploadFileForm, UploadFileQuery } from '@sluice/contract';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../../domain/errors.ts';
import type { Metadata } from '../../domain/file.ts';
import { metadataTooLarge, readMetadata } from '../../domain/metadata/metadata.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Content, SingleUploads } from '../../service/files/single-uploads.ts';
import { answers } from '../answers.ts';
import { workspaceOf } from '../authentication.ts';
import { WorkspaceParams } from '../lists.ts';
import { type Part, readParts } from '../multipart-parts.ts';
import type { App } from '../typed-fastify.ts';

export const singleUploadRoutes = (app: App, { singleUploads }: { singleUploads: SingleUploads }): void => {
  app.post(
    '/api/v1/workspaces/:workspace_name/files',
    {
      config: { permission: 'files:write' },
      schema: {
        tags: ['Files'],
        summary: 'Upload one file',
        description:
          'multipart/form-data with the part `file`, or the part `text` and a `file_name` in the query, and optionally ' +
          'the part `meta` with a JSON object; in any order.',
        params: WorkspaceParams,
        querystring: UploadFileQuery,
        form: UploadFileForm,
        response: answers(201, UploadedFile, [400, 404, 409, 413, 415]),
      },
    },
    async (request, reply) => {
      const workspace = workspaceOf(request);
      const { content, name, metadata } = await receiveParts(request, workspace, singleUploads);
      try {
        const file = await singleUploads.add(workspace, {
          name: nameOf(name, request.query.file_name),
          writeMode: request.query.write_mode ?? 'KEEP',
          metadata: metadata(),
          content,
        });
        return reply.code(201).send({ file_id: file.id });
      } catch (error) {
        await singleUploads.discard(content);
        throw error;
      }
    },
  );
};

/**
 * Browsers and the official SDK escape a quote in the name of a part and nothing else (WHATWG: `"` becomes %22), so that a
 * name with %22 in it looks the same. Who means that says the name in the query, too.
 */
const nameOf = (ofPart: string | undefined, ofQuery = ''): string =>
  ofPart === undefined || ofPart === ofQuery.replaceAll('"', '%22') ? ofQuery : ofPart.replaceAll('%22', '"');

type Received = {
  content: Content;
  /** The name the part itself had. */
  name: string | undefined;
  /** Reads what the part `meta` said; throws where it cannot be. */
  metadata: () => Metadata;
};

const receiveParts = async (
  request: FastifyRequest,
  workspace: Workspace,
  singleUploads: SingleUploads,
): Promise<Received> => {
  let content: Content | undefined;
  let name: string | undefined;
  let meta: Buffer | undefined;
  try {
    for await (const part of readParts(request.raw)) {
      const kind = part.name.toLowerCase();
      if (kind === 'meta') {
        if (meta) throw new DomainError('BAD_REQUEST', 'The part "meta" came twice.');
        meta = await readSmallPart(part, metadataTooLarge);
      } else if (kind === 'file' || kind === 'text') {
        if (content) throw new DomainError('BAD_REQUEST', 'Send one part "file" or one part "text", once.');
        content = await singleUploads.receive(workspace, part.body, kind === 'text' ? 'text' : 'bytes');
        name = part.filename;
      } else await readSmallPart(part, unknownPartTooLarge); // passed over, but not for ever
    }
    if (!content) throw new DomainError('BAD_REQUEST', 'Neither a part "file" nor a part "text" came.');
  } catch (error) {
    if (content) await singleUploads.discard(content);
    throw error;
  }
  return { content, name, metadata: () => (meta ? metadataOf(meta) : {}) };
};

const readSmallPart = async (part: Part, tooLarge: () => DomainError): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of part.body) {
    size += chunk.length;
    if (size > METADATA_LIMITS.totalBytes) throw tooLarge();
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
};

const unknownPartTooLarge = (): DomainError =>
  new DomainError(
    'BAD_REQUEST',
    `A part that is none of "file", "text" and "meta" is larger than ${METADATA_LIMITS.totalBytes} bytes: leave it out.`,
  );

const metadataOf = (bytes: Buffer): Metadata => {
  const reading = readMetadata(bytes);
  if ('metadata' in reading) return reading.metadata;
  throw reading.problem;
};
