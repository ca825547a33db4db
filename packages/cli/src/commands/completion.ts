import { type Command, defineCommand } from '../command-line/command.ts';
import { bashCompletion, zshCompletion } from '../completion/completion-scripts.ts';
import { completionTable } from '../completion/completion-table.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../usage-error.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion };

/** @param commands gives all commands, this one included */
export const completionOf = (commands: () => readonly Command[]): Command =>
  defineCommand({
    words: 'completion',
    operands: '<shell>',
    operandValues: Object.keys(SCRIPTS),
    summary: 'Print a script by which bash or zsh completes commands and options',
    options: {},
    notes: [
      'For bash: source <(sluice completion bash) in ~/.bashrc. For zsh, behind compinit in ~/.zshrc, the same with zsh.',
    ],
    examples: ['completion bash', 'completion zsh'],
    run: async ({ operands: [shell = ''], surroundings }) => {
      if (shell !== 'bash' && shell !== 'zsh') throw new UsageError('The shell must be bash or zsh.');
      surroundings.stdout.write(SCRIPTS[shell](completionTable(commands())));
      return EXIT.finished;
    },
  });
