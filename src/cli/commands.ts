import type { Argv, CommandModule } from 'yargs';
import type { Io } from './io/io.ts';
import type { CommandCode } from './options/command-code.ts';
import { givenValues } from './options/given-values.ts';

/** The code of a command could not be loaded: this machine lacks something, or the program was not built. */
export class CommandNotLoaded extends Error {
  override readonly name = 'CommandNotLoaded';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/**
 * Adds all commands, in the order of the help text. Of those that the command line does not name, only what that text shows: their code
 * is not loaded. Rejects with a `CommandNotLoaded`.
 */
export async function withCommands(yargs: Argv, io: Io, exit: (code: number) => void): Promise<Argv> {
  const { argv } = io;
  const run = await command(argv, 'run <file>', 'Play a scenario and report what the service did', async () =>
    (await import('./run.ts')).runCommand(io, exit),
  );
  const validate = await command(
    argv,
    'validate <file>',
    'Check a scenario and say what a run of it would do',
    async () => (await import('./validate.ts')).validateCommand(io, exit),
  );
  const emulator = await command(argv, 'emulator', 'Run the emulated service on its own, for other clients', async () =>
    (await import('./emulator.ts')).emulatorCommand(io, exit),
  );
  const presets = await command(argv, 'presets [name]', 'Show the reconnect policies of device SDKs', async () =>
    (await import('./presets.ts')).presetsCommand(io, exit),
  );
  const sign = await command(argv, 'sign', 'Print the CONNECT fields of a signed login', async () =>
    (await import('./sign.ts')).signCommand(io, exit),
  );
  const report = await command(
    argv,
    'report <dir>',
    'Show a finished run again, and write its report.html and exports',
    async () => (await import('./report.ts')).reportCommand(io, exit),
  );
  const compare = await command(argv, 'compare <dirs..>', 'Compare finished runs, and gate on what changed', async () =>
    (await import('./compare.ts')).compareCommand(io, exit),
  );
  const schema = await command(
    argv,
    'schema',
    'Print the JSON Schema of the scenario file, for editors, or of summary.json',
    async () => (await import('./schema.ts')).schemaCommand(io, exit),
  );
  return yargs
    .command(run)
    .command(validate)
    .command(emulator)
    .command(presets)
    .command(sign)
    .command(report)
    .command(compare)
    .command(schema);
}

/**
 * A command as yargs takes it. Any word of the command line may be its name: yargs decides which one is. Not loaded from a builder that
 * yargs awaits, because some of its errors would then reject instead of being reported.
 */
async function command<Args>(
  argv: readonly string[],
  usage: string,
  describe: string,
  load: () => Promise<CommandCode<Args>>,
): Promise<CommandModule<object, Args>> {
  const [name = ''] = usage.split(' ');
  if (!argv.includes(name)) return { command: usage, describe, handler: () => undefined };
  return { command: usage, describe, ...givenValues(usage, await loaded(load), argv) };
}

async function loaded<Code>(load: () => Promise<Code>): Promise<Code> {
  try {
    return await load();
  } catch (error) {
    throw new CommandNotLoaded(error);
  }
}
