import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { REPORT_FILE } from '../../report/html/write.ts';
import { onlineCounts } from '../../report/text/online-counts.ts';
import { renderSummary } from '../../report/text/summary-text.ts';
import type { Summary } from '../../results/summary/summary.ts';
import { printFileLine, shownPath } from '../io/file-link.ts';
import type { Io } from '../io/io.ts';
import { openReport } from '../io/open-file.ts';
import { styleOf } from '../io/terminal-style.ts';

/** What to print of a finished run. */
export interface PrintedRun {
  readonly isJson: boolean;
  /** The folder of its results. */
  readonly folder: string;
  /** Describes what could not be written; undefined if nothing is missing. */
  readonly unwritten: () => string | undefined;
}

/** Prints the figures first: they are complete whatever could not be written. */
export async function printResult(io: Io, summary: Summary, printed: PrintedRun, opensReport: boolean): Promise<void> {
  const { isJson, folder, unwritten } = printed;
  if (isJson) {
    io.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  } else {
    const text = renderSummary(summary, styleOf(io, io.stdout), await onlineCounts(folder));
    io.stdout.write(`${text}\nResults: ${shownPath(folder)}\n`);
  }
  const lacking = unwritten();
  if (lacking !== undefined) io.stderr.write(`${lacking}\n`);
  const report = join(folder, REPORT_FILE);
  if (!(await isThere(report))) return;
  if (!isJson) printFileLine(io, 'Report:  ', report);
  if (opensReport) await openReport(io, report);
}

/** Whether the report could be written; why not was told with the rest. */
async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
