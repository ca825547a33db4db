import type { ServerResponse } from 'node:http';
import type { FormFields } from '../post-policy/form-fields.ts';
import type { HeaderList } from './cors.ts';
import { xmlDocument } from './xml.ts';

export type StoredFile = { bucket: string; key: string; etag: string; location: string };

/**
 * Longest address that goes into a header, in characters. Proxies take 4 KiB of headers by default (nginx), clients 8;
 * the answer of 201 has the address in its body as well.
 */
const LONGEST_LOCATION = 2000;

/**
 * Answers an upload that is stored: a redirect if the form asks for one and names an http(s) address, else the status
 * it asks for, which is 204 unless 200 or 201.
 */
export const sendSuccess = (
  response: ServerResponse,
  fields: FormFields,
  file: StoredFile,
  extra: HeaderList,
): void => {
  const etag = `"${file.etag}"`;
  const redirect = fields.get('success_action_redirect') ?? fields.get('redirect');
  const target = redirect === undefined ? undefined : redirectTarget(redirect, file);
  if (target !== undefined) {
    response.writeHead(303, ['Location', target, 'ETag', etag, 'Content-Length', '0', ...extra]).end();
    return;
  }
  const where = file.location.length > LONGEST_LOCATION ? [] : ['Location', file.location];
  const headers = ['ETag', etag, ...where, ...extra];
  switch (fields.get('success_action_status')) {
    case '200':
      response.writeHead(200, ['Content-Length', '0', ...headers]).end();
      return;
    case '201': {
      const { location: Location, bucket: Bucket, key: Key } = file;
      const body = xmlDocument('PostResponse', { Location, Bucket, Key, ETag: etag });
      const type = ['Content-Type', 'application/xml', 'Content-Length', String(body.length)];
      response.writeHead(201, [...type, ...headers]).end(body);
      return;
    }
    default:
      response.writeHead(204, headers).end();
  }
};

const redirectTarget = (redirect: string, { bucket, key, etag }: StoredFile): string | undefined => {
  if (!URL.canParse(redirect)) return undefined;
  const url = new URL(redirect);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  const result = `bucket=${encodeURIComponent(bucket)}&key=${encodeURIComponent(key)}&etag=%22${etag}%22`;
  url.search += `${url.search === '' ? '' : '&'}${result}`;
  return url.href;
};
