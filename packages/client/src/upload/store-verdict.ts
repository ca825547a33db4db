import { isPassing } from '../retry-timing.ts';
import type { StoreReply } from './form-transport.ts';

/** What an answer of the object store means for the file. */
export type StoreVerdict = { accepted: true } | { accepted: false; mayHelp: boolean; message: string };

/**
 * Reads an answer to a form. S3 reports connection trouble with 400 and these two codes, and only they make a 400 worth
 * another try; a server that is out of space says 507 and when to come back.
 */
export const readStoreReply = ({ status, text, retryAfter }: StoreReply): StoreVerdict => {
  if (status >= 200 && status < 300) return { accepted: true };
  const code = tag(text, 'Code');
  const said = [code, tag(text, 'Message')].filter((part) => part !== null).join(': ');
  return {
    accepted: false,
    mayHelp:
      isPassing(status) ||
      (status === 507 && retryAfter !== null) ||
      (status === 400 && (code === 'IncompleteBody' || code === 'RequestTimeout')),
    message: `The object store answered ${status}${said === '' ? '' : `, ${said}`}`,
  };
};

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
