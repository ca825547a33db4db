import { type Command, defineCommand } from '../command-line/command.ts';
import { shownValue } from '../command-line/shown-value.ts';
import { bashCompletion, zshCompletion } from '../completion/completion-scripts.ts';
import { type CompletionTable, completionTable } from '../completion/completion-table.ts';
import { fishCompletion } from '../completion/fish-completion.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../usage-error.ts';

const SCRIPTS: Readonly<Record<string, (table: CompletionTable) => string>> = {
  bash: bashCompletion,
  fish: fishCompletion,
  zsh: zshCompletion,
};

/** @param commands gives all commands, this one included */
export const completionOf = (commands: () => readonly Command[]): Command =>
  defineCommand({
    words: 'completion',
    operands: '<shell>',
    operandValues: Object.keys(SCRIPTS),
    summary: 'Print a script by which bash, fish or zsh completes commands and options',
    options: {},
    notes: [
      'For bash: source <(sluice completion bash) in ~/.bashrc. For zsh, behind compinit in ~/.zshrc, the same with zsh.',
      'For fish: sluice completion fish | source in ~/.config/fish/config.fish.',
    ],
    examples: ['completion bash', 'completion fish', 'completion zsh'],
    run: async ({ operands: [shell = ''], surroundings }) => {
      const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
      if (script === undefined) {
        const shells = Object.keys(SCRIPTS).join(', ');
        throw new UsageError(`<shell> must be one of ${shells}; it is ${shownValue(shell)}.`);
      }
      surroundings.stdout.write(script(completionTable(commands())));
      return EXIT.finished;
    },
  });
