import { nearestName } from '../../text/nearest-name.ts';

/** The words of the command line that mean something. */
export interface KnownWords {
  /** As in the list of commands: `run <file>`. */
  readonly commands: readonly string[];
  /** Names of the options of the command that was called, or of all commands, without dashes. */
  readonly options: readonly string[];
  /** Values of those that take only some. */
  readonly choices: Readonly<Record<string, readonly unknown[]>>;
}

/** A word that may be a secret: after `--set fleets.f.auth.password` with a blank instead of `=`, that is the password. */
const STRAY = 'a word that belongs to no option (not shown, as it may be a secret)';

/** What is wrong with a command line, what was most likely meant, and where to find help, from the message of yargs. One line each. */
export function usageWords(message: string, argv: readonly string[], known: KnownWords): string {
  const called = calledCommand(argv, known);
  const command = called === undefined ? 'fleetstorm' : `fleetstorm ${called}`;
  return [...faultLines(message, argv, known, called), `See ${command} --help`].join('\n');
}

function faultLines(message: string, argv: readonly string[], known: KnownWords, called: string | undefined): string[] {
  const names = known.commands.map(nameOf);
  const [first] = argv;
  // Only the first word is shown: any other may be the value of an option.
  if (called === undefined && first !== undefined && !first.startsWith('-')) {
    const meant = meantName(first, names);
    return [
      `unknown command ${first}: ${meant === undefined ? `there are ${names.join(', ')}` : `did you mean ${meant}?`}`,
    ];
  }
  const unknown = unknownOptions(argv, known.options);
  const lines = [...new Set(unknown.map((word) => unknownOption(word, known.options)))];
  const strays =
    /^Unknown (?:argument|command)/.test(message) && hasStrays(message, unknown) ? [`Unexpected: ${STRAY}`] : [];
  if (lines.length + strays.length > 0) return [...lines, ...strays];
  return [plainFault(message, argv, known, called)];
}

/** The command of the command line, if it names one. */
function calledCommand(argv: readonly string[], { commands }: KnownWords): string | undefined {
  const [first] = argv.filter((word) => !word.startsWith('-'));
  return commands.map(nameOf).find((name) => name === first);
}

function nameOf(usage: string): string {
  return usage.split(' ', 1)[0] ?? '';
}

/** The options of the command line that there are not, with their dashes and without values. */
function unknownOptions(argv: readonly string[], options: readonly string[]): string[] {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  const known = new Set(options.flatMap((name) => [name, camelCase(name)]));
  return words
    .filter((word) => /^-{1,2}[^-\d]/.test(word))
    .map((word) => word.split('=', 1)[0] ?? '')
    .filter((word) => {
      const name = word.replace(/^-+/, '');
      return word.startsWith('--') || name.length === 1
        ? !known.has(name) && !known.has(name.replace(/^no-/, ''))
        : true;
    });
}

function unknownOption(word: string, options: readonly string[]): string {
  const meant = meantName(word.replace(/^-+(?:no-)?/, ''), options);
  const negation = /^--no-/.test(word) ? 'no-' : '';
  return `unknown option ${word}${meant === undefined ? '' : `: did you mean --${negation}${meant}?`}`;
}

/** The name that is near in spelling, else the only one that begins so. */
function meantName(name: string, known: readonly string[]): string | undefined {
  const long = known.filter((one) => one.length > 1);
  const beginning = long.filter((one) => one.startsWith(name));
  const near = name.length > 2 ? nearestName(name, long) : undefined;
  return near ?? (beginning.length === 1 ? beginning[0] : undefined);
}

/** Whether yargs complains about more than the options that are unknown. */
function hasStrays(message: string, unknown: readonly string[]): boolean {
  const list = message.slice(message.indexOf(': ') + 2).split(', ');
  const names = new Set(unknown.flatMap((word) => wordsOfYargs(word)));
  return list.some((word) => !names.has(word));
}

/** What yargs makes of an option: the letters of `-abc`, and `x` of `--no-x`. */
function wordsOfYargs(word: string): string[] {
  const name = word.replace(/^-+/, '');
  return word.startsWith('--') ? [name, camelCase(name), name.replace(/^no-/, '')] : [name, ...name];
}

function plainFault(message: string, argv: readonly string[], known: KnownWords, called: string | undefined): string {
  const valueless = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  if (valueless !== undefined) return `--${valueless} needs a value`;
  const missing = /^Missing required arguments?: (.+)$/.exec(message)?.[1];
  if (missing !== undefined) return `${called} needs ${listed(missing.split(', ').map((name) => `--${name}`))}`;
  if (message.startsWith('Not enough non-option arguments')) {
    const usage = known.commands.find((one) => nameOf(one) === called) ?? '';
    return `${called} needs ${listed(usage.match(/<[^>]+>/g) ?? [])}`;
  }
  if (message.startsWith('Invalid values')) return invalidChoices(argv, known, message);
  return message;
}

function invalidChoices(argv: readonly string[], { choices }: KnownWords, message: string): string {
  const faults = [...message.matchAll(/Argument: ([\w-]+), Given: (.*), Choices: /g)].flatMap(
    ([, name = '', given = '']) => {
      const option = Object.keys(choices).find((one) => one === name || camelCase(one) === name);
      if (option === undefined) return [];
      const allowed = choices[option]?.map(String) ?? [];
      const value = given.replace(/^"(.*)"$/, '$1');
      const meant = meantName(value, allowed);
      const isOption = argv.some((word) => word.split('=', 1)[0] === `--${option}`);
      const what = isOption ? `--${option}` : `<${option}>`;
      return [
        `${what} takes ${listed(allowed, 'or')}, not ${value}${meant === undefined ? '' : `: did you mean ${meant}?`}`,
      ];
    },
  );
  return faults.length === 0 ? message : faults.join('\n');
}

/** `a, b and c`. */
function listed(words: readonly string[], last = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
