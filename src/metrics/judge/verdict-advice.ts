import type { OutcomeCount } from '../../results/summary/outcome-count.ts';
import type { WorkerResult } from '../../results/summary/worker-result.ts';
import { counted } from '../../text/counts.ts';

/** What the advice for a tool that was too slow depends on. */
export interface AdviceInput {
  readonly workers: readonly WorkerResult[];
  readonly client?: string | undefined;
  /** Cores of this machine; undefined if not known. */
  readonly cores?: number | undefined;
}

/** What to do if the tool was too slow, cheapest first, leaving out what the run already does. */
export function goFaster({ workers, client, cores = Number.POSITIVE_INFINITY }: AdviceInput): string {
  const sessions = workers.reduce((sum, worker) => sum + worker.sessions, 0);
  const ways = [
    ...(workers.length < Math.min(cores, sessions) ? ['more workers'] : []),
    ...(client === 'lean' ? [] : ['`client: lean`']),
    'more machines',
  ];
  return ways.length === 1 ? `use ${ways.join()}, or plan fewer logins per second` : `use ${listed(ways)}`;
}

/** `a`, `a or b`, `a, b, or c`. */
function listed(ways: readonly string[]): string {
  const last = ways.at(-1) ?? '';
  return ways.length < 3 ? ways.join(' or ') : `${ways.slice(0, -1).join(', ')}, or ${last}`;
}

/** What a machine may run out of, how causes mention it, and what helps. */
const SHORTAGES = [
  { causes: /\bEMFILE\b/, of: 'descriptors', way: 'raise `ulimit -n`' },
  { causes: /\bENFILE\b/, of: 'descriptors of the whole machine', way: 'raise fs.file-max' },
  {
    causes: /\b(?:EADDRNOTAVAIL|EADDRINUSE|no local port left)\b/,
    of: 'ports',
    way: 'name more `sources`, or widen net.ipv4.ip_local_port_range',
  },
  { causes: /\b(?:ENOBUFS|ENOMEM|EAI_MEMORY)\b/, of: 'memory', way: 'run fewer devices' },
] as const;

/** Describes attempts that failed because this machine lacked something, and what helps. */
export function localLimit({ count, details }: OutcomeCount): string {
  const causes = details.map(({ detail }) => detail).join(', ');
  const found = SHORTAGES.filter((shortage) => shortage.causes.test(causes));
  const attempts = counted(count, 'attempt');
  const what = found.length === 0 ? 'something' : found.map(({ of }) => of).join(' and ');
  const ways = [...found.map(({ way }) => way), 'use more machines'].join(', or ');
  return `${attempts} never left this machine, and no later one was started: it ran out of ${what}${causes === '' ? '' : ` (${causes})`}: ${ways}`;
}
