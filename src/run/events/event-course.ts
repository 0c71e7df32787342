import type { EmulatorCounts } from '../../emulator/contract/config.ts';
import type { LateEvent } from '../../metrics/judge/judge.ts';
import type { PlannedEvent } from '../../metrics/judge/recovery.ts';
import { type EventId, eventId } from '../../plan/timetable.ts';
import type { Disturbance } from '../../results/summary/disturbance.ts';
import type { RunEvent } from '../../results/summary/run-event.ts';
import { type Anchor, eventLastsUs, type ScenarioEvent } from '../../scenario/event.ts';
import { exactDuration, formatUs, US_PER_SEC } from '../../time/units.ts';

/** Tracks the scenario's events in a run: when each one happened, and how many sessions it affected. */
export class EventCourse {
  readonly #events: readonly ScenarioEvent[];
  readonly #startUs = new Map<EventId, number>();
  readonly #met = new Map<EventId, number>();
  readonly #lateUs = new Map<EventId, number>();

  constructor(events: readonly ScenarioEvent[]) {
    this.#events = events;
    for (const { id, atUs } of events) if (atUs !== undefined) this.#startUs.set(id, atUs);
  }

  /** Fixes the instant of an event that waited for a state. */
  happens(event: EventId, atUs: number): void {
    this.#startUs.set(event, atUs);
  }

  /** Adds sessions or logins that the event affected. */
  addMet(event: EventId, count: number): void {
    this.#met.set(event, (this.#met.get(event) ?? 0) + count);
  }

  /** Records that a worker or the coordinator played the event late, in microseconds. */
  addLate(event: EventId, lateUs: number): void {
    this.#lateUs.set(event, Math.max(lateUs, this.#lateUs.get(event) ?? 0));
  }

  /** Events that recoveries are measured from, and how long after their instants they were played. */
  late(disturbances: readonly Disturbance[]): LateEvent[] {
    return disturbances.flatMap(({ event, label, total: { t50Sec } }) => {
      const lateUs = event === undefined ? undefined : this.#lateUs.get(eventId(event));
      if (lateUs === undefined || t50Sec === undefined) return [];
      return [{ label, lateUs, halfBackUs: t50Sec * US_PER_SEC }];
    });
  }

  /** Takes the counts that the emulator keeps itself. */
  setMet(counts: EmulatorCounts | undefined): void {
    for (const [event, count] of Object.entries(counts?.metByMisbehaviour ?? {})) {
      this.#met.set(eventId(Number(event)), count);
    }
  }

  /** The event as the recovery analysis needs it; undefined while it waits. */
  planned(id: EventId): PlannedEvent | undefined {
    const event = this.#events.find((one) => one.id === id);
    const startUs = this.#startUs.get(id);
    if (event === undefined || startUs === undefined) return undefined;
    const lastsUs = eventLastsUs(event);
    return { kind: event.kind, label: event.label, startUs, endUs: lastsUs && startUs + lastsUs };
  }

  /** The events as reports show them, in chronological order; those still waiting come last. */
  rows(elapsedSec: number): RunEvent[] {
    return this.#events
      .map((event) => this.#row(event, elapsedSec))
      .sort((a, b) => (a.startSec ?? Number.MAX_VALUE) - (b.startSec ?? Number.MAX_VALUE));
  }

  /** What a user should know about the events of a finished run. */
  warnings(elapsedSec: number, isCutShort: boolean): string[] {
    return this.rows(elapsedSec).flatMap(({ id, label, after, startSec, met }) => {
      if (startSec === undefined) {
        const state = this.#events.find((event) => event.id === id)?.after?.words;
        return isCutShort ? [] : [`the event "${label}" did not happen: it waits until ${state}, and they never were`];
      }
      const when = startSec === 0 ? '0s' : formatUs(startSec * US_PER_SEC);
      if (after !== undefined && startSec >= elapsedSec) {
        return [`the event "${label}" did not happen: the run was over before ${when}`];
      }
      return met === 0 ? [`the event "${label}" at ${when} had no effect`] : [];
    });
  }

  #row(event: ScenarioEvent, elapsedSec: number): RunEvent {
    const { id, kind, label, after } = event;
    const { startUs, endUs } = this.planned(id) ?? {};
    const hasHappened = startUs !== undefined && startUs < elapsedSec * US_PER_SEC;
    const met = hasHappened ? (this.#met.get(id) ?? (kind === 'drop' ? 0 : undefined)) : undefined;
    return {
      id,
      kind,
      label,
      ...(after === undefined ? {} : { after: anchorWords(after) }),
      ...(startUs === undefined ? {} : { startSec: startUs / US_PER_SEC }),
      ...(endUs === undefined ? {} : { endSec: endUs / US_PER_SEC }),
      ...(kind === 'drop' ? { asked: event.count } : {}),
      ...(met === undefined ? {} : { met }),
    };
  }
}

/** What an event waits for, in words: `all 10 sessions are online, plus 5s`. */
function anchorWords({ words, waitUs }: Anchor): string {
  return waitUs === 0 ? words : `${words}, plus ${exactDuration(waitUs)}`;
}
