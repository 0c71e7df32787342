import { hrtime } from 'node:process';
import type { EmulatorControl } from '../../emulator/contract/control.ts';
import type { SendCommand } from '../../host/run-target.ts';
import type { EventId } from '../../plan/timetable.ts';
import { needsEmulator, type ScenarioEvent } from '../../scenario/event.ts';
import { US_PER_MS } from '../../time/units.ts';

const NS_PER_US = 1_000;
const NS_PER_MS = 1_000_000;
/** The longest wait a system timer can hold. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** What must be sent to the emulator, and when. */
export interface ServiceCommand {
  readonly atUs: number;
  readonly event: EventId;
  readonly command: EmulatorControl;
}

/** The emulator's part of a timetable, in chronological order, without events whose instants are not known yet. */
export function serviceCommands(events: readonly ScenarioEvent[]): ServiceCommand[] {
  const commands = events.flatMap((event) => (event.atUs === undefined ? [] : commandsOf(event, event.atUs)));
  return commands.sort((a, b) => a.atUs - b.atUs);
}

function commandsOf(event: ScenarioEvent, atUs: number): ServiceCommand[] {
  if (!needsEmulator(event)) return [];
  const { id } = event;
  if (event.kind === 'expire-tokens') return [{ atUs, event: id, command: { kind: 'expire-tokens' } }];
  if (event.kind === 'restart-target') {
    return [{ atUs, event: id, command: { kind: 'restart', downMs: event.downUs / US_PER_MS } }];
  }
  const begin: ServiceCommand = { atUs, event: id, command: { kind: 'begin', id, misbehaviour: event.misbehaviour } };
  if (event.forUs === undefined) return [begin];
  return [begin, { atUs: atUs + event.forUs, event: id, command: { kind: 'end', id } }];
}

/** Is notified of what became of commands. */
export interface CommandListener {
  /** Something went wrong, described in `words`; the run goes on. */
  onFault(words: string): void;
  /** The event affected this many sessions or logins. */
  onMet(event: EventId, count: number): void;
  /** A command of the event was sent this long after its instant. */
  onLate(event: EventId, lateUs: number): void;
}

/** Commands due at the start of the run are in force before its first attempt. */
export const BEFORE_START_US = 0;

/** Sends each command at its instant on the run's clock. */
export class ServiceEvents {
  readonly #events: ReadonlyMap<EventId, ScenarioEvent>;
  readonly #commands: readonly ServiceCommand[];
  readonly #send: SendCommand;
  readonly #listener: CommandListener;
  readonly #nowNs: () => bigint;
  readonly #timers = new Set<NodeJS.Timeout>();
  #epochNs = 0n;

  constructor(
    events: readonly ScenarioEvent[],
    send: SendCommand,
    listener: CommandListener,
    nowNs: () => bigint = hrtime.bigint,
  ) {
    this.#events = new Map(events.map((event) => [event.id, event]));
    this.#commands = serviceCommands(events);
    this.#send = send;
    this.#listener = listener;
    this.#nowNs = nowNs;
  }

  /** Applies what must be in force from the first instant on. */
  async before(): Promise<void> {
    for (const command of this.#commands) if (command.atUs <= BEFORE_START_US) await this.#apply(command);
  }

  /** Schedules the rest; `epochNs` is instant 0. */
  start(epochNs: bigint): void {
    this.#epochNs = epochNs;
    for (const command of this.#commands) if (command.atUs > BEFORE_START_US) this.#applyAtItsInstant(command);
  }

  /** Schedules an event whose instant was not known at the start. */
  schedule(id: EventId, atUs: number): void {
    const event = this.#events.get(id);
    if (event !== undefined) for (const command of commandsOf(event, atUs)) this.#applyAtItsInstant(command);
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #applyAtItsInstant(command: ServiceCommand): void {
    this.#applyAt(this.#epochNs + BigInt(Math.round(command.atUs * NS_PER_US)), command);
  }

  /** A system timer may fire slightly early, and the effects of an event must not precede it. */
  #applyAt(dueNs: bigint, command: ServiceCommand): void {
    const inMs = Number(dueNs - this.#nowNs()) / NS_PER_MS;
    if (inMs <= 0) {
      this.#listener.onLate(command.event, (-inMs * NS_PER_MS) / NS_PER_US);
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

  async #apply({ event, command }: ServiceCommand): Promise<void> {
    try {
      const met = await this.#send(command);
      if (met !== undefined) this.#listener.onMet(event, met);
    } catch (error) {
      const cause = error instanceof Error ? error.message : error;
      this.#listener.onFault(`the emulator did not play ${command.kind}: ${cause}`);
    }
  }
}
