import type { EmulatorCounts } from '../emulator/contract/config.ts';
import type { EmulatorControl, Misbehaviour } from '../emulator/contract/control.ts';
import type { RunTarget } from '../host/run-target.ts';

/**
 * One run's view of a target that stays up: its counts cover this run only, and closing it ends only what this run started there; `tell`
 * receives a description of what could not be ended. The caller must make sure that nothing else uses the target meanwhile, and that the
 * target knows the scenario's devices.
 */
export async function lentTarget(target: RunTarget, tell: (words: string) => void): Promise<RunTarget> {
  const before = await target.counts();
  const begun = new Set<number>();
  const inForce = new Map<number, Misbehaviour['kind']>();
  const control = async (command: EmulatorControl): Promise<number | undefined> => {
    const met = await target.control(command);
    if (command.kind === 'begin') {
      begun.add(command.id);
      inForce.set(command.id, command.misbehaviour.kind);
    } else if (command.kind === 'end') {
      inForce.delete(command.id);
    }
    return met;
  };
  return {
    endpoints: target.endpoints,
    access: target.access,
    description: target.description,
    get died() {
      return target.died;
    },
    control,
    counts: async () => {
      const now = await target.counts();
      return now === undefined || before === undefined ? undefined : countsSince(before, now, begun);
    },
    close: async () => {
      for (const [id, kind] of inForce) {
        await target.control({ kind: 'end', id }).catch((error: unknown) => tell(leftWords(kind, error)));
      }
    },
  };
}

function leftWords(kind: Misbehaviour['kind'], error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `${kind}, which this run began on a target that stays open, could not be ended and may affect later runs: ${why}`;
}

function countsSince(before: EmulatorCounts, now: EmulatorCounts, begun: ReadonlySet<number>): EmulatorCounts {
  const met = Object.entries(now.metByMisbehaviour ?? {}).filter(([id]) => begun.has(Number(id)));
  const metByMisbehaviour = met.map(([id, count]) => [id, count - (before.metByMisbehaviour?.[id] ?? 0)]);
  return {
    connections: now.connections - before.connections,
    accepted: now.accepted - before.accepted,
    refusedByCode: recordSince(before.refusedByCode, now.refusedByCode),
    kicks: now.kicks - before.kicks,
    online: now.online,
    protocolErrors: now.protocolErrors - before.protocolErrors,
    waiting: now.waiting,
    tlsFailures: now.tlsFailures - before.tlsFailures,
    authByCode: recordSince(before.authByCode, now.authByCode),
    tokensIssued: now.tokensIssued - before.tokensIssued,
    subscribed: now.subscribed - before.subscribed,
    subscriptionsRefused: now.subscriptionsRefused - before.subscriptionsRefused,
    published: now.published - before.published,
    ...(met.length === 0 ? {} : { metByMisbehaviour: Object.fromEntries(metByMisbehaviour) }),
  };
}

/** Entries that did not change are left out, as they would be in the counts of a fresh emulator. */
function recordSince(
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): Record<string, number> {
  const since = Object.entries(now).map(([code, count]): [string, number] => [code, count - (before[code] ?? 0)]);
  return Object.fromEntries(since.filter(([, count]) => count > 0));
}
