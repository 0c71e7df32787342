/** Shells that can be completed in. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Asks the program for what may stand at the end of the words that follow it on the command line. */
export const COMPLETE_FLAG = '--complete-words';

/**
 * The functions of a shell that ask the program. Its answer is a line with what kind of word may follow (`words`, `files`, `folders`), then
 * one line for each word, a tab between it and its description.
 */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}

const BASH = `# Completion of fleetstorm for bash.
_fleetstorm() {
  local current=\${COMP_WORDS[COMP_CWORD]} line kind=""
  COMPREPLY=()
  [[ $current == "=" ]] && current=""
  while IFS= read -r line; do
    if [[ -z $kind ]]; then kind=$line; continue; fi
    line=\${line%%$'\\t'*}
    [[ $line == "$current"* ]] && COMPREPLY+=("$line")
  done < <("\${COMP_WORDS[0]}" ${COMPLETE_FLAG} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [[ $kind == files ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
  elif [[ $kind == folders ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$current")
  fi
}
complete -F _fleetstorm fleetstorm
`;

const ZSH = `#compdef fleetstorm
# Completion of fleetstorm for zsh.
_fleetstorm() {
  local -a lines described
  local kind line
  lines=("\${(@f)$("\${words[1]}" ${COMPLETE_FLAG} "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  kind=$lines[1]
  for line in "\${(@)lines[2,-1]}"; do
    described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  (( $#described )) && _describe fleetstorm described
  case $kind in
    files) _files ;;
    folders) _files -/ ;;
  esac
}
if [[ $funcstack[1] == _fleetstorm ]]; then _fleetstorm "$@"; else compdef _fleetstorm fleetstorm; fi
`;

const FISH = `# Completion of fleetstorm for fish.
function __fleetstorm_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] ${COMPLETE_FLAG} $words[2..-1] "$current" 2>/dev/null)
    test (count $lines) -gt 1; and printf '%s\\n' $lines[2..-1]
    switch "$lines[1]"
        case files
            __fish_complete_path "$current"
        case folders
            __fish_complete_directories "$current" ''
    end
end
complete -c fleetstorm -f -a '(__fleetstorm_complete)'
`;

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
