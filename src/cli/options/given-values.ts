import type { CommandCode } from './command-code.ts';
import { tableOf } from './yargs-tables.ts';

/** A command line that must not reach a command. */
export class UsageFault extends Error {
  override readonly name = 'UsageFault';
}

/** What is common to all checks of one command line. */
interface Given {
  readonly argv: readonly string[];
  readonly positionals: readonly string[];
  /** Options that may be repeated. */
  readonly lists: readonly string[];
  /** Options that are not switches. */
  readonly valued: readonly string[];
}

/**
 * A command whose handler sees each option as it was declared: given once unless it is a list, with a value unless it is a switch or one of
 * `bare`, and never with an empty one (an unset variable of the shell). `usage` is as in `compare <dirs..>`; `argv` is the command line as
 * typed.
 */
export function givenValues<Args>(
  usage: string,
  command: CommandCode<Args>,
  argv: readonly string[],
): CommandCode<Args> {
  const { builder, handler, bare = [] } = command;
  const positionals = positionalsOf(usage);
  let given: Given = { argv, positionals, lists: [], valued: [] };
  return {
    builder: (yargs) => {
      const built = builder(yargs);
      const { key, array, boolean } = tableOf(built);
      const valued = Object.keys(key).filter((name) => !boolean.includes(name) && !positionals.includes(name));
      given = { argv, positionals, lists: array, valued };
      return built.requiresArg(valued.filter((name) => !bare.includes(name)));
    },
    // Not a `check` of yargs: with a callback for its output, the handler runs whatever a check finds.
    handler: (args) => {
      const fault = firstFault(args, given);
      if (fault !== undefined) throw new UsageFault(fault);
      return handler(args);
    },
  };
}

/** The names in `run <file>`, `compare <dirs..>`, `presets [name]`. */
function positionalsOf(usage: string): string[] {
  return [...usage.matchAll(/[<[]([\w-]+)/g)].map(([, name = '']) => name);
}

function firstFault(args: Readonly<Record<string, unknown>>, given: Given): string | undefined {
  const faults = [
    ...given.positionals.map((name) => positionalFault(name, args[name], given)),
    ...given.valued.map((name) => optionFault(name, args[name], given)),
  ];
  return faults.find((fault) => fault !== undefined);
}

function positionalFault(name: string, value: unknown, { argv }: Given): string | undefined {
  // yargs accepts the option silently, and drops it.
  if (spellings(name).some((option) => argv.includes(option)))
    return `unknown option --${name}: give <${name}> as a word of its own`;
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.includes('') ? `<${name}> is empty` : undefined;
}

function optionFault(name: string, value: unknown, { argv, lists }: Given): string | undefined {
  if (isGivenEmpty(name, argv) || value === false) return `--${name} needs a value`;
  if (Array.isArray(value) && !lists.includes(name)) return `--${name} is given ${value.length} times; give it once`;
  if (Number.isNaN(value)) return `--${name} takes a number`;
  return undefined;
}

/** An empty value would become the number 0. */
function isGivenEmpty(name: string, argv: readonly string[]): boolean {
  return spellings(name).some(
    (option) => argv.includes(`${option}=`) || argv.some((word, index) => word === option && argv[index + 1] === ''),
  );
}

/** yargs accepts `--allowRemote` for `--allow-remote`. */
function spellings(name: string): string[] {
  const camel = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [`--${name}`, `--${camel}`];
}
