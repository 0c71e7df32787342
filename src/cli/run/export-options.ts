import type { Argv } from 'yargs';
import { parseListenAddress } from '../../outlets/listen-address.ts';

/** What `run` exports besides its result files. */
export interface ExportArgs {
  readonly attempts?: string | undefined;
  readonly junit?: string | undefined;
  readonly prometheus?: string | undefined;
}

/** Adds the export options to `run`. */
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
      type: 'string',
      requiresArg: true,
      describe: 'Serve /metrics for Prometheus on [HOST:]PORT while the run lasts; HOST is 127.0.0.1 unless named',
    });
}

/** What is wrong with the arguments; undefined if they are fine. */
export function exportFault({ prometheus }: ExportArgs): string | undefined {
  const parsed = prometheus === undefined ? undefined : parseListenAddress(prometheus, '--prometheus');
  return parsed?.ok === false ? parsed.fault : undefined;
}

/** The port of `--dashboard [PORT]`: 0 (the system chooses) without a value; undefined if the text is not a port. */
export function dashboardPort(text: string): number | undefined {
  if (text === '') return 0;
  const port = Number(text);
  return /^\d+$/.test(text) && port <= 65_535 ? port : undefined;
}
