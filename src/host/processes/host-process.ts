/**
 * Entry of a process that runs workers of a run: `process-group.ts` forks this file. It serves until its parent says `close`; if the
 * parent goes away, its sessions end in order first, so that no service is left with sessions that nobody looks after.
 */

import { endChild, serveParent, tellParent } from '../child/child-entry.ts';
import type { Workers } from '../host.ts';
import { startThreads } from '../threads/start-threads.ts';
import type { FromHost, ToHost } from './host-messages.ts';

/** How long sessions have to end in order after the parent has gone. */
const ORPHAN_MS = 15_000;

let workers: Workers | undefined;
/** Batches that the parent has not taken yet, oldest first. */
const untaken: (() => void)[] = [];

serveParent(obey, endOrphaned);

async function obey(message: ToHost): Promise<void> {
  switch (message.type) {
    case 'workers':
      await start(message);
      break;
    case 'broadcast':
      workers?.broadcast(message.message);
      break;
    case 'attempts-taken':
      untaken.shift()?.();
      break;
    case 'give-up':
      workers?.giveUp(message.worker, message.why);
      break;
    case 'close':
      endChild(0);
      break;
    default:
      message satisfies never;
  }
}

async function start({ plans, settings }: Extract<ToHost, { type: 'workers' }>): Promise<void> {
  workers = startThreads(
    plans,
    {
      onSnapshot: (snapshot) => tell({ type: 'snapshot', snapshot }),
      onAttempts: (batch, taken) => {
        untaken.push(taken);
        tell({ type: 'attempts', batch });
      },
      onOnline: (worker, online) => tell({ type: 'online', worker, online }),
      onEventKnown: (worker, event) => tell({ type: 'event-known', worker, event }),
      onWorkerEnd: (worker, end) => tell({ type: 'worker-end', worker, end }),
    },
    settings,
  );
  await workers.ready();
  tell({ type: 'ready' });
}

function tell(message: FromHost): void {
  tellParent(message);
}

function endOrphaned(): void {
  if (workers === undefined) {
    endChild(0);
    return;
  }
  setTimeout(() => endChild(1), ORPHAN_MS).unref();
  workers.broadcast({ type: 'stop' });
  workers.ended().then(
    () => endChild(0),
    () => endChild(1),
  );
}
