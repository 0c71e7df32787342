/** What may stand at a place of the command line. */
export interface Candidates {
  /** Whether names of files or folders may stand there besides the words. */
  readonly kind: 'words' | 'files' | 'folders';
  readonly words: readonly Candidate[];
}

/** A word, and what it means; empty if that is plain. */
export interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

/** An option as it is completed. */
export interface CompletedOption {
  /** Without dashes. */
  readonly name: string;
  readonly meaning: string;
  readonly takesValue: boolean;
  /** May be given again. */
  readonly isList: boolean;
  /** Is on unless it is negated. */
  readonly isOn: boolean;
  readonly choices: readonly string[];
}

/** The command that the words name. */
export interface CompletedCommand {
  /** As in `compare <dirs..>`. */
  readonly usage: string;
  readonly options: readonly CompletedOption[];
  /** Words that may stand for its argument. */
  readonly names: readonly Candidate[];
}

/** What the program knows about a command line. */
export interface Completed {
  readonly commands: readonly Candidate[];
  /** Undefined as long as no command is named. */
  readonly command: CompletedCommand | undefined;
}

const NOTHING: Candidates = { kind: 'words', words: [] };
const FILE_VALUES: ReadonlySet<string> = new Set([
  'attempts',
  'junit',
  'html',
  'devices-csv',
  'ca',
  'client-cert',
  'client-key',
]);
const FOLDER_VALUES: ReadonlySet<string> = new Set(['out', 'csv', 'state']);

/** What may stand in the place of the last word, which may be empty. The words are those after the program's name. */
export function candidatesOf(words: readonly string[], { commands, command }: Completed): Candidates {
  // bash makes a word of the sign in `--option=value`.
  const [before, current] = atSign(words);
  if (command === undefined) return current.startsWith('-') ? NOTHING : { kind: 'words', words: commands };
  const [written, assigned] = current.split('=', 2);
  if (assigned !== undefined) return assignedValues(command, written ?? '');
  const valued = optionOf(command, before.at(-1));
  if (valued?.takesValue === true && !current.startsWith('-')) return valuesOf(valued);
  return current.startsWith('-') ? { kind: 'words', words: openOptions(command, before) } : argumentsOf(command);
}

function atSign(words: readonly string[]): readonly [before: readonly string[], current: string] {
  const current = words.at(-1) ?? '';
  if (current === '=') return [words.slice(0, -1), ''];
  const before = words.slice(0, -1);
  return [before.at(-1) === '=' ? before.slice(0, -1) : before, current];
}

function optionOf({ options }: CompletedCommand, word: string | undefined): CompletedOption | undefined {
  return options.find(({ name }) => `--${name}` === word);
}

function valuesOf({ name, choices }: CompletedOption): Candidates {
  const kind = FILE_VALUES.has(name) ? 'files' : FOLDER_VALUES.has(name) ? 'folders' : 'words';
  return { kind, words: choices.map((word) => ({ word, meaning: '' })) };
}

/** Of `--option=value` the shell replaces all, so the option stands before each value. */
function assignedValues(command: CompletedCommand, written: string): Candidates {
  const option = optionOf(command, written);
  if (option === undefined) return NOTHING;
  return { kind: 'words', words: option.choices.map((word) => ({ word: `${written}=${word}`, meaning: '' })) };
}

/** Options that are not given yet, or may be given again. */
function openOptions({ options }: CompletedCommand, given: readonly string[]): Candidate[] {
  return options
    .filter(({ name, isList }) => isList || !(given.includes(`--${name}`) || given.includes(`--no-${name}`)))
    .map(({ name, isOn, meaning }) => ({ word: isOn ? `--no-${name}` : `--${name}`, meaning }));
}

function argumentsOf({ usage, names }: CompletedCommand): Candidates {
  if (/[<[]file[>\]]/.test(usage)) return { kind: 'files', words: names };
  if (/<dirs?\b/.test(usage)) return { kind: 'folders', words: names };
  return { kind: 'words', words: names };
}
