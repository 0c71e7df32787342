/** The end of yargs' message about words that belong to no option. */
const UNKNOWN = /(Unknown (?:argument|command)s?: )(.*)$/s;

const HIDDEN = 'a word that belongs to no option (not shown, as it may be a secret)';

/**
 * yargs' message about a command line, without stray words: after `--set fleets.f.auth.password` with a blank instead of `=`, that is the
 * password. Names of options and of the command are kept.
 */
export function withoutStrayWords(text: string, argv: readonly string[]): string {
  return text.replace(UNKNOWN, (_all, start: string, list: string) => {
    const shown = list.split(', ').map((word) => (word === argv[0] || isOption(word, argv) ? word : HIDDEN));
    return start + [...new Set(shown)].join(', ');
  });
}

function isOption(name: string, argv: readonly string[]): boolean {
  return argv.some((word) => /^--?/.test(word) && word.replace(/^-+/, '').split('=', 1)[0] === name);
}
