import type { Fleet } from '../../device/fleet.ts';
import type { EmulatorConfig, EmulatorCounts, RegistrySource } from '../../emulator/contract/config.ts';
import type { ServiceAccess } from '../../fleet/protocol.ts';
import { addressOf } from '../../link/failures.ts';
import type { Endpoint } from '../../link/port.ts';
import type { Environment } from '../../scenario/environment.ts';
import type { EmulatorTarget, MqttTarget, Scenario } from '../../scenario/scenario.ts';
import { hasTokenLogins, needsTls } from '../../scenario/transport.ts';
import { type EmulatorProcess, spawnEmulator } from '../emulator/spawn.ts';
import { EMULATOR_HOST } from '../machine/target-hosts.ts';
import { ALL_TUNINGS, type Tuning } from '../machine/tuning.ts';
import type { RunTarget, SendCommand } from '../run-target.ts';
import { emulatorAccess, realAccess, useOf } from './target-access.ts';

/**
 * Starts the embedded emulator, or prepares access to the real service. `allowedHosts`: hosts that the user allowed by name; `environment`
 * holds the passphrase of private keys. Rejects if the emulator does not start or a certificate cannot be read.
 */
export async function openTarget(
  scenario: Scenario,
  allowedHosts: readonly string[],
  environment: Environment,
  tuning: Tuning = ALL_TUNINGS,
): Promise<RunTarget> {
  const { target } = scenario;
  if (target.kind === 'mqtt') return realTarget(target, await realAccess(scenario, target, allowedHosts, environment));
  const emulator = await spawnEmulator(emulatorConfig(scenario, target), tuning);
  try {
    const access = await emulatorAccess(scenario, emulator, allowedHosts, environment);
    return new EmbeddedTarget(emulator, access, targetWords(target));
  } catch (error) {
    await emulator.close();
    throw error;
  }
}

function realTarget(target: MqttTarget, access: ServiceAccess): RunTarget {
  const { host, port } = target;
  return {
    endpoint: { host, port },
    access,
    description: targetWords(target),
    died: undefined,
    control: ({ kind }) => Promise.reject(new Error(`${kind} needs the emulator`)),
    counts: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  };
}

/** A target for people: `emulator (profile 2017)`, `mqtt://host:1883`. */
function targetWords(target: Scenario['target']): string {
  if (target.kind === 'emulator') return `emulator (profile ${target.profile.name})`;
  const { host, port, transport, auth } = target;
  const mqtt = `${transport === 'tls' ? 'mqtts' : 'mqtt'}://${addressOf({ host, port })}`;
  return auth === undefined ? mqtt : `${mqtt}, login at ${addressOf(auth)}`;
}

/** A stand-in for the target of a run that ended before opening one: nothing can be sent to it. */
export function unopenedTarget({ target }: Scenario): RunTarget {
  return {
    endpoint: { host: '127.0.0.1', port: 0 },
    access: { tls: undefined, auth: undefined, allowedHosts: [], ...useOf(target) },
    description: targetWords(target),
    died: undefined,
    control: ({ kind }) => Promise.reject(new Error(`${kind} needs a target`)),
    counts: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  };
}

function emulatorConfig(scenario: Scenario, target: EmulatorTarget): EmulatorConfig {
  return {
    host: EMULATOR_HOST,
    port: 0,
    profile: target.profile,
    registry: scenario.fleets.flatMap((fleet) => registrySource(fleet, scenario.seed)),
    // Its only clients are this program's, which all accept ECDSA; generating RSA keys would delay the start by up to a second.
    tls: needsTls(scenario) ? { port: 0, keyKinds: ['ec'] } : undefined,
    auth: hasTokenLogins(scenario) ? { port: 0, ...target.tokens } : undefined,
    limits: target.limits,
    seed: scenario.seed,
  };
}

class EmbeddedTarget implements RunTarget {
  readonly endpoint: Endpoint;
  readonly access: ServiceAccess;
  readonly description: string;
  died: string | undefined;
  readonly #emulator: EmulatorProcess;

  constructor(emulator: EmulatorProcess, access: ServiceAccess, description: string) {
    this.#emulator = emulator;
    this.access = access;
    this.endpoint = { host: emulator.host, port: emulator.port };
    this.description = description;
    emulator.onExit((reason) => {
      this.died = reason;
    });
  }

  readonly control: SendCommand = (command) => this.#emulator.control(command);

  async counts(): Promise<EmulatorCounts | undefined> {
    return this.died === undefined ? await this.#emulator.counts() : undefined;
  }

  async close(atOnce = false): Promise<void> {
    await this.#emulator.close(atOnce ? 0 : undefined);
  }
}

/**
 * The devices of a fleet for the emulator's registry; none if they have no product, which devices that log in with a password do not need.
 */
function registrySource({ devices, productKey, name, auth }: Fleet, seed: number): RegistrySource[] {
  if (devices.kind === 'csv') {
    return [{ kind: 'csv', path: devices.path, productKey, isPartial: auth.mode === 'password' }];
  }
  return productKey === undefined ? [] : [{ kind: 'generated', productKey, fleet: name, count: devices.count, seed }];
}
