import { isDeepStrictEqual } from 'node:util';
import type { ReportedFile } from './upload.ts';

/** What the documents must come to, whatever happens. All that is not named here ends finished. */
const DOCUMENTS = 16;
const FAILED: Record<string, string> = {
  'incident-log.txt': 'EMPTY_FILE',
  'winter-closure-2026.txt': 'FAILED_TO_PARSE_META',
};
const WITHOUT_FILE = ['lost-survey.pdf.meta.json'];

/** Names of the documents whose sidecars say `"category": "tolls"`, in the order of names. */
const TOLLS = [
  'Gebühren & Ermäßigungen.html',
  'toll-exemptions.json',
  'toll-receipts-2025.xlsx',
  'toll-tariff-2026.csv',
];

/** Every way in which an upload of the documents differs from what it must be, in a sentence each. */
export const deviations = (
  rows: readonly ReportedFile[],
  { orphanSidecars, tolls }: { orphanSidecars: readonly string[]; tolls: readonly string[] },
): string[] => {
  const documents = rows.filter(({ reason }) => reason !== 'ORPHAN_SIDECAR');
  const wrong = documents.flatMap(({ name, status, reason }) => {
    const expected = FAILED[name] === undefined ? 'finished' : `failed ${FAILED[name]}`;
    const found = reason === null ? status : `${status} ${reason}`;
    return found === expected ? [] : [`${name} is ${found}, and not ${expected}.`];
  });
  if (documents.length !== DOCUMENTS)
    wrong.push(`There are ${documents.length} documents, and not ${DOCUMENTS}.`);
  if (!isDeepStrictEqual(orphanSidecars, WITHOUT_FILE)) {
    wrong.push(
      `Reported without their file are ${orphanSidecars.join(', ') || 'no sidecars'}, and not ${WITHOUT_FILE}.`,
    );
  }
  if (!isDeepStrictEqual(tolls, TOLLS))
    wrong.push(`The query finds ${tolls.join(', ') || 'nothing'}, and not ${TOLLS.join(', ')}.`);
  return wrong;
};
