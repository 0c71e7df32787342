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

/** What commands are made with. */
export interface CommandSurroundings {
  readonly io: Io;
  readonly exit: (code: number) => void;
  /** Takes the work of the command that the command line names. */
  readonly started: (work: Promise<void>) => void;
}

type AddCommand = (yargs: Argv, around: CommandSurroundings) => Promise<Argv>;

/** All commands, in the order of the help text. */
const COMMANDS: readonly AddCommand[] = [
  command('run <file>', 'Play a scenario and report what the service did', async () => {
    return (await import('./run.ts')).runCommand;
  }),
  command('capacity <file>', 'Find how much the service of a scenario can take', async () => {
    return (await import('./capacity.ts')).capacityCommand;
  }),
  command('validate <file>', 'Check a scenario and say what a run of it would do', async () => {
    return (await import('./validate.ts')).validateCommand;
  }),
  command('login [file]', 'Look at one login of one device, and say why it fails', async () => {
    return (await import('./login.ts')).loginCommand;
  }),
  command('emulator', 'Run the emulated service on its own, for other clients', async () => {
    return (await import('./emulator.ts')).emulatorCommand;
  }),
  command('presets [name]', 'Show the reconnect policies of device SDKs', async () => {
    return (await import('./presets.ts')).presetsCommand;
  }),
  command('sign', 'Print the CONNECT fields of a signed login', async () => {
    return (await import('./sign.ts')).signCommand;
  }),
  command('report <dir>', 'Show a finished run again, and write its report.html and exports', async () => {
    return (await import('./report.ts')).reportCommand;
  }),
  command('merge <dirs..>', 'Make one run of shares that were played apart', async () => {
    return (await import('./merge.ts')).mergeCommand;
  }),
  command('agent', 'Play shares of runs on this machine, for a run elsewhere', async () => {
    return (await import('./agent.ts')).agentCommand;
  }),
  command('compare <dirs..>', 'Compare finished runs, and gate on what changed', async () => {
    return (await import('./compare.ts')).compareCommand;
  }),
  command('schema', 'Print the JSON Schema of the scenario file, for editors, or of summary.json', async () => {
    return (await import('./schema.ts')).schemaCommand;
  }),
  command('completion <shell>', 'Print what a shell needs to complete commands, options and names', async () => {
    return (await import('./completion.ts')).completionCommand;
  }),
];

/**
 * Adds all commands. Of those that the command line does not name, only what the help text shows: their code is not loaded. Rejects with a
 * `CommandNotLoaded`.
 */
export async function withCommands(yargs: Argv, around: CommandSurroundings): Promise<Argv> {
  let all = yargs;
  for (const add of COMMANDS) all = await add(all, around);
  return all;
}

/** A command whose code `load` fetches, once it is named. */
function command<Args>(
  usage: string,
  describe: string,
  load: () => Promise<(io: Io, exit: (code: number) => void) => CommandCode<Args>>,
): AddCommand {
  return async (yargs, { io, exit, started }) => {
    if (!isNamed(usage, io)) return yargs.command({ command: usage, describe, handler: () => undefined });
    const { builder, handler } = givenValues(usage, (await loaded(load))(io, exit), io.argv);
    const module: CommandModule<object, Args> = {
      command: usage,
      describe,
      builder,
      // Returns no promise: yargs would write the whole help text first, in case it rejects.
      handler: (args) => started(Promise.resolve(handler(args))),
    };
    return yargs.command(module);
  };
}

/**
 * Any word of the command line may be the name: yargs decides which one is. The code is not loaded by a builder that yargs awaits, because
 * some of its errors would then reject instead of being reported.
 */
function isNamed(usage: string, { argv }: Io): boolean {
  const [name = ''] = usage.split(' ');
  return argv.includes(name);
}

async function loaded<Code>(load: () => Promise<Code>): Promise<Code> {
  try {
    return await load();
  } catch (error) {
    throw new CommandNotLoaded(error);
  }
}
