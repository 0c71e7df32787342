import type { Argv } from 'yargs';

/** What `run` exports besides its result files. */
export interface ExportArgs {
  readonly attempts?: string | undefined;
  readonly junit?: string | undefined;
  readonly prometheus?: number | undefined;
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
      type: 'number',
      requiresArg: true,
      describe: 'Serve /metrics for Prometheus on this port of 127.0.0.1 while the run lasts',
    });
}

/** What is wrong with the arguments; undefined if they are fine. */
export function exportFault({ prometheus: port }: ExportArgs): string | undefined {
  const isPort = port === undefined || (Number.isInteger(port) && port >= 0 && port <= 65_535);
  return isPort ? undefined : '--prometheus takes a port of 0 to 65535; 0 lets the system choose';
}

/** The port of `--dashboard [PORT]`: 0 (the system chooses) without a value; undefined if the text is not a port. */
export function dashboardPort(text: string): number | undefined {
  if (text === '') return 0;
  const port = Number(text);
  return /^\d+$/.test(text) && port <= 65_535 ? port : undefined;
}
