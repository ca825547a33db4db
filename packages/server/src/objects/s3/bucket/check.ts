import { randomBytes } from 'node:crypto';
import { NAME_ROOM, roomForNames } from '@sluice/contract/plain';
import { HOUR, MINUTE } from '../../../domain/instant.ts';
import type { Clock } from '../../../service/ports/clock.ts';
import type { UploadForms } from '../../../service/ports/objects.ts';
import { createSlots } from '../../remote/slots.ts';
import { createConnection } from '../connection.ts';
import { deleteObjects } from '../delete.ts';
import { isRefusedKey } from '../errors.ts';
import { formTarget } from '../form-target.ts';
import { listObjects } from '../list.ts';
import { moveObjects } from '../move.ts';
import { putObject } from '../put.ts';
import { readObjects } from '../read.ts';
import type { S3Settings } from '../settings.ts';
import { longestName } from './longest-name.ts';
import { Finding, find, inPieces, postingCause, postProbe, refusesStaleCopy } from './probes.ts';

export type BucketCheck = {
  check:
    | 'write'
    | 'clock'
    | 'list'
    | 'move'
    | 'condition'
    | 'parts'
    | 'form'
    | 'form_limits'
    | 'key_paths'
    | 'names'
    | 'delete';
  /** `weak`: the service works, with what the message says. */
  outcome: 'ok' | 'weak' | 'failed';
  message: string;
};

export type BucketReport = {
  checks: BucketCheck[];
  /** The roads that uploads can go, the better one first; none where the bucket cannot be used. */
  roads: ('direct' | 'relay')[];
};

/** Names that have to come back as they are. */
const AWKWARD_NAMES = ['a b+c', '%41%2F%', 'é', '\uffee', '😀', '\'"<>&', '#?=', '-~*()!'];

/** Milliseconds between two clocks from which on the SDK signs by the store's, which forms cannot. */
const CLOCKS_APART = 5 * 60_000;

/** The largest file that the forms of a check admit, in bytes. */
const PROBE_BYTES = 1000;

/** Where every check has its folder. */
const CHECKS = 'sluice-check/';

export type CheckOptions = {
  clock: Clock;
  /** Where clients reach the store, if elsewhere. */
  publicEndpoint: string | null;
  /** The road that uploads go: what only the other one needs is no failure. */
  uploads: 'direct' | 'relay';
  /** Signs forms that lead to a bucket. */
  signForms: (
    target: ReturnType<typeof formTarget>,
    signing: { maxBytes: number; clock: Clock },
  ) => UploadForms;
  /** Words for an error of the store. */
  explain: (error: unknown) => string;
  /** Only what wrong settings break, with a few small requests; `roads` stays empty. */
  brief?: boolean;
  /** Ends it before its time; what it reports then says nothing. */
  signal?: AbortSignal;
};

/**
 * Tries what the service needs of a bucket, in a folder of its own that it empties again. It never rejects: what a
 * store cannot do is in the report.
 */
