import { fileCause } from '../../files/system-error.ts';
import { STUDY_TABLES, writeStudyCsv } from '../../report/study/study-csv.ts';
import { writeStudyJunit } from '../../report/study/study-junit.ts';
import type { StudySummary } from '../../results/study/study-summary.ts';
import type { Io } from '../io/io.ts';

/** What a study may be written to besides its folder. */
export interface StudyExportArgs {
  /** Folder for the tables; that of the study when empty. */
  readonly csv?: string | undefined;
  readonly junit?: string | undefined;
}

/** Writes the files that were asked for, and says so. False if one could not be written; the others are still written. */
export async function exportStudy(
  io: Pick<Io, 'stderr'>,
  { csv, junit }: StudyExportArgs,
  study: StudySummary,
  folder: string,
): Promise<boolean> {
  const into = csv === '' ? folder : csv;
  const wasWritten = [
    into === undefined || (await told(io, `${STUDY_TABLES} in ${into}`, () => writeStudyCsv(into, study))),
    junit === undefined || (await told(io, junit, () => writeStudyJunit(study, junit))),
  ];
  return wasWritten.every((is) => is);
}

async function told(io: Pick<Io, 'stderr'>, name: string, write: () => Promise<void>): Promise<boolean> {
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
