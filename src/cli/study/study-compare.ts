import { basename, resolve } from 'node:path';
import { readStudy } from '../../archive/read-study.ts';
import { type ComparedStudy, studyDifference } from '../../report/study/study-comparison.ts';
import { renderStudyComparison } from '../../report/study/study-comparison-text.ts';
import { EXIT_CODES } from '../../results/exit-codes.ts';
import type { Io } from '../io/io.ts';
import { styleOf } from '../io/terminal-style.ts';

/** What `compare` may be asked for. */
export interface StudyCompareArgs {
  readonly dirs: readonly string[];
  readonly html?: string | undefined;
  readonly 'fail-if': readonly string[];
}

/** `fleetstorm compare` of studies; undefined if none of the folders is a study. 99 if one is worse and `regression` is a gate. */
export async function runStudyCompare(
  io: Io,
  args: StudyCompareArgs,
  letterOf: (index: number) => string,
): Promise<number | undefined> {
  const read = await Promise.all(args.dirs.map((dir) => readStudy(dir)));
  if (read.every((one) => one === undefined)) return undefined;
  const gates = args['fail-if'].map((source) => source.trim());
  const faults = [
    ...(args.dirs.length < 2 ? ['Name at least two studies: fleetstorm compare results/before results/after'] : []),
    ...read.flatMap((one, at) => {
      if (one === undefined) return [`${args.dirs[at]} is not a study: a study is compared with studies`];
      return one.ok ? [] : [one.fault];
    }),
    ...gates.filter((gate) => gate !== 'regression').map((gate) => `--fail-if ${gate}: studies know only regression`),
    ...(args.html === undefined ? [] : ['--html: a comparison of studies has no page']),
  ];
  if (faults.length > 0) {
    io.stderr.write(faults.map((fault) => `${fault}\n`).join(''));
    return EXIT_CODES.usage;
  }
  const studies = read.flatMap((one, at): ComparedStudy[] =>
    one?.ok === true ? [{ letter: letterOf(at), name: basename(resolve(args.dirs[at] ?? '')), study: one.study }] : [],
  );
  io.stdout.write(renderStudyComparison(studies, styleOf(io, io.stdout)));
  const [first, ...others] = studies;
  const isWorse = first !== undefined && others.some((other) => studyDifference(first, other).judgement === 'worse');
  return gates.length > 0 && isWorse ? EXIT_CODES.thresholdFailed : EXIT_CODES.passed;
}
