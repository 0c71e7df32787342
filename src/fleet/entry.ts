import type { MessagePort } from 'node:worker_threads';
import { AttemptLog } from './attempts/attempt-log.ts';
import { Inbox } from './inbox.ts';
import { linkModules } from './link-modules.ts';
import { playShard } from './play-shard.ts';
import type { FromWorker, WorkerTask } from './protocol.ts';
import { prepareFleet } from './worker-fleet.ts';
import { warmUp } from './worker-warm-up.ts';

/**
 * A worker thread's one long task: prepares its share of the plan, says so, waits for the start, runs every session to its end.
 * Rejects only for faults of the program or of a device file; what the target does is measured, not thrown.
 */
export default async function runShard({ plan, port }: WorkerTask): Promise<void> {
  const post = (message: FromWorker): void => port.postMessage(message);
  const inbox = new Inbox(port);
  try {
    const prepared = await Promise.all(plan.fleets.map((shard) => prepareFleet(shard, plan)));
    const modules = await linkModules(plan);
    if (plan.tuning?.warmsUp !== false) await warmUp(plan);
    post({ type: 'ready' });
    const epochNs = await inbox.started;
    if (epochNs !== undefined) {
      const attempts = plan.keepsAttempts === true ? attemptLog(port, inbox) : undefined;
      await playShard({ plan, prepared, modules, epochNs, inbox, attempts, post });
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
