import { sidecarNameOf } from '@sluice/contract/plain';
import { forEachConcurrently } from '../../for-each-concurrently.ts';
import type { PlannedFile } from '../planning/plan-upload.ts';
import type { SendObject, SendOutcome } from './send-object.ts';

/** Files in a row that fail for want of a store, after all their tries, until the rest is given up. */
const GIVE_UP_AFTER = 20;

/**
 * Sends files with their sidecars, each sidecar ahead of its file and the file only if that went well: a file must not
 * arrive without the metadata it was given.
 * @param onSent called after each file
 */
export const sendFiles = async (
  files: readonly PlannedFile[],
  {
    send,
    concurrency,
    onSent,
  }: { send: SendObject; concurrency: number; onSent: (file: PlannedFile, outcome: SendOutcome) => void },
): Promise<void> => {
  let failedInARow = 0;

  const sendOne = async ({ name, content, sidecar }: PlannedFile): Promise<SendOutcome> => {
    if (failedInARow >= GIVE_UP_AFTER) return givenUp;
    if (sidecar !== null) {
      const outcome = await send(sidecarNameOf(name), sidecar);
      if (!outcome.accepted) return { ...outcome, message: `Its sidecar: ${outcome.message}` };
    }
    return send(name, content);
  };

  await forEachConcurrently(files, concurrency, async (file) => {
    const outcome = await sendOne(file);
    failedInARow = !outcome.accepted && outcome.storeIsDown ? failedInARow + 1 : 0;
    onSent(file, outcome);
  });
};

const givenUp: SendOutcome = {
  accepted: false,
  reason: 'UPLOAD_FAILED',
  message: `Not sent: the object store failed for ${GIVE_UP_AFTER} files in a row.`,
  storeIsDown: true,
};