export const checkBucket = async (
  settings: S3Settings,
  { clock, publicEndpoint, uploads, signForms, explain, brief = false, signal }: CheckOptions,
): Promise<BucketReport> => {
  const connection = createConnection(settings, {
    concurrency: 8,
    attempts: 3,
    // A process that starts is to say soon that a store is silent.
    answerTimeout: brief ? 5000 : 30_000,
    idleTimeout: 30_000,
  });
  signal?.addEventListener('abort', () => void connection.close(), { once: true });
  const folder = `${CHECKS}${randomBytes(8).toString('hex')}`;
  const context = { connection, clock, slots: createSlots(1), partBytes: 5 * 1024 ** 2 };
  const put = (key: string, body: Buffer) => putObject(context, key, inPieces(body));
  const keysBelow = async (prefix: string) =>
    (await listObjects(connection, prefix, { limit: 1000 })).map(({ key }) => key);
  const checks: BucketCheck[] = [];

  const run = async (check: BucketCheck['check'], work: () => Promise<string | Weak>): Promise<boolean> => {
    try {
      const result = await work();
      const weak = typeof result === 'object';
      checks.push({ check, outcome: weak ? 'weak' : 'ok', message: weak ? result.weak : result });
      return true;
    } catch (error) {
      const reason = error instanceof Finding ? error.message : explain(causeOf(error));
      const isNeedless = uploads === 'relay' && (check === 'form' || check === 'form_limits');
      checks.push(
        isNeedless
          ? { check, outcome: 'weak', message: `${reason} Uploads have to be relayed, as they are.` }
          : { check, outcome: 'failed', message: reason },
      );
      return false;
    }
  };

  const target = formTarget(connection.client, settings, publicEndpoint);
  const forms = signForms(target, { maxBytes: PROBE_BYTES, clock });
  const form = async (name: string, content: string, fields?: Record<string, string>): Promise<number> => {
    const signed = await forms.createUploadForm({
      prefix: `${folder}/form/`,
      expiresAt: clock() + 5 * MINUTE,
    });
    return postProbe(signed, name, content, fields, signal).catch((error: unknown) => {
      const { why, code } = postingCause(error);
      throw new Finding(`Forms cannot be posted to ${signed.url}: ${why} (${code}).${lookAtForms}`);
    });
  };
  /** Only where forms go elsewhere: all else is told by then. */
  const lookAtForms = publicEndpoint === null ? '' : ' Look at SLUICE_S3_PUBLIC_ENDPOINT.';

  try {
    const writes = await run('write', async () => {
      await put(`${folder}/write`, Buffer.from('bytes'));
      const body = (await readObjects(connection, [{ key: `${folder}/write` }], 100)).get(`${folder}/write`);
      find(
        body?.toString() === 'bytes',
        `An object did not come back as it was put: maybe what answers at ${settings.endpoint} is no S3 store. Look at SLUICE_S3_ENDPOINT.`,
      );
      return 'Objects can be put and read.';
    });
    if (!writes) return { checks, roads: [] };
    const minutes = Math.round(Math.abs(connection.client.config.systemClockOffset) / 60_000);
    if (minutes * 60_000 >= CLOCKS_APART) {
      checks.push({
        check: 'clock',
        outcome: 'failed',
        message: `The clocks of the store and of this machine are ${minutes} minutes apart; run NTP on both.`,
      });
    }

    const lists =
      !brief &&
      (await run('list', async () => {
        const wanted = AWKWARD_NAMES.map((name) => `${folder}/list/${name}`);
        for (const key of wanted) await put(key, Buffer.from(key));
        const listed = await keysBelow(`${folder}/list/`);
        find(new Set([...listed, ...wanted]).size === wanted.length, 'Names came back changed.');
        const sorted = [...wanted].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        find(listed.join('\n') === sorted.join('\n'), 'A list is not whole, or not in the order of bytes.');
        return 'Lists are whole, in order, and names come back as they were.';
      }));

    const moves =
      !brief &&
      (await run('move', async () => {
        const { etag } = await put(`${folder}/from +%é`, Buffer.from('moved'));
        const move = { from: `${folder}/from +%é`, to: `${folder}/to`, etag };
        find((await moveObjects(connection, [move]))[0] === 'moved', 'An object could not be moved.');
        find((await keysBelow(`${folder}/from`)).length === 0, 'A moved object is still there.');
        return 'Objects can be copied and moved.';
      }));

    if (!brief)
      await run('condition', async () => {
        const { etag } = await put(`${folder}/condition`, Buffer.from('new'));
        const honoured = await refusesStaleCopy(connection, `${folder}/condition`, etag);
        return honoured
          ? 'A copy is refused once the object was replaced.'
          : { weak: 'The store ignores the condition of a copy; etags are compared afterwards instead.' };
      });

    const parts =
      !brief &&
      (await run('parts', async () => {
        const body = Buffer.alloc(context.partBytes + 1, 'x');
        const { size } = await put(`${folder}/parts`, body);
        const [listed] = await listObjects(connection, `${folder}/parts`, { limit: 1 });
        find(size === body.length && listed?.size === size, 'An upload in parts is not whole.');
        return 'Large objects can be put in parts.';
      }));

    const takesForms =
      !(brief && uploads === 'relay') &&
      (await run('form', async () => {
        const status = await form('a b+c%.txt', 'posted');
        find(status === 204, `A form was answered by ${status}; it should be 204.${lookAtForms}`);
        find(
          (await keysBelow(`${folder}/form/`)).join() === `${folder}/form/a b+c%.txt`,
          'The store does not put the name of the file in place of ${filename}.',
        );
        return `Forms are taken at ${target.url}.`;
      }));
    const limitsForms =
      takesForms &&
      (await run('form_limits', async () => {
        find(
          (await form('large', 'x'.repeat(PROBE_BYTES + 1))) >= 400,
          'A form took a file that is too large for it.',
        );
        const outside = { key: `${folder}/elsewhere/x` };
        find((await form('x', 'x', outside)) >= 400, 'A form wrote outside of its folder.');
        const climbing = { key: `${folder}/form/../climbed` };
        await form('x', 'x', climbing);
        const climbed = await keysBelow(`${folder}/climbed`);
        find(climbed.length === 0, 'A form wrote outside of its folder, by ".." in its key.');
        return 'Forms are held to their folder and their size.';
      }));

    if (!brief)
      await run('key_paths', async () => {
        const literal = `${folder}/paths/a//b/../c`;
        try {
          await put(literal, Buffer.from('x'));
        } catch (error) {
          if (!isRefusedKey(causeOf(error))) throw error;
          return { weak: 'Keys are paths to the store: it refuses empty parts and dots.' };
        }
        return (await keysBelow(`${folder}/paths/`)).includes(literal)
          ? 'Keys are plain text to the store.'
          : {
              weak: 'Keys are paths to the store: it resolves empty parts and dots. Forms must go the relay road.',
            };
      });

    if (!brief)
      await run('names', async () => {
        const takes = async (key: string): Promise<boolean> => {
          try {
            await put(key, Buffer.from('x'));
            return true;
          } catch (error) {
            if (!isRefusedKey(causeOf(error))) throw error;
            return false;
          }
        };
        const bytes = await longestName(takes, folder);
        const room = `A name in an upload session may have ${roomForNames(bytes)}, and 10 bytes less with a sidecar.`;
        return bytes === NAME_ROOM.s3 ? room : { weak: `${room} S3 takes ${NAME_ROOM.s3}.` };
      });

    const deletes = await run('delete', async () => {
      // And what checks have left that were killed; who is at one now has not been so for long.
      const old = (await listObjects(connection, CHECKS, { limit: 1000 })).filter(
        ({ storedAt }) => storedAt < clock() - HOUR,
      );
      const left = [...(await keysBelow(`${folder}/`)), ...old.map(({ key }) => key)];
      await deleteObjects(connection, [...left, `${folder}/none`]);
      find((await keysBelow(`${folder}/`)).length === 0, 'Deleted objects are still there.');
      return 'Objects can be deleted.';
    });

    const usable = lists && moves && parts && deletes;
    return { checks, roads: usable ? [...(limitsForms ? (['direct'] as const) : []), 'relay' as const] : [] };
  } finally {
    await connection.close();
  }
};

type Weak = { weak: string };

const causeOf = (error: unknown): unknown => (error as { cause?: unknown } | null)?.cause ?? error;
