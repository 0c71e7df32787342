import { join } from 'node:path';
import type { ReadStudy } from '../../archive/read-study.ts';
import { replaceFile } from '../../files/replace-file.ts';
import { fileCause } from '../../files/system-error.ts';
import { REPORT_FILE } from '../../report/html/write.ts';
import { studyReport } from '../../report/study/study-page.ts';
import { renderStudy } from '../../report/study/study-text.ts';
import { EXIT_CODES } from '../../results/exit-codes.ts';
import type { Io } from '../io/io.ts';
import { openReport } from '../io/open-file.ts';
import { styleOf } from '../io/terminal-style.ts';

/** What `report` may be asked for. */
export interface StudyReportArgs {
  readonly dir: string;
  readonly json?: boolean;
  readonly csv?: string | undefined;
  readonly junit?: string | undefined;
  readonly open?: boolean | undefined;
}

/** `fleetstorm report DIR` of a study: shows it again and writes its page. */
export async function runStudyReport(io: Io, args: StudyReportArgs, read: ReadStudy): Promise<number> {
  const faults = [
    ...(read.ok ? [] : [read.fault]),
    ...(args.csv === undefined ? [] : ['--csv: a study has no timeline; its holds are in summary.json']),
    ...(args.junit === undefined
      ? []
      : ['--junit: a study has no thresholds; use the exit code of `capacity --expect`']),
  ];
  if (!read.ok || faults.length > 0) {
    io.stderr.write(faults.map((fault) => `${fault}\n`).join(''));
    return EXIT_CODES.usage;
  }
  const { study } = read;
  io.stdout.write(
    args.json === true ? `${JSON.stringify(study, null, 2)}\n` : renderStudy(study, styleOf(io, io.stdout)),
  );
  const path = join(args.dir, REPORT_FILE);
  try {
    await replaceFile(path, await studyReport(args.dir, study));
    io.stderr.write(`Wrote ${path}\n`);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    io.stderr.write(`${path} could not be written: ${fileCause(error)}\n`);
  }
  if (args.open === true) await openReport(io, path);
  return EXIT_CODES.passed;
}
