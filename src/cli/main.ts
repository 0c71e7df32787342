import yargs from 'yargs';
import { EXIT_CODES } from '../results/exit-codes.ts';
import { version } from '../run/version.ts';
import { compareCommand } from './compare.ts';
import { emulatorCommand } from './emulator.ts';
import type { Io } from './io/io.ts';
import { lastWords } from './io/last-words.ts';
import { givenValues, UsageFault } from './options/given-values.ts';
import { withoutStrayWords } from './options/stray-words.ts';
import { presetsCommand } from './presets.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { signCommand } from './sign.ts';
import { validateCommand } from './validate.ts';

/** Runs the command line and returns the exit code (design: passed 0, usage 2, ...). Never rejects: unexpected errors are reported too. */
export async function main(io: Io): Promise<number> {
  try {
    return await runCommandLine(io);
  } catch (error) {
    if (!(error instanceof UsageFault)) return lastWords(io, error);
    io.stderr.write(`${error.message}\n`);
    return EXIT_CODES.usage;
  }
}

async function runCommandLine(io: Io): Promise<number> {
  let exitCode: number = EXIT_CODES.passed;
  const exit = (code: number): void => {
    exitCode = code;
  };
  const { argv } = io;
  const parser = yargs()
    .scriptName('fleetstorm')
    .usage('$0 <command>\n\nSimulates fleets of IoT devices and load-tests the MQTT service they log in to.')
    .command(givenValues(runCommand(io, exit), argv, ['dashboard']))
    .command(givenValues(validateCommand(io, exit), argv))
    .command(givenValues(emulatorCommand(io, exit), argv))
    .command(givenValues(presetsCommand(io, exit), argv))
    .command(givenValues(signCommand(io, exit), argv))
    .command(givenValues(reportCommand(io, exit), argv, ['csv']))
    .command(givenValues(compareCommand(io, exit), argv))
    .command(givenValues(schemaCommand(io, exit), argv))
    // `--out.x` is not an option, whatever yargs would make of it.
    .parserConfiguration({ 'dot-notation': false })
    .demandCommand(1, 'Name a command.')
    .strict()
    .recommendCommands()
    .version(version)
    .help()
    .wrap(Math.min(io.stdout.columns, 110))
    .exitProcess(false);
  let isUsageFault = false;
  await parser.parseAsync([...argv], {}, (error, _parsed, output) => {
    // Errors of a command itself reject the promise; only yargs' own are printed here.
    if (error instanceof Error) isUsageFault = error.name === 'YError';
    if (output === '') return;
    const stream = isUsageFault ? io.stderr : io.stdout;
    stream.write(`${isUsageFault ? withoutStrayWords(output, argv) : output}\n`);
  });
  return isUsageFault ? EXIT_CODES.usage : exitCode;
}
