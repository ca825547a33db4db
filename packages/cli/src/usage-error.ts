import type { CommanderError } from 'commander';

/** What was typed or set cannot be meant. Thrown before anything is done; the message is one sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What the parser found wrong, without the values that were typed: one of them may be a key in the wrong place. */
export const usageErrorOf = ({ code, message }: CommanderError): UsageError => {
  const [said = '', ...hints] = message.replace(/^error: /, '').split('\n');
  const hint = hints.length === 0 ? '' : ` ${hints.join(' ')}`;
  return new UsageError(`${capital(REWORDED[code]?.(said) ?? said)}${hint || '.'}`);
};

const REWORDED: Record<string, (said: string) => string> = {
  'commander.excessArguments': (said) => said.replace(/\. Expected (\d+).*$/s, '; it takes $1'),
  'commander.unknownOption': (said) => said.replace(/^(unknown option '-[-a-zA-Z]{0,30}).*$/s, "$1'"),
  'commander.unknownCommand': (said) => (/'[a-z-]{1,20}'$/.test(said) ? said : 'unknown command'),
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
