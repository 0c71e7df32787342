import { beforeEach, describe, expect, it } from 'vitest';
import { eventId } from '../../../../src/plan/timetable.ts';
import { AnchorWatch } from '../../../../src/run/events/anchor-watch.ts';
import type { Anchor, ScenarioEvent } from '../../../../src/scenario/event.ts';

const MS = 1_000;

function waiting(sessions: number, waitUs = 0, fleet?: string): ScenarioEvent {
  const after: Anchor = { online: { count: sessions }, sessions, fleet, waitUs, words: 'they are' };
  return { id: eventId(0), kind: 'expire-tokens', after, label: '' };
}

let nowUs: number;
let reached: [event: number, atUs: number][];
beforeEach(() => {
  nowUs = 1_234_500.5;
  reached = [];
});

function watch(...events: ScenarioEvent[]): AnchorWatch {
  return new AnchorWatch({
    events: events.map((event, place) => ({ ...event, id: eventId(place) })),
    fleetNames: ['meters', 'gateways'],
    nowUs: () => nowUs,
    onReached: (event, atUs) => void reached.push([event, atUs]),
  });
}

describe('AnchorWatch', () => {
  it('adds up workers and fleets, and gives an instant that is still to come', () => {
    const anchors = watch({ id: eventId(0), kind: 'expire-tokens', atUs: 5, label: '' }, waiting(10));
    anchors.online(0, [4, 2]);
    anchors.online(1, [3, 0]);
    expect(reached).toEqual([]);
    anchors.online(1, [3, 1]);
    expect(reached).toEqual([[1, 1_285 * MS]]);
  });

  it('reaches a state once', () => {
    const anchors = watch(waiting(2));
    for (const online of [2, 1, 2]) anchors.online(0, [online, 0]);
    expect(reached).toHaveLength(1);
  });

  it('gives events of one state instants that are exact against each other', () => {
    watch(waiting(2), waiting(2, 1_000 * MS), waiting(2, 50 * MS), waiting(3)).online(0, [2, 0]);
    expect(reached).toEqual([
      [0, 1_285 * MS],
      [1, 2_285 * MS],
      [2, 1_335 * MS],
    ]);
  });

  it('waits for one fleet alone', () => {
    const anchors = watch(waiting(5, 0, 'gateways'));
    anchors.online(0, [100, 4]);
    expect(reached).toEqual([]);
    anchors.online(0, [0, 5]);
    expect(reached.map(([event]) => event)).toEqual([0]);
  });

  it('does not count the sessions of a worker that is gone', () => {
    const anchors = watch(waiting(10));
    anchors.online(0, [9, 0]);
    anchors.workerGone(0);
    anchors.online(1, [9, 0]);
    expect(reached).toEqual([]);
  });

  it('makes nothing happen after a stop', () => {
    const anchors = watch(waiting(1));
    anchors.stop();
    anchors.online(0, [1, 0]);
    expect(reached).toEqual([]);
  });
});
