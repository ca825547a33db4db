import type { CompletionTable, Suggestion } from './completion-table.ts';

/**
 * Scripts that know every word, so that completing starts no process. Both find out first which command is typed
 * (`path`), skipping options and their values, and then offer the value of an option, an option, or a word.
 */
export const bashCompletion = ({
  words,
  options,
  shared,
  values,
}: CompletionTable): string => `# bash completion for sluice
_sluice() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path='' words='' word skip='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $skip ]]; then skip=''; continue; fi
    case $word in
      ${optionsWithValues(values)}) skip=1; continue ;;
      -*) continue ;;
    esac
    case "\${path:+$path }$word" in
      ${paths(words, options)}) path="\${path:+$path }$word" ;;
      *) break ;;
    esac
  done
  case $prev in
${[...values].map(([option, value]) => `    ${option}) ${bashValue(value)} ;;`).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case $path in
${cases(options, (all) => `words=${quoted(wordsOf(all))}`)}
    esac
    COMPREPLY=($(compgen -W "$words "${quoted(wordsOf(shared))} -- "$cur"))
    return
  fi
  case $path in
${cases(words, (all) => `COMPREPLY=($(compgen -W ${quoted(wordsOf(all))} -- "$cur"))`)}
    upload) compopt -o default; COMPREPLY=() ;;
  esac
}
complete -F _sluice sluice
`;

export const zshCompletion = ({ words, options, shared, values }: CompletionTable): string => `#compdef sluice
# zsh completion for sluice
_sluice() {
  local cur=\${words[CURRENT]} prev=\${words[CURRENT-1]} path_='' word skip='' i
  local -a found
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    if [[ -n $skip ]]; then skip=''; continue; fi
    case $word in
      ${optionsWithValues(values)}) skip=1; continue ;;
      -*) continue ;;
    esac
    case "\${path_:+$path_ }$word" in
      ${paths(words, options)}) path_="\${path_:+$path_ }$word" ;;
      *) break ;;
    esac
  done
  case $prev in
${[...values].map(([option, value]) => `    ${option}) ${zshValue(value)} ;;`).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case $path_ in
${cases(options, (all) => `found=(${all.map(described).join(' ')})`)}
    esac
    found+=(${shared.map(described).join(' ')})
    _describe -o option found
    return
  fi
  case $path_ in
${cases(words, (all) => `found=(${all.map(described).join(' ')}); _describe command found`)}
    upload) _files ;;
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _sluice "$@"; else compdef _sluice sluice; fi
`;

const bashValue = (value: readonly string[] | 'files' | null): string => {
  if (value === 'files') return 'compopt -o default; COMPREPLY=(); return';
  return value === null ? 'return' : `COMPREPLY=($(compgen -W ${quoted(value.join(' '))} -- "$cur")); return`;
};

const zshValue = (value: readonly string[] | 'files' | null): string => {
  if (value === 'files') return '_files; return';
  return value === null ? 'return' : `compadd -- ${value.join(' ')}; return`;
};

const cases = (table: ReadonlyMap<string, Suggestion[]>, then: (all: Suggestion[]) => string): string =>
  [...table]
    .filter(([, all]) => all.length > 0)
    .map(([path, all]) => `    ${quoted(path)}) ${then(all)} ;;`)
    .join('\n');

const optionsWithValues = (values: CompletionTable['values']): string => [...values.keys()].join(' | ');

const paths = (words: CompletionTable['words'], options: CompletionTable['options']): string =>
  [...new Set([...words.keys(), ...options.keys()])]
    .filter((path) => path !== '')
    .map(quoted)
    .join(' | ');

const wordsOf = (all: readonly Suggestion[]): string => all.map(({ word }) => word).join(' ');

/** A colon parts a word from its summary. */
const described = ({ word, summary }: Suggestion): string =>
  quoted(`${word.replaceAll(':', '\\:')}:${summary}`);

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
