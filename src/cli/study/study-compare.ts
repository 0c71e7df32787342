import { basename, resolve } from 'node:path';
import { type ReadStudy, readStudy } from '../../archive/read-study.ts';
import { gateExitCode } from '../../report/compare/comparison-report.ts';
import { checkGates, type Gate, type GateResult, REGRESSION_GATE, readGate } from '../../report/compare/gate.ts';
import { loadPageAssets } from '../../report/html/assets.ts';
import { type ComparedStudy, type JudgedStudies, judgedStudies } from '../../report/study/study-comparison.ts';
import { renderStudyComparisonPage } from '../../report/study/study-comparison-page.ts';
import { studyComparisonReport } from '../../report/study/study-comparison-report.ts';
import { renderStudyComparison } from '../../report/study/study-comparison-text.ts';
import { studyGateNames, studyRegressions } from '../../report/study/study-gates.ts';
import { EXIT_CODES } from '../../results/exit-codes.ts';
import type { StudySummary } from '../../results/study/study-summary.ts';
import { version } from '../../run/version.ts';
import { letterOf, pageWritten, playedScenario } from '../compare/compared-files.ts';
import type { Io } from '../io/io.ts';
import { styleOf } from '../io/terminal-style.ts';

/** What `compare` may be asked for. */
export interface StudyCompareArgs {
  readonly dirs: readonly string[];
  readonly html?: string | undefined;
  readonly 'fail-if': readonly string[];
  readonly all: boolean;
  readonly json?: boolean | undefined;
  /** A share; 0: what both precisions allow is all that is allowed. */
  readonly tolerance: number;
}

/** `fleetstorm compare` of studies; undefined if none of the folders is a study. 99 if a condition holds, 2 if they could not be compared. */
export async function runStudyCompare(io: Io, args: StudyCompareArgs): Promise<number | undefined> {
  const read = await Promise.all(args.dirs.map((dir) => readStudy(dir)));
  if (read.every((one) => one === undefined)) return undefined;
  const studies = await readStudies(io, args.dirs, read);
  const [first] = studies ?? [];
  if (studies === undefined || first === undefined) return EXIT_CODES.usage;
  const gates = readGates(io, args['fail-if'], first.study);
  if (gates === undefined) return EXIT_CODES.usage;
  const judged = judgedStudies(studies, args.tolerance);
  const results = checked(judged, gates);
  io.stdout.write(
    args.json === true
      ? `${JSON.stringify(studyComparisonReport(judged, results, version), null, 2)}\n`
      : renderStudyComparison(judged, results, styleOf(io, io.stdout), args.all),
  );
  const page = async (): Promise<string> => renderStudyComparisonPage(judged, results, await loadPageAssets());
  const isWritten = args.html === undefined || (await pageWritten(io, args.html, page));
  return isWritten ? gateExitCode(results) : EXIT_CODES.usage;
}

/** Undefined, after telling all reasons, if not all of them are studies. */
async function readStudies(
  io: Io,
  dirs: readonly string[],
  read: readonly (ReadStudy | undefined)[],
): Promise<ComparedStudy[] | undefined> {
  const faults = [
    ...(dirs.length < 2 ? ['Name at least two studies: fleetstorm compare results/before results/after'] : []),
    ...read.flatMap((one, at) => {
      if (one === undefined) return [`${dirs[at]} is not a study: a study is compared with studies`];
      return one.ok ? [] : [one.fault];
    }),
  ];
  if (faults.length > 0) {
    io.stderr.write(faults.map((fault) => `${fault}\n`).join(''));
    return undefined;
  }
  const studies: ComparedStudy[] = [];
  for (const [at, one] of read.entries()) {
    const dir = dirs[at] ?? '';
    if (one?.ok !== true) continue;
    const scenario = await playedScenario(io, dir);
    studies.push({ letter: letterOf(at), name: basename(resolve(dir)), study: one.study, scenario });
  }
  return studies;
}

/** The conditions that were asked for. */
interface AskedGates {
  readonly gates: readonly Gate<StudySummary>[];
  readonly hasRegression: boolean;
}

/** Undefined when one is invalid, after telling all that are. */
function readGates(io: Io, sources: readonly string[], { search }: StudySummary): AskedGates | undefined {
  const written = sources.map((source) => source.trim());
  const names = studyGateNames(search);
  const parsed = written.filter((source) => source !== REGRESSION_GATE).map((source) => readGate(source, names));
  for (const one of parsed) if (!one.ok) io.stderr.write(`--fail-if ${one.fault}\n`);
  const gates = parsed.flatMap((one) => (one.ok ? [one.gate] : []));
  return gates.length === parsed.length ? { gates, hasRegression: written.includes(REGRESSION_GATE) } : undefined;
}

function checked(judged: JudgedStudies, { gates, hasRegression }: AskedGates): GateResult[] {
  const lettered = judged.studies.map(({ letter, study }) => ({ letter, summary: study }));
  return [...checkGates(gates, lettered), ...(hasRegression ? studyRegressions(judged) : [])];
}
