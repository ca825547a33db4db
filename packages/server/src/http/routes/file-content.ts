import type { Readable } from 'node:stream';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply, FastifyRequest } from 'fastify';
import parseRange from 'range-parser';
import type { FileRecord } from '../../domain/file.ts';
import type { ByteRange } from '../../service/ports/objects.ts';
import { errorBody } from '../errors/error-body.ts';

type Read = (
  chooseRange: (file: FileRecord) => ByteRange | undefined,
) => Promise<{ file: FileRecord; range: ByteRange | undefined; body: Readable }>;

/**
 * Sends the bytes of a file, or the one range that was asked for. Always as a download and never as a page: what
 * somebody uploaded must not run in the origin of the API.
 */
export const sendContent = async (request: FastifyRequest, reply: FastifyReply, read: Read) => {
  const { file, range, body } = await read((row) => requestedRange(request, row));
  reply.headers({
    etag: etagOf(file),
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-type': 'application/octet-stream',
    'content-disposition': contentDisposition(file.name.split('/').at(-1)),
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  });
  if (matches(request.headers['if-none-match'], file)) {
    body.destroy();
    return reply.code(304).removeHeader('content-type').send();
  }
  if (range && range.start >= file.size) {
    body.destroy();
    reply.removeHeader('content-disposition').header('content-range', `bytes */${file.size}`);
    return reply
      .code(416)
      .type('application/json')
      .send(errorBody(416, 'The range lies outside of the file'));
  }
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${file.size}`);
  reply.header('content-length', range ? range.end - range.start + 1 : file.size);
  return reply.send(body);
};

const etagOf = (file: FileRecord): string => `"${file.etag}"`;

const matches = (header: string | undefined, file: FileRecord): boolean =>
  header !== undefined &&
  (header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etagOf(file)));

/** One satisfiable range, or one that starts behind the end; undefined for the whole file (RFC 9110, 14.2). */
const requestedRange = ({ headers }: FastifyRequest, file: FileRecord): ByteRange | undefined => {
  const ifRange = headers['if-range'];
  if (!headers.range || (ifRange !== undefined && ifRange !== etagOf(file))) return undefined;
  const ranges = parseRange(file.size, headers.range);
  if (ranges === -1) return { start: file.size, end: file.size };
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  return ranges[0];
};
