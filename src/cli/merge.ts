import { resolve } from 'node:path';
import { makeFolder, removeEmptyFolders } from '../files/make-folder.ts';
import { fileCause, isFileError } from '../files/system-error.ts';
import { runFolderName } from '../outlets/folder/name.ts';
import { type FolderPlace, ResultFolder, ResultFolderError } from '../outlets/folder/result-folder.ts';
import { JunitFile } from '../outlets/junit-file.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import type { Summary } from '../results/summary/summary.ts';
import { mergedStart, mergeShares } from '../shares/merge/merge-shares.ts';
import { readShareSet } from '../shares/merge/share-set.ts';
import type { SurveyedShare } from '../shares/merge/surveyed-share.ts';
import { RecordError } from '../shares/record/read-record.ts';
import { escapeControls } from '../text/safe-text.ts';
import type { Io } from './io/io.ts';
import type { CommandCode } from './options/command-code.ts';
import { outputFaults, outputFiles, RESULTS_FOLDER, runFiles } from './options/output-files.ts';
import { withWrittenScenario } from './run/given-scenario.ts';
import { printResult } from './run/print-result.ts';

/** Arguments of `merge`. */
export interface MergeArgs {
  readonly dirs: readonly string[];
  readonly out?: string | undefined;
  readonly json?: boolean | undefined;
  readonly junit?: string | undefined;
  readonly open?: boolean | undefined;
  readonly 'accept-limited'?: boolean | undefined;
}

/** `fleetstorm merge DIR DIR ...`: makes one run of its shares. */
export function mergeCommand(io: Io, exit: (code: number) => void): CommandCode<MergeArgs> {
  return {
    builder: (yargs) =>
      yargs
        .positional('dirs', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'Folders of all shares of the run, in any order',
        })
        .option('out', {
          type: 'string',
          describe: 'Folder for the result files: new, empty, or of an earlier run [default: results/<time>-<name>]',
        })
        .option('json', { type: 'boolean', default: false, describe: 'Only the summary, as JSON on stdout' })
        .option('junit', { type: 'string', describe: 'Write the thresholds into this file, as JUnit test cases' })
        .option('open', { type: 'boolean', describe: 'Open report.html in the browser' })
        .option('accept-limited', {
          type: 'boolean',
          describe: 'Do not exit with 97 if this tool, not the target, was the limit; affects nothing else',
        })
        .example('$0 merge share-1 share-2 share-3 share-4 --out results/storm', 'One run, as if played by one process')
        .epilog(
          'The shares are those of `fleetstorm run FILE --shard K/N`. The exit code is that of the whole run, thresholds included; 2 if the folders are not all shares of one run.',
        ),
    handler: async (args) => exit(await runMerge(io, args)),
  };
}

/** Runs the command; the exit code says how the whole run went, or is 2 if the shares are not one run or a result is missing. */
export async function runMerge(io: Io, args: MergeArgs): Promise<number> {
  const outputs = outputFiles({ junit: args.junit });
  const places = await outputFaults(outputs, args.dirs.flatMap(runFiles), args.out);
  const set = await readShareSet(args.dirs);
  const faults = [...places, ...(set.ok ? [] : set.faults)];
  if (!set.ok || faults.length > 0) {
    io.stderr.write(faults.map((fault) => `${escapeControls(fault)}\n`).join(''));
    io.stderr.write('Nothing was merged\n');
    return EXIT_CODES.usage;
  }
  const made: string[] = [];
  try {
    if (args.out !== undefined) made.push(...(await makeFolder(args.out)));
    return await merged(io, args, set.shares);
  } catch (error) {
    const why = causeOf(error);
    io.stderr.write(`The shares could not be merged: ${escapeControls(why)}\n`);
    await removeEmptyFolders(made);
    return EXIT_CODES.usage;
  }
}

async function merged(io: Io, args: MergeArgs, shares: readonly SurveyedShare[]): Promise<number> {
  const folder = await ResultFolder.create(placeOf(args, shares), shares[0]?.head.yaml ?? '');
  const junit =
    args.junit === undefined ? undefined : new JunitFile(args.junit, (words) => io.stderr.write(`${words}\n`));
  let summary: Summary;
  try {
    folder.started({ beginsAt: mergedStart(shares) });
    const whole = await mergeShares(shares, {
      onInterval: (line, interval) => folder.interval(line, interval),
      acceptsLimited: args['accept-limited'],
    });
    summary = withWrittenScenario(whole, folder.path, shares[0]?.head.yaml);
    await folder.ended();
    await folder.finished(summary);
  } finally {
    await folder.close();
  }
  const printed = { isJson: args.json === true, folder: folder.path, unwritten: () => folder.unwritten };
  await printResult(io, summary, printed, args.open === true);
  await junit?.finished(summary);
  const isWhole = folder.unwritten === undefined && junit?.isWritten !== false;
  return isWhole || summary.exitCode !== EXIT_CODES.passed ? summary.exitCode : EXIT_CODES.usage;
}

function placeOf({ out, junit }: MergeArgs, shares: readonly SurveyedShare[]): FolderPlace {
  const name = shares[0]?.head.plan.name ?? '';
  if (out === undefined) return { parent: resolve(RESULTS_FOLDER), name: runFolderName(name, mergedStart(shares)) };
  return { path: resolve(out), beside: junit === undefined ? [] : [resolve(junit)] };
}

/** Describes known errors of the environment; anything else is a bug and is rethrown. */
function causeOf(error: unknown): string {
  if (error instanceof ResultFolderError || error instanceof RecordError) return error.message;
  if (isFileError(error)) return fileCause(error);
  throw error;
}
