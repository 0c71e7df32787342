import type { EmulatorCounts } from '../../emulator/contract/config.ts';
import type { ServiceAccess } from '../../fleet/protocol.ts';
import { addressOf } from '../../link/failures.ts';
import type { Endpoint } from '../../link/port.ts';
import type { Environment } from '../../scenario/environment.ts';
import type { EmulatorTarget, MqttTarget, Scenario } from '../../scenario/scenario.ts';
import { mqttWords } from '../../scenario/target-words.ts';
import { type EmulatorProcess, spawnEmulator } from '../emulator/spawn.ts';
import { emulatorHost } from '../machine/target-hosts.ts';
import { ALL_TUNINGS, type Tuning } from '../machine/tuning.ts';
import type { RunTarget, SendCommand } from '../run-target.ts';
import { emulatorConfig } from './emulator-config.ts';
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
    const access = await emulatorAccess(
      scenario,
      { ...emulator, host: emulatorHost(target) },
      allowedHosts,
      environment,
    );
    return new EmbeddedTarget(emulator, access, target);
  } catch (error) {
    await emulator.close();
    throw error;
  }
}

function realTarget(target: MqttTarget, access: ServiceAccess): RunTarget {
  return {
    endpoints: target.addresses,
    access,
    description: targetWords(target),
    died: undefined,
    control: ({ kind }) => Promise.reject(new Error(`${kind} needs the emulator`)),
    counts: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  };
}

/** A target for people: `emulator (profile 2017)`, `mqtt://host:1883`. */
export function targetWords(target: Scenario['target']): string {
  if (target.kind === 'emulator') return `emulator (profile ${target.profile.name})`;
  const { auth } = target;
  return auth === undefined ? mqttWords(target) : `${mqttWords(target)}, login at ${addressOf(auth)}`;
}

/** A stand-in for the target of a run that ended before opening one: nothing can be sent to it. */
export function unopenedTarget({ target }: Scenario): RunTarget {
  return {
    endpoints: [{ host: '127.0.0.1', port: 0 }],
    access: { tls: undefined, auth: undefined, allowedHosts: [], ...useOf(target) },
    description: targetWords(target),
    died: undefined,
    control: ({ kind }) => Promise.reject(new Error(`${kind} needs a target`)),
    counts: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  };
}

class EmbeddedTarget implements RunTarget {
  readonly endpoints: readonly Endpoint[];
  readonly access: ServiceAccess;
  readonly description: string;
  died: string | undefined;
  readonly #emulator: EmulatorProcess;

  constructor(emulator: EmulatorProcess, access: ServiceAccess, target: EmulatorTarget) {
    this.#emulator = emulator;
    this.access = access;
    const endpoint = { host: emulatorHost(target), port: emulator.port };
    this.endpoints = [endpoint];
    // Where it is matters only to those who reach it.
    this.description = `${targetWords(target)}${target.listen === undefined ? '' : ` at ${addressOf(endpoint)}`}`;
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
