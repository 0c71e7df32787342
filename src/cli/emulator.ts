import type { CommandModule } from 'yargs';
import type { RegistrySource } from '../emulator/config.ts';
import { EmulatorFault } from '../emulator/fault.ts';
import { PROFILE_NAMES, PROFILES, type ProfileName } from '../emulator/profiles.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { EXIT_CODES } from '../metrics/exit-code.ts';
import { describeCounts, describeEmulator, isLoopback } from './emulator-text.ts';
import type { Io } from './io.ts';

/** Devices of an emulator that was told of none: those of the quickstart scenario. */
const DEFAULTS = { product: 'a1Meters', fleet: 'meters', devices: 1000, seed: 42 } as const;

/** Arguments of `emulator`. */
export interface EmulatorArgs {
  readonly host: string;
  readonly port: number;
  readonly profile: ProfileName;
  readonly product?: string | undefined;
  readonly fleet?: string | undefined;
  readonly devices?: number | undefined;
  readonly seed?: number | undefined;
  readonly devicesCsv?: string | undefined;
}

/** `emulator`: the service on its own, in the foreground, for other clients. */
export function emulatorCommand(io: Io, exit: (code: number) => void): CommandModule<object, EmulatorArgs> {
  return {
    command: 'emulator',
    describe: 'Run the emulated service on its own, for other clients',
    builder: (yargs) =>
      yargs
        .option('host', { type: 'string', default: '127.0.0.1', requiresArg: true, describe: 'Address to listen on' })
        .option('port', {
          type: 'number',
          default: 1883,
          requiresArg: true,
          describe: 'Port to listen on; 0 lets the system choose',
        })
        .option('profile', {
          choices: PROFILE_NAMES,
          default: '2017' as ProfileName,
          describe: 'Year of the service to play',
        })
        .option('product', {
          type: 'string',
          requiresArg: true,
          describe: `Product key of the devices [default: ${DEFAULTS.product}]`,
        })
        .option('fleet', {
          type: 'string',
          requiresArg: true,
          describe: `First part of the generated names [default: ${DEFAULTS.fleet}]`,
        })
        .option('devices', {
          type: 'number',
          requiresArg: true,
          describe: `Number of generated devices [default: ${DEFAULTS.devices}]`,
        })
        .option('seed', {
          type: 'number',
          requiresArg: true,
          describe: `Seed that their secrets follow from [default: ${DEFAULTS.seed}]`,
        })
        .option('devices-csv', {
          type: 'string',
          requiresArg: true,
          describe:
            'CSV file with DeviceName, DeviceSecret, ProductKey columns; generates no devices unless --devices is given too',
        })
        .example('$0 emulator', 'devices meters-000001 to meters-001000 on 127.0.0.1:1883')
        .example('$0 emulator --port 2883 --profile current --devices-csv devices.csv', 'the devices of a file'),
    handler: async (args) => exit(await runEmulator(io, args)),
  };
}

/** Serves until SIGINT or SIGTERM, then prints what was counted. Resolves to the exit code. */
export async function runEmulator(io: Io, args: EmulatorArgs): Promise<number> {
  const faults = emulatorFaults(args);
  if (faults.length > 0) return reportFaults(io, faults);
  const registry = registryOf(args);
  const { host, port, profile } = args;
  let emulator: Emulator;
  try {
    emulator = await startEmulator({ host, port, profile: PROFILES[profile], registry });
  } catch (error) {
    if (error instanceof EmulatorFault) return reportFaults(io, [error.message]);
    throw error;
  }
  if (!isLoopback(host))
    io.stderr.write(`emulator: ${host} is not a loopback address: other machines can reach this service\n`);
  io.stdout.write(describeEmulator(emulator, profile, registry));
  await untilSignal(io);
  await emulator.close();
  io.stdout.write(describeCounts(emulator.counts()));
  return EXIT_CODES.passed;
}

/** Everything that is wrong with the arguments, in words. */
function emulatorFaults({ host, port, devices, seed, product, fleet }: EmulatorArgs): string[] {
  const faults: string[] = [];
  if (host === '') faults.push('--host must not be empty');
  if (!isWhole(port, 0, 65_535)) faults.push('--port must be a whole number of 0 to 65535');
  if (devices !== undefined && !isWhole(devices, 1, 100_000_000)) {
    faults.push('--devices must be a whole number of 1 to 100000000');
  }
  if (seed !== undefined && !Number.isSafeInteger(seed)) faults.push('--seed must be a whole number');
  if (product === '' || product?.includes('&')) faults.push('--product must not be empty or hold "&"');
  if (fleet === '') faults.push('--fleet must not be empty');
  return faults;
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function reportFaults(io: Io, faults: readonly string[]): number {
  io.stderr.write(faults.map((fault) => `emulator: ${fault}\n`).join(''));
  return EXIT_CODES.usage;
}

function registryOf({ product, fleet, devices, seed, devicesCsv }: EmulatorArgs): RegistrySource[] {
  const sources: RegistrySource[] = [];
  if (devicesCsv === undefined || devices !== undefined) {
    sources.push({
      kind: 'generated',
      productKey: product ?? DEFAULTS.product,
      fleet: fleet ?? DEFAULTS.fleet,
      count: devices ?? DEFAULTS.devices,
      seed: seed ?? DEFAULTS.seed,
    });
  }
  if (devicesCsv !== undefined) sources.push({ kind: 'csv', path: devicesCsv, productKey: product });
  return sources;
}

async function untilSignal(io: Io): Promise<void> {
  await new Promise<void>((resolve) => {
    const off = io.onSignal(() => {
      off();
      resolve();
    });
  });
}
