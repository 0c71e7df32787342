import { DeviceCsvError } from '../../device/list/device-csv.ts';
import { type FoundDevice, findDevice } from '../../login/subject/find-device.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Io } from '../io/io.ts';
import { DEVICE_SECRET_VARIABLE, readDeviceSecret } from '../options/device-secret.ts';
import type { LoginArgs } from '../options/login-options.ts';
import { loadScenarioFile } from '../options/scenario-options.ts';
import { deviceScenario } from './device-scenario.ts';

/** The device that a command line names, and the scenario that it belongs to. */
export interface WantedLogin {
  readonly scenario: Scenario;
  readonly found: FoundDevice;
}

/** Reads both. Faults go to stderr; undefined if there are any. */
export async function wantedLogin(io: Io, args: LoginArgs): Promise<WantedLogin | undefined> {
  return args.file === undefined ? await optionsLogin(io, args) : await scenarioLogin(io, args, args.file);
}

async function scenarioLogin(io: Io, args: LoginArgs, file: string): Promise<WantedLogin | undefined> {
  const loaded = await loadScenarioFile(io, { file, set: args.set });
  if (loaded === undefined) return undefined;
  const found = await foundIn(loaded.scenario, args);
  if (typeof found === 'string') {
    io.stderr.write(`login: ${found}\n`);
    return undefined;
  }
  return { scenario: loaded.scenario, found };
}

/** A list that was changed since it was checked has faults again. */
async function foundIn(scenario: Scenario, { fleet, device }: LoginArgs): Promise<FoundDevice | string> {
  try {
    return await findDevice(scenario, { fleet, device });
  } catch (error) {
    if (error instanceof DeviceCsvError) return error.message;
    throw error;
  }
}

async function optionsLogin(io: Io, args: LoginArgs): Promise<WantedLogin | undefined> {
  const scenario = await deviceScenario(io, args);
  const [fleet] = scenario?.fleets ?? [];
  if (scenario === undefined || fleet === undefined) return undefined;
  const deviceSecret = await readDeviceSecret(io);
  if (deviceSecret === undefined) {
    io.stderr.write(`login: no device secret; set ${DEVICE_SECRET_VARIABLE}, type it, or pass it as a line of stdin\n`);
    return undefined;
  }
  const { device: deviceName = '', 'product-key': productKey = '' } = args;
  return { scenario, found: { fleet, index: 0, identity: { productKey, deviceName, deviceSecret } } };
}
