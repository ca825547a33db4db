import type { CompletionTable, Suggestion } from './completion-table.ts';

/** As completion-scripts.ts: finds out which command is typed, then offers the value of an option, an option, or a word. */
export const fishCompletion = ({
  words,
  options,
  shared,
  values,
}: CompletionTable): string => `# fish completion for sluice
function __sluice_complete
    set -l tokens (commandline -opc)
    set -l cur (commandline -ct)
    set -l prev $tokens[-1]
    set -l path ''
    set -l skip ''
    for word in $tokens[2..-1]
        if test -n "$skip"
            set skip ''
            continue
        end
        switch $word
            case ${[...values.keys()].join(' ')}
                set skip 1
                continue
            case '-*'
                continue
        end
        set -l longer (string trim -- "$path $word")
        switch $longer
            case ${pathsOf(words, options)}
                set path $longer
            case '*'
                break
        end
    end
    switch $prev
${[...values].map(([option, value]) => `        case ${option}\n            ${offered(value)}\n            return`).join('\n')}
    end
    if string match -q -- '-*' $cur
        switch $path
${casesOf(options)}
        end
        ${printed(shared)}
        return
    end
    switch $path
${casesOf(words)}
        case upload
            __fish_complete_path $cur
    end
end
complete -c sluice -f -a '(__sluice_complete)'
`;

const offered = (value: readonly string[] | 'files' | null): string => {
  if (value === 'files') return '__fish_complete_path $cur';
  return value === null ? 'true' : `printf '%s\\n' ${value.map(quoted).join(' ')}`;
};

const casesOf = (table: ReadonlyMap<string, Suggestion[]>): string =>
  [...table]
    .filter(([, all]) => all.length > 0)
    .map(([path, all]) => `            case ${quoted(path)}\n                ${printed(all)}`)
    .join('\n');

/** Each with a tab before its summary. */
const printed = (all: readonly Suggestion[]): string =>
  `printf '%s\\t%s\\n' ${all.flatMap(({ word, summary }) => [quoted(word), quoted(summary)]).join(' ')}`;

const pathsOf = (words: CompletionTable['words'], options: CompletionTable['options']): string =>
  [...new Set([...words.keys(), ...options.keys()])]
    .filter((path) => path !== '')
    .map(quoted)
    .join(' ');

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
