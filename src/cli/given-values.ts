import type { Argv, CommandBuilder, CommandModule } from 'yargs';

/** What yargs knows of the options of a command; its types do not tell. */
interface OptionTable {
  readonly key: Readonly<Record<string, unknown>>;
  readonly array: readonly string[];
  readonly boolean: readonly string[];
}

/** What is common to all checks of one command line. */
interface Given {
  readonly argv: readonly string[];
  readonly table: OptionTable;
  readonly positionals: readonly string[];
}

/**
 * A command whose handler sees each option as it was declared: given once unless it is a list, with a value unless it is a switch or one of
 * `bare`, and never with an empty one (a variable of the shell that is not set). `argv` is the command line as it was typed.
 */
export function givenValues<Args>(
  command: CommandModule<object, Args>,
  argv: readonly string[],
  bare: readonly string[] = [],
): CommandModule<object, Args> {
  const { builder } = command;
  if (typeof builder !== 'function') return command;
  const positionals = positionalsOf(String(command.command));
  const strict: CommandBuilder<object, Args> = (yargs) => {
    const built = builder(yargs) as Argv<Args>;
    const table = tableOf(built);
    const valued = Object.keys(table.key).filter((key) => !table.boolean.includes(key) && !positionals.includes(key));
    built.requiresArg(valued.filter((key) => !bare.includes(key)));
    const given: Given = { argv, table, positionals };
    return built.check((args) => firstFault(args, valued, given) ?? true, false);
  };
  return { ...command, builder: strict };
}

function tableOf(yargs: unknown): OptionTable {
  return (yargs as { getOptions(): OptionTable }).getOptions();
}

/** The names in `run <file>`, `compare <dirs..>`, `presets [name]`. */
function positionalsOf(command: string): string[] {
  return [...command.matchAll(/[<[]([\w-]+)/g)].map(([, name = '']) => name);
}

function firstFault(
  args: Readonly<Record<string, unknown>>,
  valued: readonly string[],
  given: Given,
): string | undefined {
  const faults = [
    ...given.positionals.map((name) => positionalFault(name, args[name], given)),
    ...valued.map((name) => optionFault(name, args[name], given)),
  ];
  return faults.find((fault) => fault !== undefined);
}

function positionalFault(name: string, value: unknown, { argv }: Given): string | undefined {
  // yargs takes the option silently, and forgets it.
  if (spellings(name).some((option) => argv.includes(option))) return `Unknown argument: ${name}`;
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.includes('') ? `<${name}> is empty` : undefined;
}

function optionFault(name: string, value: unknown, { argv, table }: Given): string | undefined {
  if (isGivenEmpty(name, argv) || value === false) return `--${name} needs a value`;
  if (Array.isArray(value) && !table.array.includes(name))
    return `--${name} is given ${value.length} times; give it once`;
  if (Number.isNaN(value)) return `--${name} takes a number`;
  return undefined;
}

/** As a number, an empty value would be 0. */
function isGivenEmpty(name: string, argv: readonly string[]): boolean {
  return spellings(name).some(
    (option) => argv.includes(`${option}=`) || argv.some((word, index) => word === option && argv[index + 1] === ''),
  );
}

/** yargs takes `--allowRemote` for `--allow-remote`. */
function spellings(name: string): string[] {
  const camel = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [`--${name}`, `--${camel}`];
}
