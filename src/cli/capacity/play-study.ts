import { join, resolve } from 'node:path';
import { tuningIn } from '../../host/machine/tuning.ts';
import { machineHost } from '../../host/machine-host.ts';
import { runFolderName } from '../../outlets/folder/name.ts';
import type { FolderPlace } from '../../outlets/folder/result-folder.ts';
import { StudyFolder } from '../../outlets/study-folder.ts';
import { REPORT_FILE } from '../../report/html/write.ts';
import { renderStudy } from '../../report/study/study-text.ts';
import { EXIT_CODES } from '../../results/exit-codes.ts';
import type { StudySummary } from '../../results/study/study-summary.ts';
import type { RunStop } from '../../run/run-stop.ts';
import { effectiveYaml } from '../../scenario/effective.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { askedSurroundings } from '../../study/asked/asked-surroundings.ts';
import { openStudy } from '../../study/open-study.ts';
import { studySummary } from '../../study/study-summary.ts';
import { printFileLine, shownPath } from '../io/file-link.ts';
import type { Io } from '../io/io.ts';
import { openReport } from '../io/open-file.ts';
import { styleOf } from '../io/terminal-style.ts';
import { RESULTS_FOLDER } from '../options/output-files.ts';
import { targetWords } from '../run/run-outlets.ts';
import { exportStudy } from '../study/study-exports.ts';
import type { CapacityArgs } from './capacity-options.ts';
import { CapacityView } from './capacity-view.ts';
import type { CheckedStudy } from './study-checks.ts';

/** What ends a study early, and who is told. */
export interface StudyStop {
  readonly stop: RunStop;
  readonly onStop: (tell: (isAtOnce: boolean) => void) => void;
}

/** Plays a study, shows it, and writes its results; returns the exit code. */
export async function playStudy(
  io: Io,
  args: CapacityArgs,
  checked: CheckedStudy,
  { stop, onStop }: StudyStop,
): Promise<number> {
  const { scenario, asked, supply, limits, processes, mostOnline } = checked;
  const tuning = tuningIn(io.env);
  const host = machineHost({ env: io.env, limits, tuning: tuning.ok ? tuning.tuning : undefined }, processes);
  const folder = await StudyFolder.create(folderPlace(args, scenario), effectiveYaml(scenario));
  const around = askedSurroundings(checked, {
    target: targetWords(scenario),
    machine: (await host.resources()).machine,
    acceptsLimited: args['accept-limited'] === true,
    startedAt: new Date(),
  });
  const title = `${scenario.name} ${styleOf(io, io.stderr).unicode ? '→' : '->'} ${around.target}`;
  const shown = { title, goals: around.settings.goals, search: asked.kind, budgetSec: asked.budgetSec };
  const view = new CapacityView(io, shown, args.quiet === true || args.json, (_hold, soFar) =>
    folder.write(studySummary(soFar, around)),
  );
  onStop((isAtOnce) => view.stopping(isAtOnce));
  try {
    const order = { ...asked, scenario, host, workers: args.workers, allowedHosts: args['allow-remote'], supply };
    const { study, close } = await openStudy({ ...order, mostOnline, stop }, view);
    const summary = studySummary(await study.play().finally(close), around);
    await folder.finished(summary);
    view.close();
    return await printed(io, args, summary, folder);
  } finally {
    view.close();
    folder.close();
  }
}

/** Prints the answer first: it is complete whatever could not be written. */
async function printed(io: Io, args: CapacityArgs, summary: StudySummary, folder: StudyFolder): Promise<number> {
  const { path, unwritten } = folder;
  if (args.json) io.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  else {
    io.stdout.write(`${renderStudy(summary, styleOf(io, io.stdout))}\nResults: ${shownPath(path)}\n`);
    printFileLine(io, 'Report:  ', join(path, REPORT_FILE));
  }
  if (unwritten !== undefined) io.stderr.write(`${unwritten}\n`);
  const isWhole = (await exportStudy(io, args, summary, path)) && unwritten === undefined;
  if (args.open === true) await openReport(io, join(path, REPORT_FILE));
  return isWhole || summary.exitCode !== EXIT_CODES.passed ? summary.exitCode : EXIT_CODES.usage;
}

function folderPlace({ out }: CapacityArgs, { name }: Scenario): FolderPlace {
  if (out !== undefined) return { path: resolve(out) };
  return { parent: resolve(RESULTS_FOLDER), name: `${runFolderName(name, new Date())}-capacity` };
}
