import { cpus } from 'node:os';

/** CPU time of all cores of this machine until now, in milliseconds. */
export interface CpuTime {
  readonly idle: number;
  readonly whole: number;
}

export function cpuTime(): CpuTime {
  const times = cpus().map(({ times }) => times);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return { idle: sum(times.map(({ idle }) => idle)), whole: sum(times.flatMap((time) => Object.values(time))) };
}

/** CPU time is counted in ticks: of less, no share can be told. */
const LEAST_MS = 500;

/** Share of the time between two instants in which the cores were idle; 1 if that is too short to tell. */
export function idleShare(from: CpuTime, to: CpuTime): number {
  const whole = to.whole - from.whole;
  return whole < LEAST_MS ? 1 : (to.idle - from.idle) / whole;
}
