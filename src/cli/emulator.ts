import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import type { EmulatorConfig } from '../emulator/config.ts';
import { EmulatorFault } from '../emulator/fault.ts';
import type { Emulator } from '../emulator/server.ts';
import { startWarm } from '../emulator/warm-up.ts';
import { EXIT_CODES } from '../metrics/exit-code.ts';
import {
  type EmulatorArgs,
  type EmulatorOptions,
  emulatorFaults,
  emulatorOptions,
  limitsOf,
  profileOf,
  registryOf,
  tokenTtlSecOf,
} from './emulator-options.ts';
import { describeCounts, describeEmulator, isLoopback } from './emulator-text.ts';
import type { Io } from './io.ts';

/** `emulator`: the service on its own, in the foreground, for other clients. */
export function emulatorCommand(io: Io, exit: (code: number) => void): CommandModule<object, EmulatorOptions> {
  return {
    command: 'emulator',
    describe: 'Run the emulated service on its own, for other clients',
    builder: (yargs) =>
      emulatorOptions(yargs)
        .example('$0 emulator', 'devices meters-000001 to meters-001000 on 127.0.0.1:1883')
        .example('$0 emulator --port 2883 --profile current --devices-csv devices.csv', 'the devices of a file')
        .example('$0 emulator --state emulator-state --tls-port 8883 --auth-port 8443', 'addresses and a CA that stay')
        .example('$0 emulator --login-mode direct', 'devices whose HTTPS logins get 6200')
        .example('$0 emulator --limit 500/s --device-limit 5/m', 'the limits of the real service'),
    handler: async (args) => exit(await runEmulator(io, args)),
  };
}

/** Serves until SIGINT or SIGTERM, then prints what was counted. Resolves to the exit code. */
export async function runEmulator(io: Io, args: EmulatorArgs): Promise<number> {
  const faults = emulatorFaults(args);
  if (faults.length > 0) return reportFaults(io, faults);
  // Clients need the CA in a file even when nobody wants to keep it.
  const passingState = args.tls && args.state === undefined ? await mkdtemp(join(tmpdir(), 'fleetstorm-')) : undefined;
  try {
    return await serve(io, args, passingState ?? args.state);
  } finally {
    if (passingState !== undefined) await rm(passingState, { recursive: true, force: true });
  }
}

async function serve(io: Io, args: EmulatorArgs, stateDir: string | undefined): Promise<number> {
  const { host, profile } = args;
  const config = configOf(args, stateDir);
  let emulator: Emulator;
  try {
    emulator = await startWarm(config);
  } catch (error) {
    if (error instanceof EmulatorFault) return reportFaults(io, [error.message]);
    throw error;
  }
  if (!isLoopback(host))
    io.stderr.write(`emulator: ${host} is not a loopback address: other machines can reach this service\n`);
  io.stdout.write(describeEmulator(emulator, profile, config.registry));
  await untilSignal(io);
  await emulator.close();
  io.stdout.write(describeCounts(emulator.counts()));
  return EXIT_CODES.passed;
}

function configOf(args: EmulatorArgs, stateDir: string | undefined): EmulatorConfig {
  const { host, port, tls, tlsPort, authPort, name, authErrors } = args;
  const basics = { host, port, profile: profileOf(args), registry: registryOf(args), limits: limitsOf(args) };
  if (!tls) return basics;
  return {
    ...basics,
    tls: { port: tlsPort, names: name, stateDir },
    auth: { port: authPort, tokenTtlSec: tokenTtlSecOf(args), errorStatus: authErrors },
  };
}

function reportFaults(io: Io, faults: readonly string[]): number {
  io.stderr.write(faults.map((fault) => `emulator: ${fault}\n`).join(''));
  return EXIT_CODES.usage;
}

async function untilSignal(io: Io): Promise<void> {
  await new Promise<void>((resolve) => {
    const off = io.onSignal(() => {
      off();
      resolve();
    });
  });
}
