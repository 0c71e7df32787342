import type { Argv } from 'yargs';

/** What yargs knows about commands and options, and its types do not say. */

/** What it knows about the options of a command. */
export interface OptionTable {
  readonly key: Readonly<Record<string, unknown>>;
  readonly array: readonly string[];
  readonly boolean: readonly string[];
  readonly choices: Readonly<Record<string, readonly unknown[]>>;
  readonly default: Readonly<Record<string, unknown>>;
}

/** A command whose code is loaded. */
interface LoadedCommand {
  readonly builder: (yargs: Argv) => unknown;
}

interface Internals {
  getOptions(): OptionTable;
  getInternalMethods(): {
    getCommandInstance(): { getCommandHandlers(): Readonly<Record<string, LoadedCommand>> };
    getUsageInstance(): {
      getCommands(): [usage: string, describe: string][];
      getDescriptions(): Record<string, string>;
      cacheHelpMessage(): void;
    };
  };
}

/** The options declared so far: after a command was called, that command's. */
export function tableOf(yargs: unknown): OptionTable {
  return (yargs as Internals).getOptions();
}

/** The same in short. */
export function optionsOf(yargs: unknown): { options: string[]; choices: OptionTable['choices'] } {
  const { key, choices } = tableOf(yargs);
  return { options: Object.keys(key), choices };
}

/** Commands, as in the list of them: `run <file>`. To be asked for before a command is called. */
export function commandsOf(yargs: unknown): string[] {
  return commandTexts(yargs).map(([usage]) => usage);
}

/** Commands, each with what the list of them says. */
export function commandTexts(yargs: unknown): (readonly [usage: string, describe: string])[] {
  const commands = (yargs as Internals).getInternalMethods().getUsageInstance().getCommands();
  return commands.map(([usage, describe]) => [usage.replace(/^\S*fleetstorm\S* /, ''), describe]);
}

/** The code of a command that was added. */
export function commandCode(yargs: unknown, name: string): LoadedCommand {
  const code = (yargs as Internals).getInternalMethods().getCommandInstance().getCommandHandlers()[name];
  if (code === undefined) throw new Error(`there is no command ${name}`);
  return code;
}

/** What `--help` says of each option. */
export function describedOptions(yargs: unknown): Readonly<Record<string, string>> {
  return (yargs as Internals).getInternalMethods().getUsageInstance().getDescriptions();
}

/** Lets yargs write no help text that nobody has asked for: it does after each command, in case that fails, for a tenth of its start. */
export function keepNoHelp(yargs: unknown): void {
  (yargs as Internals).getInternalMethods().getUsageInstance().cacheHelpMessage = () => undefined;
}
