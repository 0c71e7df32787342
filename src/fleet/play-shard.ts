import { systemNetwork } from '../link/socket/socket.ts';
import { SourcePool } from '../link/socket/source-addresses.ts';
import { Recorder } from '../metrics/measure/recorder.ts';
import { copyAt } from '../plan/duplicates.ts';
import { EventInstants } from '../plan/timetable.ts';
import { type RunEpochNs, runClock } from '../time/clock.ts';
import { TimerWheel } from '../time/wheel.ts';
import type { AttemptLog, AttemptNames } from './attempts/attempt-log.ts';
import type { RunInbox } from './inbox.ts';
import type { LinkModules } from './link-modules.ts';
import type { FromWorker, ShardPlan } from './protocol.ts';
import { LoopWatch } from './watch/loop-watch.ts';
import { OnlineCount } from './watch/online-count.ts';
import { WorkerAccess } from './worker-access.ts';
import { type PreparedFleet, WorkerFleet } from './worker-fleet.ts';
import { WorkerRun } from './worker-run.ts';

/** What a shard is played with. */
export interface ShardParts {
  readonly plan: ShardPlan;
  /** Of the plan's fleets, in their order. */
  readonly prepared: readonly PreparedFleet[];
  readonly modules: LinkModules;
  readonly epochNs: RunEpochNs;
  readonly inbox: RunInbox;
  /** Where the fleets put their raw attempts; undefined: nowhere. */
  readonly attempts?: AttemptLog | undefined;
  readonly post: (message: FromWorker) => void;
}

/** Plays one worker's share of a run from its epoch on; settles when every session has ended and the last snapshot is posted. */
export async function playShard({
  plan,
  prepared,
  modules,
  epochNs,
  inbox,
  attempts,
  post,
}: ShardParts): Promise<void> {
  const { newLinks, AuthClient } = modules;
  const clock = runClock(epochNs);
  const wheel = new TimerWheel(clock.nowUs());
  const sources = plan.sources === undefined ? undefined : new SourcePool(plan.sources, Math.random);
  const access = new WorkerAccess(plan.access, {
    links: newLinks({ clock, wheel, sources }),
    AuthClient,
    clock,
    wheel,
    network: { ...systemNetwork, sources },
  });
  const loop = new LoopWatch(clock, () => fleets.some(({ gauges }) => gauges.connecting > 0));
  const online = new OnlineCount();
  const instants = new EventInstants(plan.events, plan.lossSpans);
  const { lossWindows } = instants;
  const shared = { clock, wheel, access, lossWindows, online, stalls: loop, means: { isExhausted: false } };
  const names = plan.fleets.map(({ fleet }) => fleet.name);
  const recorder = new Recorder(plan.worker, names, instants, plan.durationUs, plan.fleets[0]?.endpoints.length);
  const { addresses } = recorder;
  const fleets = prepared.map((fleet, index) => {
    const sink = attempts?.sink(index, attemptNames(fleet));
    return new WorkerFleet(fleet, recorder.fleet(index), { ...shared, addresses, attempts: sink });
  });
  const run = { plan, instants, fleets, recorder, online, clock, wheel, loop, inbox, sources, attempts, post };
  await new WorkerRun(run).finished();
  access.close();
}

function attemptNames({ roster, shard }: PreparedFleet): AttemptNames {
  const { devices, duplicates } = shard.fleet;
  return {
    nameAt: (index) => roster.nameAt(index),
    copyAt: (position) => copyAt(position, devices.count, duplicates),
  };
}
