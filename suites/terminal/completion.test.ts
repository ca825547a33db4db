import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needCommands, openTerminal } from '../../testing/terminal/terminal.ts';

needCommands('tmux', 'bash', 'fish', 'zsh');

const SHELLS: [name: string, command: string[], setUp: string][] = [
  ['bash', ['bash', '--norc', '--noprofile'], 'source <(sluice completion bash)'],
  [
    'fish',
    ['fish', '--no-config', '--init-command', "function fish_prompt; echo '$ '; end"],
    'sluice completion fish | source',
  ],
  ['zsh', ['zsh', '-f'], 'PS1="$ "; autoload -U compinit; compinit -u; source <(sluice completion zsh)'],
];

/** What is typed, tab included, and what then stands there. */
const COMPLETED: [typed: string[], shown: RegExp][] = [
  [['sluice upl', 'Tab'], /sluice upload $|sluice upload$/m],
  [['sluice sessions wa', 'Tab'], /sluice sessions watch/],
  [['sluice --json files sh', 'Tab'], /sluice --json files show/],
  [['sluice --workspace-name files toke', 'Tab'], /files tokens/],
  [['sluice upload --write-mode OV', 'Tab'], /--write-mode OVERWRITE/],
  [['sluice upload --dry', 'Tab'], /--dry-run/],
  [['sluice upload --no-bl', 'Tab'], /--no-blocking/],
  [['sluice upload /etc/hostn', 'Tab'], /\/etc\/hostname/],
  [['sluice upload --report /et', 'Tab'], /--report \/etc\//],
  [['sluice completion z', 'Tab'], /completion zsh/],
  [['sluice help sessions wa', 'Tab'], /sluice help sessions watch/],
  [['sluice list-files --batch', 'Tab'], /list-files --batch-size/],
  [['sluice files ', 'Tab', 'Tab'], /delete.*list/s],
  [['sluice download --', 'Tab', 'Tab'], /--no-include-meta/],
];

for (const [name, command, setUp] of SHELLS) {
  test(`${name} completes commands, options, their values and files`, async (t) => {
    const terminal = await openTerminal(command, {});
    t.after(() => terminal.close());
    await terminal.keys(`${setUp}; echo rea''dy`, 'Enter');
    await terminal.shows(/^ready$/m);
    for (const [typed, shown] of COMPLETED) {
      await t.test(typed.join(' '), async () => {
        await terminal.clear();
        await terminal.keys(...typed);
        await terminal.shows(shown);
      });
    }
    await t.test('a name it does not know completes to nothing', async () => {
      await terminal.clear();
      await terminal.keys('sluice --nope', 'Tab', '.');
      assert.match(await terminal.shows(/nope.*\./), /^\$ sluice --nope\.$/m);
    });
  });
}
