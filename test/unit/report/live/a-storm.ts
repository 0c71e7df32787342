import { LiveState } from '../../../../src/report/live/live-state.ts';
import type { Disturbance } from '../../../../src/results/summary/disturbance.ts';
import type { RunEvent } from '../../../../src/results/summary/run-event.ts';
import type { IntervalFleet, TimelineLine } from '../../../../src/results/timeline-line.ts';
import { flatPercentiles } from '../../metrics/judge/summaries.ts';

/** A storm half-way through its recovery, with two fleets, three events and one loss: every part of the live view has something to show. */
export function stormSoFar(): LiveState {
  const state = new LiveState({
    scenario: 'reconnect-storm',
    target: 'emulator (profile 2017)',
    sessions: 2_000,
    plannedDurationSec: 60,
    fleets: ['meters', 'gateways'],
    fleetSessions: [1_500, 500],
  });
  for (let sec = 0; sec < 24; sec++) state.add(second(sec));
  state.course = { events: EVENTS, disturbances: [LOSS] };
  return state;
}

/** Seconds of the run that `stormSoFar` has seen. */
export const STORM_SEC = 24;

export const EVENTS: readonly RunEvent[] = [
  { id: 0, kind: 'limit', label: 'admit 100 logins/s, others get CONNACK 3', startSec: 10, endSec: 40 },
  { id: 1, kind: 'drop', label: 'drop 2,000 sessions by reset', startSec: 15, asked: 2_000, met: 1_998 },
  { id: 2, kind: 'restart-target', label: 'restart the target, down for 2s', after: '95% are online' },
];

const LOSS: Disturbance = {
  id: 0,
  event: 1,
  kind: 'drop',
  label: 'drop 2,000 sessions by reset',
  startSec: 15,
  total: {
    lost: 1_998,
    recovered: 1_120,
    neverRecovered: 878,
    lostBy: { dropped: 1_998 },
    lowestOnline: 0,
    t50Sec: 7.8,
    peakAttemptsPerSec: 1_998,
    peakAttemptsPer100Ms: 400,
    refusals: { 'refused-3': 9_000 },
    longestOfflineSec: 9,
    secondWaves: 0,
    curve: [],
  },
  fleets: [],
};

/** All are online after ten seconds, lost at 15 s, and come back at a rate of 125/s. */
function second(sec: number): TimelineLine {
  const online = sec < 15 ? Math.min(2_000, (sec + 1) * 200) : (sec - 15) * 125 + 120;
  const started = sec < 10 ? 200 : sec < 15 ? 0 : 2_000 - online;
  const refused = sec < 15 ? 0 : started - 100;
  const p99Us = sec >= 10 && sec < 15 ? undefined : sec < 10 ? 4_000 + sec * 300 : 250_000 - sec * 5_000;
  const part = (share: number): IntervalFleet => {
    const accepted = p99Us === undefined ? 0 : Math.round((sec < 10 ? 200 : 100) * share);
    return {
      planned: sec < 10 ? 200 * share : 0,
      started: started * share,
      retries: sec < 15 ? 0 : started * share,
      outcomes: { accepted, ...(refused > 0 ? { 'refused-3': refused * share } : {}) },
      ended: sec === 15 ? { dropped: 1_998 * share } : {},
      online: online * share,
      connecting: sec < 15 ? 0 : 40 * share,
      waiting: sec < 15 ? 0 : (1_960 - online) * share,
      slipMaxUs: 900,
      latency: p99Us === undefined ? {} : { response: { ...flatPercentiles(accepted, 2_120), p99Us } },
    };
  };
  const fleets = { meters: part(0.75), gateways: part(0.25) };
  return { interval: sec, startSec: sec, endSec: sec + 1, total: part(1), fleets, workers: [] };
}
