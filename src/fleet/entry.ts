import type { MessagePort } from 'node:worker_threads';
import { LeanLinkFactory, type LeanLinkServices } from '../link/lean.ts';
import { MqttJsLinkFactory } from '../link/mqttjs.ts';
import type { LinkFactory } from '../link/port.ts';
import { systemNetwork } from '../link/socket.ts';
import { SourcePool } from '../link/sources.ts';
import { Recorder } from '../metrics/recorder.ts';
import { copyAt } from '../plan/duplicates.ts';
import { runClock } from '../time/clock.ts';
import { TimerWheel } from '../time/wheel.ts';
import { AttemptLog, type AttemptNames } from './attempt-log.ts';
import { Inbox } from './inbox.ts';
import type { FromWorker, ShardPlan, WorkerTask } from './protocol.ts';
import { WorkerAccess } from './service-access.ts';
import { type PreparedFleet, prepareFleet, WorkerFleet } from './worker-fleet.ts';
import { WorkerRun } from './worker-run.ts';

/**
 * A worker thread's one long task: prepares its share of the plan, says so, waits for the start, runs every session to its end.
 * Rejects only for faults of the program or of a device file; what the target does is measured, not thrown.
 */
export default async function runShard({ plan, port }: WorkerTask): Promise<void> {
  const post = (message: FromWorker): void => port.postMessage(message);
  const inbox = new Inbox(port);
  try {
    const prepared = await Promise.all(plan.fleets.map((shard) => prepareFleet(shard, plan)));
    post({ type: 'ready' });
    const epochNs = await inbox.started;
    if (epochNs !== undefined) {
      const clock = runClock(epochNs);
      const wheel = new TimerWheel(clock.nowUs());
      const sources = plan.sources === undefined ? undefined : new SourcePool(plan.sources);
      const access = new WorkerAccess(plan.access, {
        links: linkFactory(plan, { clock, wheel, sources }),
        clock,
        wheel,
        network: { ...systemNetwork, sources },
      });
      const services = { clock, wheel, access, means: { isExhausted: false } };
      const recorder = new Recorder(
        plan.worker,
        plan.fleets.map((fleet) => fleet.name),
        plan.eventStartUs,
      );
      const attempts = plan.keepsAttempts === true ? attemptLog(port, inbox) : undefined;
      const fleets = prepared.map((fleet, index) => {
        const sink = attempts?.sink(index, attemptNames(fleet));
        return new WorkerFleet(fleet, recorder.fleet(index), { ...services, attempts: sink });
      });
      await new WorkerRun({ plan, fleets, recorder, clock, wheel, inbox, sources, attempts, post }).finished();
      access.close();
    }
    post({ type: 'finished' });
  } finally {
    port.close();
  }
}

function attemptLog(port: MessagePort, inbox: Inbox): AttemptLog {
  const log = new AttemptLog((batch) => {
    const message: FromWorker = { type: 'attempts', batch };
    port.postMessage(message, [batch.numbers.buffer]);
  });
  inbox.onAttemptsTaken = () => log.taken();
  return log;
}

function attemptNames({ roster, shard }: PreparedFleet): AttemptNames {
  return {
    nameAt: (index) => roster.nameAt(index),
    copyAt: (position) => copyAt(position, shard.count, shard.duplicates),
  };
}

function linkFactory({ client }: ShardPlan, services: LeanLinkServices): LinkFactory {
  return client === 'lean' ? new LeanLinkFactory(services) : new MqttJsLinkFactory(services);
}
