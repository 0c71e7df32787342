import type { EmulatorAddresses, EmulatorConfig } from '../emulator/contract/config.ts';
import { EmulatorError } from '../emulator/contract/emulator-error.ts';
import type { Emulator } from '../emulator/emulator-server.ts';
import { startEmulator } from '../emulator/emulator-server.ts';
import { startWarm } from '../emulator/emulator-warm-up.ts';
import { tuningIn } from '../host/machine/tuning.ts';
import { isLoopbackHost } from '../link/socket/loopback.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import { deferred } from '../time/deferred.ts';
import { stateFaults } from './emulator-state.ts';
import type { Io } from './io/io.ts';
import { passingCaFile } from './io/passing-ca-file.ts';
import type { CommandCode } from './options/command-code.ts';
import {
  type EmulatorArgs,
  type EmulatorOptions,
  emulatorFaults,
  emulatorOptions,
  limitsOf,
  profileOf,
  registryOf,
  tokenTtlSecOf,
} from './options/emulator-options.ts';
import { describeCounts, describeEmulator } from './text/emulator-text.ts';
import { loginLine } from './text/login-line.ts';

/** `emulator`: the service on its own, in the foreground, for other clients. */
export function emulatorCommand(io: Io, exit: (code: number) => void): CommandCode<EmulatorOptions> {
  return {
    builder: (yargs) =>
      emulatorOptions(yargs)
        .example('$0 emulator', 'Devices meters-000001 to meters-001000 on 127.0.0.1:1883')
        .example('$0 emulator --port 2883 --profile current --devices-csv devices.csv', 'The devices of a file')
        .example(
          '$0 emulator --state emulator-state --tls-port 8883 --auth-port 8443',
          'Fixed addresses and a CA that is kept',
        )
        .example('$0 emulator --log', 'A line for each login: who, how it ended, and why')
        .example('$0 emulator --login-mode direct', 'Devices whose HTTPS logins get 6200')
        .example('$0 emulator --limit 500/s --device-limit 5/m', 'The limits of the real service'),
    handler: async (args) => exit(await runEmulator(io, args)),
  };
}

/** Serves until asked to end, then prints its counts. Resolves to the exit code. */
export async function runEmulator(io: Io, args: EmulatorArgs): Promise<number> {
  const tuning = tuningIn(io.env);
  const faults = [...emulatorFaults(args), ...(tuning.ok ? [] : [tuning.fault]), ...(await stateFaults(args))];
  if (faults.length > 0) return reportFaults(io, faults);
  const start = tuning.ok && tuning.tuning.has('emulator-warm-up') ? startWarm : startEmulator;
  // From here on: once it says that it serves, it may be asked to end at any time, and has a file to remove.
  const end = listenForEnd(io);
  try {
    return await serve(io, args, await start(configOf(args), args.log === true ? logTo(io) : undefined), end.asked);
  } catch (error) {
    if (error instanceof EmulatorError) return reportFaults(io, [error.message]);
    throw error;
  } finally {
    end.off();
  }
}

async function serve(io: Io, args: EmulatorArgs, emulator: Emulator, endAsked: Promise<void>): Promise<number> {
  // Nothing may come between writing the file and arranging its removal.
  const caFile =
    emulator.tls === undefined || args.state !== undefined ? undefined : passingCaFile(io, emulator.tls.ca);
  try {
    if (!isLoopbackHost(args.host))
      io.stderr.write(`emulator: ${args.host} is not a loopback address: other machines can reach this service\n`);
    io.stdout.write(describeEmulator(addressesOf(emulator, caFile?.path), args.profile, registryOf(args)));
    await endAsked;
    await emulator.close();
    io.stdout.write(describeCounts(emulator.counts()));
    return EXIT_CODES.passed;
  } finally {
    caFile?.remove();
  }
}

/** One line for each login, on stdout. */
function logTo(io: Io): (line: Parameters<typeof loginLine>[0]) => void {
  return (line) => io.stdout.write(loginLine(line, new Date()));
}

/** `asked` resolves at the first signal that asks for the end; another one ends the process at once. */
function listenForEnd(io: Io): { readonly asked: Promise<void>; off(): void } {
  const asked = deferred<void>();
  let isAsked = false;
  const off = io.onSignal(() => {
    if (isAsked) io.exitNow(EXIT_CODES.interrupted);
    isAsked = true;
    asked.resolve();
  });
  return { asked: asked.promise, off };
}

/** If the CA is new each time, clients need it in a file; its key stays in memory. */
function addressesOf({ host, port, tls, auth }: Emulator, caFile: string | undefined): EmulatorAddresses {
  return { host, port, auth, tls: tls === undefined || caFile === undefined ? tls : { ...tls, caFile } };
}

function configOf(args: EmulatorArgs): EmulatorConfig {
  const { host, port, tls, tlsPort, authPort, name, authErrors } = args;
  const basics = { host, port, profile: profileOf(args), registry: registryOf(args), limits: limitsOf(args) };
  if (!tls) return basics;
  return {
    ...basics,
    tls: { port: tlsPort, names: name, stateDir: args.state },
    auth: { port: authPort, tokenTtlSec: tokenTtlSecOf(args), errorStatus: authErrors },
  };
}

function reportFaults(io: Io, faults: readonly string[]): number {
  io.stderr.write(faults.map((fault) => `emulator: ${fault}\n`).join(''));
  return EXIT_CODES.usage;
}
