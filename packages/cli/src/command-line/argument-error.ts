import { ApiError, shownBytes } from '@sluice/client/node';
import { UsageError } from '../usage-error.ts';
import type { Command } from './command.ts';
import { shownValue } from './shown-value.ts';

/** How an argument of a command is called: `<id>`, `[name]`, `<path...>`. */
const argumentOf = ({ operands }: Pick<Command, 'operands'>): string => operands.replace('...', '');

/** @throws UsageError naming the argument that cannot be meant */
export const checkOperands = (command: Command, operands: readonly string[]): void => {
  const argument = argumentOf(command);
  if (operands.includes('')) throw new UsageError(`${argument} is empty.`);
  const bytes = command.operandBytes === true ? undefined : operands.find((one) => !one.isWellFormed());
  if (bytes !== undefined) throw new UsageError(`${argument} is no UTF-8: ${shownBytes(bytes)}.`);
};

/** By what the API calls an id: what it is of, and what shows those there are. */
const IDS: Record<string, readonly [of: string, command: string]> = {
  session_id: ['a session', 'sessions list'],
  file_id: ['a file', 'files list'],
  api_token_id: ['an API key', 'tokens list'],
};

const UUID = /^(urn:uuid:)?\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i;

export type Given = {
  command: Command;
  operands: readonly string[];
  options: { resume?: readonly string[]; workspace?: readonly string[] };
  workspaceName: () => string;
};

/**
 * What the server says of a request, as what is wrong with an argument, where it is: which, what it should be, what it is.
 * Ids are for the server to judge, since those of other services may look different.
 */
export const argumentError = (error: unknown, given: Given): unknown => {
  if (!(error instanceof ApiError)) return error;
  const detail = detailOf(error, given);
  return detail === undefined
    ? error
    : new ApiError({ status: error.status, detail, serverCode: error.serverCode });
};

const detailOf = (
  { status, detail, problems }: ApiError,
  { command, operands, options, workspaceName }: Given,
): string | undefined => {
  const argument = argumentOf(command);
  const [id, ...others] = (problems ?? []).flatMap(({ loc: [where, name] }) =>
    where === 'path' && typeof name === 'string' && name in IDS ? [name] : [],
  );
  const bad = [...(options.resume ?? []), ...operands].find((one) => !UUID.test(one));
  if (id !== undefined && others.length === 0 && bad !== undefined) {
    const [of, list] = IDS[id] as (typeof IDS)[string];
    const which = options.resume?.includes(bad) ? '--resume' : argument;
    const such = '019a3f0e-0000-7000-8000-000000000000';
    return `${which} must be the id of ${of}, such as ${such} (sluice ${list} shows them); it is ${shownValue(bad)}`;
  }
  const name = argument.includes('name') ? operands[0] : undefined;
  if (status === 404 && /^Workspace not found/.test(detail)) {
    return `Workspace ${shownValue(name ?? workspaceName())} not found; sluice workspaces list shows those there are`;
  }
  if ((status === 400 || status === 422) && name !== undefined) {
    return `${argument}: ${detail.replace(/\.$/, '')}; it is ${shownValue(name)}`;
  }
  return undefined;
};
