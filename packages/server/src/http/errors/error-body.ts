import type { ErrorBody } from '@sluice/contract';
import { codeOfStatus } from './error-status.ts';

/** What is answered where HTTP itself refuses. */
export const errorBody = (status: number, detail: string): ErrorBody => ({
  detail,
  code: codeOfStatus(status),
});
