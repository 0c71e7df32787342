import { percentilesOf } from '../../results/latency/histogram.ts';
import { seriesParts } from '../../results/series.ts';
import { ATTEMPT_COUNTS, countsIn, everyCount } from '../../results/tallies.ts';
import type { IntervalFleet, TimelineLine } from '../../results/timeline-line.ts';
import { INTERVAL_US } from '../measure/interval.ts';
import { intervalAddresses } from './address-totals.ts';
import type { MergedInterval } from './merge.ts';
import type { MergedFleet } from './merged-fleet.ts';

const INTERVAL_SEC = INTERVAL_US / 1_000_000;

/** The line of `timeline.ndjson` for an interval. `addresses`: names of those of the service, if it has several. */
export function timelineLine(merged: MergedInterval, addresses: readonly string[] = []): TimelineLine {
  return {
    interval: merged.interval,
    startSec: merged.interval * INTERVAL_SEC,
    endSec: (merged.interval + 1) * INTERVAL_SEC,
    total: intervalFleet(merged.total),
    fleets: Object.fromEntries(merged.fleets.map((fleet) => [fleet.name, intervalFleet(fleet)])),
    ...(addresses.length === 0 ? {} : { addresses: intervalAddresses(addresses, merged.addresses ?? []) }),
    workers: merged.health.map(
      ({ eventLoopDelay: _delays, measuredUs: _measured, newSources: _sources, portsLeft, ...health }) => ({
        ...health,
        ...(portsLeft === undefined ? {} : { portsLeft }),
      }),
    ),
  };
}

function intervalFleet(fleet: MergedFleet): IntervalFleet {
  const { notStarted, devices, outcomes, ended, online, connecting, waiting, slipMaxUs } = fleet;
  const { planned, started, retries } = everyCount(ATTEMPT_COUNTS, fleet.attempts);
  const accepted = [...fleet.histograms].flatMap(([key, histogram]) => {
    const { measure, outcome } = seriesParts(key);
    return outcome === 'accepted' ? [[measure, percentilesOf(histogram)] as const] : [];
  });
  return {
    planned,
    started,
    retries,
    notStarted,
    devicesStarted: devices.started ?? 0,
    devicesOnline: devices.online ?? 0,
    online: online.last,
    onlineMin: online.min,
    onlineMax: online.max,
    connecting,
    waiting,
    slipMaxUs,
    outcomes: Object.fromEntries(countsIn(outcomes)),
    ended: Object.fromEntries(countsIn(ended)),
    latency: Object.fromEntries(accepted),
  };
}
