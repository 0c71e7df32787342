/** A host on another machine while a run goes on. */
export interface LiveHost {
  readonly name: string;
  /** Numbers of its workers. */
  readonly workers: readonly number[];
  readonly sessions: number;
  /** What is known of it now. */
  report(): HostNow;
}

/** What is known of a host besides the figures of its workers. */
export interface HostNow {
  readonly state: 'running' | 'silent' | 'finished' | 'stopped' | 'lost';
  readonly clockErrorUs?: number | undefined;
}

/** Of hosts, what the rows of a live view begin with: those that are in trouble first. */
export function byTrouble(hosts: readonly LiveHost[]): readonly LiveHost[] {
  const isFine = ({ state }: HostNow): boolean => state === 'running' || state === 'finished';
  const now = hosts.map((host) => ({ host, fine: isFine(host.report()) }));
  return now.sort((a, b) => Number(a.fine) - Number(b.fine)).map(({ host }) => host);
}
