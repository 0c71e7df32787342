import { describe, expect, it } from 'vitest';
import { type FleetRecorder, Recorder } from '../../../../src/metrics/measure/recorder.ts';
import { IntervalMerger } from '../../../../src/metrics/merge/merge.ts';
import { timelineLine } from '../../../../src/metrics/merge/timeline.ts';
import { RunTotals } from '../../../../src/metrics/merge/totals.ts';
import type { EndCause, Outcome } from '../../../../src/results/outcome.ts';
import { type FleetSummary, fleetSummarySchema } from '../../../../src/results/summary/fleet-summary.ts';
import type { MessageCount } from '../../../../src/results/tallies.ts';
import {
  type AttemptCount,
  type DeviceCount,
  type KickCount,
  TALLY_GROUPS,
  TALLY_NAMES,
  type Tallies,
} from '../../../../src/results/tallies.ts';
import { attemptRecord } from '../../../fixtures/attempts.ts';

const HEALTH = { eventLoopDelayP99Us: 1, eventLoopDelayMaxUs: 2, cpuShare: 0.5 };

type Kicks = FleetSummary['kicks'];

const KICKS: {
  readonly [Name in KickCount]: {
    readonly count: (fleet: FleetRecorder) => void;
    readonly shown: (kicks: Kicks) => number | undefined;
  };
} = {
  kicks: { count: (fleet) => fleet.kicked(1, 5, undefined), shown: (kicks) => kicks?.kicks },
  loops: { count: (fleet) => fleet.kicked(2, 5, 9), shown: (kicks) => kicks?.devicesInLoop },
  loopLogins: {
    // Shown as a share of the accepted logins, and only where sessions were kicked: of 100 here.
    count: (fleet) => {
      fleet.kicked(1, 5, undefined);
      fleet.loopLogin();
      for (let login = 0; login < 100; login++) fleet.attempt(attemptRecord({ endedUs: 9 }), 0);
    },
    shown: (kicks) => kicks && Math.round(kicks.loopConnectShare * 100 * kicks.kicks),
  },
};

/** How each tally is counted, and where a summary shows it: a new group does not compile without both. */
const GROUPS: {
  readonly [Group in keyof Tallies]: {
    readonly names: readonly string[];
    readonly count: (fleet: FleetRecorder, name: string) => void;
    readonly shown: (summary: FleetSummary, name: string) => number | undefined;
  };
} = {
  attempts: {
    // First attempts are counted from the plan, not by a recorder.
    names: TALLY_NAMES.attempts.filter((name) => name !== 'firstPlanned'),
    count: (fleet, name) => (name === 'planned' ? fleet.retryPlanned(0) : fleet.started(name === 'retries', 0)),
    shown: ({ attempts }, name) => attempts[name as AttemptCount],
  },
  devices: {
    names: TALLY_NAMES.devices,
    count: (fleet, name) => fleet.device(name as DeviceCount),
    shown: ({ devices }, name) => devices?.[name as DeviceCount],
  },
  outcomes: {
    names: [...TALLY_NAMES.outcomes, 'refused-5', 'auth-401'],
    count: (fleet, name) => fleet.attempt(attemptRecord({ outcome: name as Outcome, endedUs: 9, mqttUs: 250 }), 0),
    shown: ({ outcomes }, name) => outcomes.find(({ outcome }) => outcome === name)?.count,
  },
  details: {
    names: ['a reason'],
    count: (fleet, name) => fleet.attempt(attemptRecord({ outcome: 'tcp-refused', endedUs: 9, detail: name }), 0),
    shown: ({ outcomes }, name) => outcomes[0]?.details.find(({ detail }) => detail === name)?.count,
  },
  ended: {
    names: [...TALLY_NAMES.ended, 'disconnect-142'],
    count: (fleet, name) => fleet.ended(name as EndCause),
    shown: ({ ended }, name) => ended[name],
  },
  endDetails: {
    names: ['a reason'],
    count: (fleet, name) => fleet.ended('reset', name),
    shown: ({ endDetails }, name) => endDetails?.['reset']?.find(({ detail }) => detail === name)?.count,
  },
  authCodes: {
    names: [...TALLY_NAMES.authCodes, '799'],
    count: (fleet, name) => fleet.authReply(Number(name)),
    shown: ({ authCodes }, name) => authCodes?.[name],
  },
  messages: {
    names: TALLY_NAMES.messages,
    count: (fleet, name) => fleet.messages(name as MessageCount, 1),
    shown: ({ messages }, name) => messages?.[name as MessageCount],
  },
  kicks: {
    names: TALLY_NAMES.kicks,
    count: (fleet, name) => KICKS[name as KickCount].count(fleet),
    shown: ({ kicks }, name) => KICKS[name as KickCount].shown(kicks),
  },
};

const counters = TALLY_GROUPS.flatMap((group) => GROUPS[group].names.map((name) => [group, name] as const));

/** Two workers, two intervals, two fleets: the first counts once in each, the second twice. */
function played(group: keyof Tallies, name: string): RunTotals {
  const names = ['meters', 'gateways'];
  const merger = new IntervalMerger(2, names);
  const totals = new RunTotals(names.map((fleet) => ({ name: fleet, sessions: 1 })));
  for (const recorder of [0, 1].map((worker) => new Recorder(worker, names))) {
    for (const interval of [0, 1]) {
      for (const fleet of [0, 1, 1]) GROUPS[group].count(recorder.fleet(fleet), name);
      const snapshot = structuredClone(recorder.takeSnapshot(interval, HEALTH, []));
      for (const merged of merger.add(snapshot)) {
        timelineLine(merged);
        totals.add(merged);
      }
    }
  }
  return totals;
}

describe('a count of a recorder', () => {
  it.each(counters)('reaches the summary: %s %s', (group, name) => {
    const { total, fleets } = played(group, name).summary();
    const shown = [...fleets, total].map((summary) => GROUPS[group].shown(summary, name));
    expect(shown).toEqual([4, 8, 12]);
    for (const summary of [total, ...fleets]) expect(fleetSummarySchema.parse(summary)).toEqual(summary);
  });

  it('is told once', () => {
    for (const group of TALLY_GROUPS) {
      const recorder = new Recorder(0, ['meters']);
      for (const name of GROUPS[group].names) GROUPS[group].count(recorder.fleet(0), name);
      expect(Object.keys(recorder.takeSnapshot(0, HEALTH, []).fleets[0]?.[group] ?? {})).not.toEqual([]);
      expect(recorder.takeSnapshot(1, HEALTH, []).fleets[0]?.[group]).toEqual({});
    }
  });
});
