import { NAME_ROOM, roomForNames } from '@sluice/contract/plain';
import { isPassing } from '../../http/retry-timing.ts';
import type { StoreReply } from './form-transport.ts';

/** What an answer of the object store means for the file. */
export type StoreVerdict = { accepted: true } | { accepted: false; mayHelp: boolean; message: string };

/**
 * Reads an answer to a form. S3 reports connection trouble with 400 and these two codes, and only they make a 400 worth
 * another try; a server that is out of space says 507 and when to come back.
 * @param sentName the name of the file as it was sent, percent-encoded
 */
export const readStoreReply = ({ status, text, retryAfter }: StoreReply, sentName: string): StoreVerdict => {
  if (status >= 200 && status < 300) return { accepted: true };
  const code = tag(text, 'Code');
  const message = tag(text, 'Message');
  const said = [code, message].filter((part) => part !== null).join(': ');
  const isLong = NAME_REFUSED.has(code ?? '') && sentName.length > NAME_ROOM.files;
  // A server of ours says it itself.
  const why = isLong && !message?.startsWith('The name') ? lengthOf(sentName) : '';
  return {
    accepted: false,
    mayHelp:
      isPassing(status) ||
      (status === 507 && retryAfter !== null) ||
      (status === 400 && (code === 'IncompleteBody' || code === 'RequestTimeout')),
    message: `The object store answered ${status}${said === '' ? '' : `, ${said}`}${why}`,
  };
};

/** What buckets say of a name that is too long for them; MinIO speaks of characters. */
const NAME_REFUSED = new Set([
  'KeyTooLongError',
  'KeyTooLong',
  'InvalidObjectName',
  'XMinioInvalidObjectName',
]);

const lengthOf = (sentName: string): string =>
  ` (percent-encoded, as it is sent, the name has ${sentName.length} bytes: S3 takes ${NAME_ROOM.s3}, stores that keep ` +
  `objects as files ${NAME_ROOM.files}: ${roomForNames(NAME_ROOM.files)})`;

/** The text of an element of S3's flat error document, its whitespace tidied; null where there is none. */
const tag = (xml: string, name: string): string | null => {
  const found = new RegExp(`<${name}>([^<]{1,300})`).exec(xml)?.[1];
  return found === undefined
    ? null
    : unescapeXml(found)
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim();
};

const unescapeXml = (text: string): string =>
  text.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: keyof typeof ENTITIES) => ENTITIES[entity]);

const ENTITIES = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' } as const;
