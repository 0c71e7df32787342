import { hrtime } from 'node:process';
import type { EmulatorControl } from '../emulator/control.ts';
import { needsEmulator, type ScenarioEvent } from '../scenario/event.ts';
import { US_PER_MS } from '../time/units.ts';

const NS_PER_US = 1_000;
const NS_PER_MS = 1_000_000;
/** The longest wait a system timer can hold. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** What must be sent to the emulator, and when. */
export interface ServiceCommand {
  readonly atUs: number;
  readonly command: EmulatorControl;
}

/** The emulator's part of a timetable, in the order of time. */
export function serviceCommands(events: readonly ScenarioEvent[]): ServiceCommand[] {
  return events.flatMap(commandsOf).sort((a, b) => a.atUs - b.atUs);
}

function commandsOf(event: ScenarioEvent, id: number): ServiceCommand[] {
  const { atUs } = event;
  if (!needsEmulator(event)) return [];
  if (event.kind === 'expire-tokens') return [{ atUs, command: { kind: 'expire-tokens' } }];
  if (event.kind === 'restart-target') {
    return [{ atUs, command: { kind: 'restart', downMs: event.downUs / US_PER_MS } }];
  }
  const begin: ServiceCommand = { atUs, command: { kind: 'begin', id, fault: event.fault } };
  if (event.forUs === undefined) return [begin];
  return [begin, { atUs: atUs + event.forUs, command: { kind: 'end', id } }];
}

/** Commands at the start of the run are in force before its first attempt. */
export const BEFORE_START_US = 0;

/** Sends each command at its instant on the run's clock. What goes wrong is told to `onFault` in words; the run goes on. */
export class ServiceEvents {
  readonly #commands: readonly ServiceCommand[];
  readonly #send: (command: EmulatorControl) => Promise<void>;
  readonly #onFault: (words: string) => void;
  readonly #nowNs: () => bigint;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(
    events: readonly ScenarioEvent[],
    send: (command: EmulatorControl) => Promise<void>,
    onFault: (words: string) => void,
    nowNs: () => bigint = hrtime.bigint,
  ) {
    this.#commands = serviceCommands(events);
    this.#send = send;
    this.#onFault = onFault;
    this.#nowNs = nowNs;
  }

  /** Applies what is to be in force from the first instant on. */
  async before(): Promise<void> {
    for (const { atUs, command } of this.#commands) if (atUs <= BEFORE_START_US) await this.#apply(command);
  }

  /** Plans the rest; `epochNs` is instant 0. */
  start(epochNs: bigint): void {
    for (const { atUs, command } of this.#commands) {
      if (atUs > BEFORE_START_US) this.#applyAt(epochNs + BigInt(Math.round(atUs * NS_PER_US)), command);
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** A system timer may fire a little early, and what an event causes must not come before the event. */
  #applyAt(dueNs: bigint, command: EmulatorControl): void {
    const inMs = Number(dueNs - this.#nowNs()) / NS_PER_MS;
    if (inMs <= 0) {
      void this.#apply(command);
      return;
    }
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#applyAt(dueNs, command);
      },
      Math.min(Math.ceil(inMs), MAX_TIMEOUT_MS),
    );
    this.#timers.add(timer);
  }

  async #apply(command: EmulatorControl): Promise<void> {
    try {
      await this.#send(command);
    } catch (error) {
      this.#onFault(`the emulator did not play ${command.kind}: ${error instanceof Error ? error.message : error}`);
    }
  }
}
