import type { EmulatorCounts, RegistrySource } from '../emulator/config.ts';
import type { EmulatorControl } from '../emulator/control.ts';
import { type EmulatorProcess, spawnEmulator } from '../emulator/spawn.ts';
import type { Endpoint } from '../link/port.ts';
import type { EmulatorTarget, Scenario } from '../scenario/scenario.ts';

/** The service a run talks to, ready for logins. */
export interface RunTarget {
  readonly endpoint: Endpoint;
  /** For people: `emulator (profile 2017)`, `mqtt://host:1883`. */
  readonly description: string;
  /** How the embedded emulator died, once it has. */
  readonly died: string | undefined;
  /** Makes the emulator do something; rejects when there is none, or it does not answer. */
  readonly control: (command: EmulatorControl) => Promise<void>;
  /** What the service itself counted; undefined when it cannot tell. */
  counts(): Promise<EmulatorCounts | undefined>;
  close(): Promise<void>;
}

/** Starts the embedded emulator, or names the real service. Rejects when the emulator does not start. */
export async function openTarget(scenario: Scenario): Promise<RunTarget> {
  const { target } = scenario;
  if (target.kind === 'mqtt') return realTarget(target);
  return embeddedTarget(scenario, target);
}

function realTarget(endpoint: Endpoint): RunTarget {
  const { host, port } = endpoint;
  return {
    endpoint: { host, port },
    description: `mqtt://${host}:${port}`,
    died: undefined,
    control: ({ kind }) => Promise.reject(new Error(`${kind} needs the emulator`)),
    counts: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  };
}

async function embeddedTarget(scenario: Scenario, target: EmulatorTarget): Promise<RunTarget> {
  const emulator = await spawnEmulator({
    host: '127.0.0.1',
    port: 0,
    profile: target.profile,
    registry: scenario.fleets.map((fleet) => registrySource(fleet, scenario.seed)),
  });
  return new EmbeddedTarget(emulator, `emulator (profile ${target.profile.name})`);
}

class EmbeddedTarget implements RunTarget {
  readonly endpoint: Endpoint;
  readonly description: string;
  died: string | undefined;
  readonly #emulator: EmulatorProcess;

  constructor(emulator: EmulatorProcess, description: string) {
    this.#emulator = emulator;
    this.endpoint = { host: emulator.host, port: emulator.port };
    this.description = description;
    emulator.onExit((reason) => {
      this.died = reason;
    });
  }

  readonly control = (command: EmulatorControl): Promise<void> => this.#emulator.control(command);

  async counts(): Promise<EmulatorCounts | undefined> {
    return this.died === undefined ? await this.#emulator.counts() : undefined;
  }

  async close(): Promise<void> {
    await this.#emulator.close();
  }
}

function registrySource(fleet: Scenario['fleets'][number], seed: number): RegistrySource {
  const { devices, productKey, name } = fleet;
  if (devices.kind === 'csv') return { kind: 'csv', path: devices.path, productKey };
  if (productKey === undefined) throw new Error(`fleet ${name} has generated devices but no productKey`);
  return { kind: 'generated', productKey, fleet: name, count: devices.count, seed };
}
