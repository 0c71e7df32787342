import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { fileCause } from '../../files/cause.ts';
import { AttemptsFile } from '../../outlets/attempts/attempts-file.ts';
import { PrometheusServer } from '../../outlets/prometheus/server.ts';
import { writeJunit } from '../../report/junit.ts';
import type { Summary } from '../../results/results.ts';
import type { StartedRun } from '../../run/run.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Io } from '../io/io.ts';

/** What `run` gives beside its result files. */
export interface ExportArgs {
  readonly attempts?: string | undefined;
  readonly junit?: string | undefined;
  readonly prometheus?: number | undefined;
}

/** Adds the exports to `run`. */
export function exportOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('junit', {
      type: 'string',
      requiresArg: true,
      describe: 'Write the thresholds into this file, as JUnit test cases',
    })
    .option('attempts', {
      type: 'string',
      requiresArg: true,
      describe: 'Write every attempt into this CSV file, one row each',
    })
    .option('prometheus', {
      type: 'number',
      requiresArg: true,
      describe: 'Serve /metrics for Prometheus on this port of 127.0.0.1 while the run lasts',
    });
}

/** What is wrong with the arguments; undefined when they may be used. */
export function exportFault({ prometheus: port }: ExportArgs): string | undefined {
  const isPort = port === undefined || (Number.isInteger(port) && port >= 0 && port <= 65_535);
  return isPort ? undefined : '--prometheus takes a port of 0 to 65535; 0 lets the system choose';
}

/** The exports of one run that were asked for, open from before its start to after its end. */
export class RunExports {
  readonly attempts: AttemptsFile | undefined;
  readonly #args: ExportArgs;
  readonly #prometheus: PrometheusServer | undefined;

  private constructor(args: ExportArgs, attempts: AttemptsFile | undefined, prometheus: PrometheusServer | undefined) {
    this.#args = args;
    this.attempts = attempts;
    this.#prometheus = prometheus;
  }

  /** Opens what must be open before the run. Rejects when a file cannot be written or a port cannot be had. */
  static async open(args: ExportArgs, { name, fleets }: Scenario): Promise<RunExports> {
    const prometheus = args.prometheus === undefined ? undefined : await PrometheusServer.start(args.prometheus, name);
    try {
      const names = fleets.map((fleet) => fleet.name);
      const attempts = args.attempts === undefined ? undefined : await AttemptsFile.open(resolve(args.attempts), names);
      return new RunExports(args, attempts, prometheus);
    } catch (error) {
      await prometheus?.close();
      throw error;
    }
  }

  /** Where Prometheus finds the run; undefined when it is not asked for. */
  get url(): string | undefined {
    return this.#prometheus?.url;
  }

  started(run: StartedRun): void {
    this.#prometheus?.follow(() => run.figures());
  }

  /** Writes what is made of a finished run; false when something could not be written, which is told. */
  async finished(io: Pick<Io, 'stderr'>, summary: Summary): Promise<boolean> {
    const wasWritten = await this.#writeJunit(io, summary);
    await this.#prometheus?.finished((words) => io.stderr.write(`${words}\n`));
    // The warnings of the summary say how many rows it lacks, and why.
    return wasWritten && this.attempts?.isBroken !== true;
  }

  async close(): Promise<void> {
    await Promise.all([this.attempts?.close(), this.#prometheus?.close()]);
  }

  async #writeJunit(io: Pick<Io, 'stderr'>, summary: Summary): Promise<boolean> {
    const { junit } = this.#args;
    if (junit === undefined) return true;
    try {
      await writeJunit(summary, junit);
      return true;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      io.stderr.write(`${junit} could not be written: ${fileCause(error)}\n`);
      return false;
    }
  }
}
