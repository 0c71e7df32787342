/** The end of yargs' words on a command line that it cannot place. */
const UNKNOWN = /(Unknown (?:argument|command)s?: )(.*)$/s;

const HIDDEN = 'a word that belongs to no option (not shown, as it may be a secret)';

/**
 * What yargs says of a command line, without words that stand there alone: behind `--set fleets.f.auth.password`, with a blank in the
 * place of `=`, it is the password. Names of options and of the command are kept.
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
