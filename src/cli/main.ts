import yargs from 'yargs';
import { EXIT_CODES } from '../metrics/exit-code.ts';
import { version } from '../run/version.ts';
import { compareCommand } from './compare.ts';
import { emulatorCommand } from './emulator.ts';
import type { Io } from './io.ts';
import { presetsCommand } from './presets.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { signCommand } from './sign.ts';
import { validateCommand } from './validate.ts';

/** Runs the command line to its end and gives the exit code (design: passed 0, usage 2, ...). Never throws for a user's mistake. */
export async function main(io: Io): Promise<number> {
  let exitCode: number = EXIT_CODES.passed;
  const exit = (code: number): void => {
    exitCode = code;
  };
  const parser = yargs()
    .scriptName('fleetstorm')
    .usage('$0 <command>\n\nSimulates fleets of IoT devices and load-tests the MQTT service they log in to.')
    .command(runCommand(io, exit))
    .command(validateCommand(io, exit))
    .command(emulatorCommand(io, exit))
    .command(presetsCommand(io, exit))
    .command(signCommand(io, exit))
    .command(reportCommand(io, exit))
    .command(compareCommand(io, exit))
    .command(schemaCommand(io, exit))
    .demandCommand(1, 'Name a command.')
    .strict()
    .recommendCommands()
    .version(version)
    .help()
    .wrap(Math.min(io.stdout.columns, 110))
    .exitProcess(false);
  let isUsageFault = false;
  await parser.parseAsync([...io.argv], {}, (error, _parsed, output) => {
    // Errors of a command itself reject the promise; only yargs' own are told here.
    if (error instanceof Error) isUsageFault = error.name === 'YError';
    if (output === '') return;
    const stream = isUsageFault ? io.stderr : io.stdout;
    stream.write(`${output}\n`);
  });
  return isUsageFault ? EXIT_CODES.usage : exitCode;
}
