import type { ShardPlan } from '../../fleet/protocol.ts';
import type { ThreadSettings } from '../threads/start-threads.ts';
import type { ProcessShare } from './process-group.ts';

/** Variables that change how Node and its TLS work: what holds for the threads of this process holds for those of others. */
const PASSED_ON = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'OPENSSL_CONF', 'TZ'];

/** Deals workers out to so many processes in turn, so that these differ by one worker at most; `sessions`: of all workers. */
export function processShares(
  plans: readonly ShardPlan[],
  sessions: number,
  asked: number,
  settings: (sessions: number) => ThreadSettings,
): ProcessShare[] {
  const processes = Math.min(asked, plans.length);
  return Array.from({ length: processes }, (_, process) => {
    const own = plans.filter((_plan, index) => index % processes === process);
    return { plans: own, settings: settings(Math.ceil((sessions * own.length) / plans.length)) };
  });
}

/** The environment of such processes. */
export function passedOn(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name): [string, string][] => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
