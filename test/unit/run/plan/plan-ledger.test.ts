import { describe, expect, it } from 'vitest';
import type { ShardPlan } from '../../../../src/fleet/protocol.ts';
import { Recorder } from '../../../../src/metrics/measure/recorder.ts';
import type { Snapshot } from '../../../../src/metrics/measure/snapshot.ts';
import { evenSplit, shareOf } from '../../../../src/plan/split.ts';
import { PlanLedger } from '../../../../src/run/plan/plan-ledger.ts';
import { plainFleet } from '../../../fixtures/plain-fleet.ts';

const SEC = 1_000_000;
const HEALTH = { eventLoopDelayP99Us: 0, eventLoopDelayMaxUs: 0, cpuShare: 0 };

const FLEET = plainFleet({
  devices: { kind: 'generated', count: 100 },
  connect: { arrival: 'ramp', overUs: 10 * SEC },
});

/** 100 devices over 10 s, one each 100 ms, dealt out to the workers. */
function plans(workers: number, durationUs = 10 * SEC): ShardPlan[] {
  return Array.from({ length: workers }, (_, worker) => {
    const shard = { fleet: FLEET, share: shareOf(evenSplit(workers), 0, worker) };
    return { worker, seed: 1, durationUs, fleets: [shard] } as unknown as ShardPlan;
  });
}

function started(worker: number, interval: number, count: number, stoppedUs?: number): Snapshot {
  const recorder = new Recorder(worker, ['meters']);
  for (let attempt = 0; attempt < count; attempt++) recorder.fleet(0).started(false, 0);
  const snapshot = recorder.takeSnapshot(interval, HEALTH, []);
  return stoppedUs === undefined ? snapshot : { ...snapshot, stoppedUs };
}

function counted(ledger: PlanLedger, intervals: number): number[] {
  return Array.from({ length: intervals }, (_, interval) => ledger.inInterval(interval)[0] ?? -1);
}

describe('PlanLedger', () => {
  it('tells the plan whether or not anybody starts it', () => {
    expect(counted(new PlanLedger(plans(3)), 11)).toEqual([10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 0]);
  });

  it('ends with the run', () => {
    const ledger = new PlanLedger(plans(2, 2.55 * SEC));
    expect(ledger.intervals).toBe(3);
    expect(counted(ledger, 4)).toEqual([10, 10, 6, 0]);
    expect(ledger.intervals).toBe(4);
  });

  it('ends for each worker where it was stopped before its time', () => {
    const ledger = new PlanLedger(plans(2));
    counted(ledger, 2);
    ledger.stop(2.5 * SEC);
    // Devices 20, 22, 24 are the first worker's; 21 to 29 the second one's.
    ledger.reported(started(0, 2, 13, 2.5 * SEC + 1));
    ledger.reported(started(1, 2, 15, 3.2 * SEC));
    for (const worker of [0, 1]) ledger.workerGone(worker, false);
    expect(ledger.inInterval(2)).toEqual([8]);
    expect(ledger.inInterval(3)).toEqual([1]);
    expect(ledger.intervals).toBe(4);
    expect(ledger.neverStarted(50_000)).toEqual({ count: 1, planned: 29 });
  });

  it('takes nothing back of an interval that was told: a stop heard of later counts from its end', () => {
    const ledger = new PlanLedger(plans(1));
    counted(ledger, 3);
    ledger.reported(started(0, 3, 30, 2.5 * SEC));
    expect(counted(ledger, 5).slice(3)).toEqual([0, 0]);
  });

  it('stays whole for a worker that heard of the stop only after it had played all of it', () => {
    const ledger = new PlanLedger(plans(1));
    counted(ledger, 9);
    ledger.stop(9.5 * SEC);
    ledger.reported(started(0, 9, 100));
    ledger.workerGone(0, false);
    expect(ledger.inInterval(9)).toEqual([10]);
    expect(ledger.neverStarted(50_000)).toEqual({ count: 0, planned: 100 });
  });

  it('ends before it begins where the run is stopped by then', () => {
    const ledger = new PlanLedger(plans(2));
    ledger.stop(-1_000);
    for (const worker of [0, 1]) ledger.workerGone(worker, false);
    expect(ledger.intervals).toBe(0);
    expect(ledger.neverStarted(50_000)).toEqual({ count: 0, planned: 0 });
  });

  it('keeps the plan of a worker that is lost, and tells what nobody was left to play', () => {
    const ledger = new PlanLedger(plans(2));
    ledger.reported(started(0, 0, 5));
    ledger.reported(started(1, 0, 5));
    counted(ledger, 1);
    for (const worker of [0, 1]) ledger.workerGone(worker, true);
    expect(ledger.intervals).toBe(10);
    for (let interval = 1; interval < 10; interval++) expect(ledger.inInterval(interval)).toEqual([10]);
    // That they are lost says why.
    expect(ledger.neverStarted(50_000)).toEqual({ count: 0, planned: 0 });
  });

  it('ends the plan of a lost worker with a stop, before or after it is lost', () => {
    const ledger = new PlanLedger(plans(2));
    ledger.workerGone(0, true);
    ledger.stop(4 * SEC);
    ledger.workerGone(1, true);
    expect(counted(ledger, 6)).toEqual([10, 10, 10, 10, 0, 0]);
  });

  it('tells what was not started although its instant was clearly before the end', () => {
    const ledger = new PlanLedger(plans(2));
    ledger.reported(started(0, 9, 50));
    ledger.reported(started(1, 9, 45));
    expect(ledger.neverStarted(50_000)).toEqual({ count: 5, planned: 100 });
    // The last five of that worker are planned from 9.1 s on.
    expect(ledger.neverStarted(0.9 * SEC)).toEqual({ count: 0, planned: 100 });
  });
});
