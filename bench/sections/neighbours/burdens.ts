import { randomUUID } from 'node:crypto';
import { METADATA_LIMITS } from '@sluice/contract';
import type { Generator } from '../../process/generator.ts';
import { type Place, send } from './place.ts';
import { holdConnections, pipeline } from './sockets.ts';

/** How much of each there is. */
export type Amounts = { files: number; pairs: number; requests: number; connections: number };

export type Burden = {
  name: string;
  /** Not watched. Resolves to what is. */
  prepare(): Promise<() => Promise<unknown>>;
};

const FILES = '/api/v1/workspaces/default/files';
const BULK = 10_000;

/** What one client of a workspace asks for at the expense of all others, the most that is admitted of each, or more. */
export const burdensOf = (place: Place, generator: Generator, folder: string, amounts: Amounts): Burden[] => {
  const asking = (name: string, method: string, path: string, body: () => unknown, times = 1): Burden => ({
    name,
    prepare: async () => {
      const text = JSON.stringify(body());
      return async () => {
        for (let at = 0; at < times; at++) await send(place, method, path, text);
      };
    },
  });
  const contains = Array.from({ length: 20 }, (_, at) => `contains(title, 'no such ${at}')`).join(' or ');
  return [
    { name: 'nothing', prepare: async () => () => new Promise((resolve) => setTimeout(resolve, 3000)) },
    {
      name: 'a key for 100,000 workspaces, and the list of keys',
      prepare: async () => {
        const body = JSON.stringify({ workspaces: Array(100_000).fill('default') });
        return async () => {
          await send(place, 'POST', '/api/v1/token', body);
          await send(place, 'GET', '/api/v1/token');
        };
      },
    },
    {
      name: `20 × contains joined by or, over ${amounts.files.toLocaleString('en-US')} files`,
      prepare: async () => () => send(place, 'GET', `${FILES}?filter=${encodeURIComponent(contains)}`),
    },
    asking(`update-meta of ${BULK} unknown ids`, 'POST', `${FILES}/update-meta`, () =>
      Object.fromEntries(Array.from({ length: BULK }, () => [randomUUID(), { a: 1 }])),
    ),
    asking(`DELETE of ${BULK} names that are not there`, 'DELETE', FILES, () => ({
      names: Array.from({ length: BULK }, (_, at) => `no such file ${at}.txt`),
    })),
    {
      name: 'eight files of as many metadata keys as there may be, and the list of workspaces, 20 times',
      prepare: async () => async () => {
        for (let at = 0; at < 8; at++) {
          const form = new FormData();
          form.append('file', new Blob(['x']), `wide-${at}.txt`);
          const keys = Array.from({ length: METADATA_LIMITS.values }, (_, key) => [`key-${at}-${key}`, key]);
          form.append('meta', JSON.stringify(Object.fromEntries(keys)));
          await send(place, 'POST', FILES, form);
        }
        for (let at = 0; at < 20; at++) await send(place, 'GET', '/api/v1/workspaces');
      },
    },
    {
      name: `${amounts.requests.toLocaleString('en-US')} pipelined requests with unknown keys`,
      prepare: async () => {
        const requests = Array.from(
          { length: amounts.requests },
          (_, at) =>
            `GET ${FILES} HTTP/1.1\r\nHost: ${place.url.host}\r\nAuthorization: Bearer unknown-${at}\r\n\r\n`,
        );
        return () => pipeline(place.url, requests);
      },
    },
    {
      name: `${amounts.connections} connections that sent five bytes`,
      prepare: async () => () => holdConnections(place.url, amounts.connections, 3),
    },
    asking('a wrong value of 10 MB', 'POST', '/api/v1/workspaces/default/upload_sessions', () => ({
      write_mode: 'x'.repeat(10_000_000),
    })),
    asking('a body of as many keys as fit', 'POST', `${FILES}/update-meta`, () => ({
      id: Object.fromEntries(Array.from({ length: 300_000 }, (_, at) => [`k${at}`, 1])),
    })),
    {
      name: `ingestion of ${amounts.pairs.toLocaleString('en-US')} files and as many sidecars`,
      prepare: async () => {
        const { id, form } = await place.api.openSession();
        await generator.run({ kind: 'folder', form, connections: 16, folder });
        return async () => {
          await place.api.closeSession(id);
          await place.api.allFinished([id], amounts.pairs);
        };
      },
    },
    asking(`DELETE of all ${amounts.files.toLocaleString('en-US')} files`, 'DELETE', FILES, () => ({})),
    {
      name: `purge of a workspace of ${amounts.files.toLocaleString('en-US')} files`,
      prepare: async () => async () => {
        await send(place, 'DELETE', '/api/v1/workspaces/doomed');
        await place.purged();
      },
    },
  ];
};
