import { execFileSync } from 'node:child_process';
import { cpus, platform, release, totalmem } from 'node:os';
import { version } from 'node:process';

/** What a benchmark ran on. */
export interface BenchMachine {
  readonly commit: string;
  readonly cpu: string;
  readonly memoryMiB: number;
  readonly system: string;
  readonly node: string;
  readonly mosquitto: string;
}

/** This machine and the versions on it; what is not there is an empty text. */
export function benchMachine(): BenchMachine {
  return {
    commit: firstLine('git', ['rev-parse', '--short', 'HEAD']),
    cpu: `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    system: `${platform()} ${release()}`,
    node: version,
    mosquitto: firstLine('/usr/sbin/mosquitto', ['-h']),
  };
}

function firstLine(program: string, args: string[]): string {
  try {
    return head(execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch (error) {
    // `mosquitto -h` prints its version and ends with 1.
    return error instanceof Error && 'stdout' in error ? head(String(error.stdout)) : '';
  }
}

function head(text: string): string {
  return text.split('\n')[0] ?? '';
}
