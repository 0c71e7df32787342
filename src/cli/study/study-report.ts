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
import { clashesOf, outputFiles, runFiles } from '../options/output-files.ts';
import { exportStudy, type StudyExportArgs } from './study-exports.ts';

/** What `report` may be asked for. */
export interface StudyReportArgs extends StudyExportArgs {
  readonly dir: string;
  readonly json?: boolean;
  readonly open?: boolean | undefined;
}

/** `fleetstorm report DIR` of a study: shows it again, and writes its page and what else is asked for. */
export async function runStudyReport(io: Io, args: StudyReportArgs, read: ReadStudy): Promise<number> {
  const faults = [
    ...(read.ok ? [] : [read.fault]),
    ...(await clashesOf(outputFiles({ junit: args.junit }), runFiles(args.dir))),
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
  const wasWritten = await exportStudy(io, args, study, args.dir);
  if (args.open === true) await openReport(io, path);
  return wasWritten ? EXIT_CODES.passed : EXIT_CODES.usage;
}
