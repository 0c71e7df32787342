import yargs, { type Argv } from 'yargs';
import { EXIT_CODES } from '../results/exit-codes.ts';
import { version } from '../run/version.ts';
import { CommandNotLoaded, type CommandSurroundings, withCommands } from './commands.ts';
import { COMPLETE_FLAG } from './completion/scripts.ts';
import type { Io } from './io/io.ts';
import { lastWords } from './io/last-words.ts';
import { UsageFault } from './options/given-values.ts';
import { usageWords } from './options/usage-words.ts';
import { commandsOf, keepNoHelp, optionsOf } from './options/yargs-tables.ts';

/**
 * Runs the command line and returns the exit code (design: passed 0, usage 2, ...). Unexpected errors are reported too; it rejects only
 * with a `CommandNotLoaded`.
 */
export async function main(io: Io): Promise<number> {
  try {
    return await runCommandLine(io);
  } catch (error) {
    if (error instanceof CommandNotLoaded) throw error;
    if (!(error instanceof UsageFault)) return lastWords(io, error);
    io.stderr.write(`${error.message}\n`);
    return EXIT_CODES.usage;
  }
}

/** Width of help and messages, at most: they are read on narrow terminals, and quoted in documents. */
const MOST_COLUMNS = 100;

async function runCommandLine(io: Io): Promise<number> {
  let exitCode: number = EXIT_CODES.passed;
  const exit = (code: number): void => {
    exitCode = code;
  };
  let running = Promise.resolve();
  const started = (work: Promise<void>): void => {
    running = work;
    // It is awaited below, maybe only after it has failed.
    work.catch(() => undefined);
  };
  const { argv } = io;
  if (argv[0] === COMPLETE_FLAG) {
    const { completionAnswer } = await import('./completion/complete.ts');
    io.stdout.write(completionAnswer(argv.slice(1), await program({ io, exit, started })));
    return EXIT_CODES.passed;
  }
  const parser = await program({ io, exit, started });
  keepNoHelp(parser);
  const commands = commandsOf(parser);
  let isUsageFault = false;
  await parser.parseAsync([...argv], {}, (error, _parsed, output) => {
    // Errors of a command itself reject its work; only yargs' own are printed here.
    if (error instanceof Error) isUsageFault = error.name === 'YError';
    if (output === '') return;
    if (!isUsageFault || error === undefined) io.stdout.write(`${output}\n`);
    // Without a command, the help says which there are.
    else if (argv.length === 0) io.stderr.write(`${output}\n`);
    else io.stderr.write(`${usageWords(error.message, argv, { commands, ...optionsOf(parser) })}\n`);
  });
  await running;
  return isUsageFault ? EXIT_CODES.usage : exitCode;
}

/** All commands, and what is common to them. */
async function program(around: CommandSurroundings): Promise<Argv> {
  return (
    (await withCommands(yargs(), around))
      .scriptName('fleetstorm')
      .usage('$0 <command>\n\nSimulates fleets of IoT devices and load-tests the MQTT service they log in to.')
      // `--out.x` is not an option, whatever yargs would make of it.
      .parserConfiguration({ 'dot-notation': false })
      .demandCommand(1, 'Name a command.')
      .strict()
      .alias('h', 'help')
      .version(version)
      .alias('v', 'version')
      .help()
      .wrap(Math.min(around.io.stdout.columns, MOST_COLUMNS))
      .exitProcess(false)
  );
}
