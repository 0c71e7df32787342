import type { ArgumentsCamelCase, Argv } from 'yargs';

/** What a command takes and does. Its name, and what the list of commands says of it, are known before this is loaded: `commands.ts`. */
export interface CommandCode<Args> {
  /** Declares the options. */
  readonly builder: (yargs: Argv) => Argv<Args>;
  readonly handler: (args: ArgumentsCamelCase<Args>) => Promise<void> | void;
  /** Options that take a value but may be given without one. */
  readonly bare?: readonly string[];
}
