import { join } from 'node:path';
import { readStudy } from '../archive/read-study.ts';
import { readSummary } from '../archive/read-summary.ts';
import { replaceFile } from '../files/replace-file.ts';
import { fileCause } from '../files/system-error.ts';
import { writeFault } from '../files/write-check.ts';
import { writeCsv } from '../report/csv.ts';
import { htmlReport, REPORT_FILE } from '../report/html/write.ts';
import { writeJunit } from '../report/junit.ts';
import { onlineCounts } from '../report/text/online-counts.ts';
import { renderSummary } from '../report/text/summary-text.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import type { Summary } from '../results/summary/summary.ts';
import type { Io } from './io/io.ts';
import { openReport } from './io/open-file.ts';
import { styleOf } from './io/terminal-style.ts';
import type { CommandCode } from './options/command-code.ts';
import { clashesOf, outputFiles, runFiles } from './options/output-files.ts';
import { runStudyReport } from './study/study-report.ts';

/** Arguments of `report`. */
export interface ReportArgs {
  readonly dir: string;
  readonly json?: boolean;
  /** Folder for the CSV files; the run's own when empty. */
  readonly csv?: string | undefined;
  readonly junit?: string | undefined;
  readonly open?: boolean | undefined;
}

/** `fleetstorm report DIR`: shows a finished run again. */
export function reportCommand(io: Io, exit: (code: number) => void): CommandCode<ReportArgs> {
  return {
    builder: (yargs) =>
      yargs
        .positional('dir', { type: 'string', demandOption: true, describe: 'Folder of the run or of the study' })
        .option('json', { type: 'boolean', default: false, describe: 'Print the summary as JSON' })
        .option('csv', {
          type: 'string',
          describe:
            'Write timeline.csv, distributions.csv and never-online.csv, or holds.csv and windows.csv of a study, into this folder [default: that of the run]',
        })
        .option('junit', {
          type: 'string',
          describe: 'Write the thresholds, or the goals of a study, into this file, as JUnit test cases',
        })
        .option('open', { type: 'boolean', describe: 'Open report.html in the browser' })
        .example('$0 report results/2026-01-02T03-04-05-quickstart', 'The same summary as at the end of the run')
        .example('$0 report results/2026-01-02T03-04-05-quickstart --csv', 'The same, and tables for a spreadsheet')
        .example('$0 report results/2026-01-02T03-04-05-quickstart --open', 'The same, and its page in the browser'),
    handler: async (args) => exit(await runReport(io, args)),
    bare: ['csv'],
  };
}

/** Runs the command. The exit code is 0 if the run could be shown, whatever its own was, and 2 if it or a requested file could not. */
export async function runReport(io: Io, args: ReportArgs): Promise<number> {
  const study = await readStudy(args.dir);
  if (study !== undefined) return await runStudyReport(io, args, study);
  const asked = outputFiles({ junit: args.junit });
  const clashes = await clashesOf(asked, runFiles(args.dir));
  const read = await readSummary(args.dir);
  if (clashes.length > 0 || !read.ok) {
    for (const fault of [...clashes, ...(read.ok ? [] : [read.fault])]) io.stderr.write(`${fault}\n`);
    return EXIT_CODES.usage;
  }
  const { summary, remark } = read;
  io.stdout.write(
    args.json === true
      ? `${JSON.stringify(summary, null, 2)}\n`
      : renderSummary(summary, styleOf(io, io.stdout), await onlineCounts(args.dir)),
  );
  if (remark !== undefined) io.stderr.write(`${remark}\n`);
  const wasWritten = [
    await pageWritten(io, args.dir, summary),
    args.csv === undefined || (await csvWritten(io, args, summary)),
    args.junit === undefined || (await junitWritten(io, args.junit, summary)),
  ];
  if (args.open === true) await openReport(io, join(args.dir, REPORT_FILE));
  return wasWritten.every((is) => is) ? EXIT_CODES.passed : EXIT_CODES.usage;
}

/** The page was not asked for, so a folder that is not writable only causes a message. False if the run's files cannot be read. */
async function pageWritten(io: Io, dir: string, summary: Summary): Promise<boolean> {
  const path = join(dir, REPORT_FILE);
  let page: string;
  try {
    page = await htmlReport(dir, summary);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    io.stderr.write(`${path} could not be written: ${fileCause(error)}\n`);
    return false;
  }
  await told(io, path, () => replaceFile(path, page));
  return true;
}

const TABLES = 'timeline.csv and distributions.csv';

async function csvWritten(io: Io, { dir, csv }: ReportArgs, summary: Summary): Promise<boolean> {
  const into = csv || dir;
  const files = summary.neverOnline === undefined ? TABLES : 'timeline.csv, distributions.csv and never-online.csv';
  return await told(io, `${files} in ${into}`, () => writeCsv(dir, into, summary));
}

async function junitWritten(io: Io, path: string, summary: Summary): Promise<boolean> {
  const fault = await writeFault(path);
  if (fault === undefined) return await told(io, path, () => writeJunit(summary, path));
  io.stderr.write(`${path} could not be written: ${fault}\n`);
  return false;
}

/** Writes a file and says so; if it could not be written, says that, and the others are still written. */
async function told(io: Io, name: string, write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    io.stderr.write(`Wrote ${name}\n`);
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    io.stderr.write(`${name} could not be written: ${fileCause(error)}\n`);
    return false;
  }
}
