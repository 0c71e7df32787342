import { resolve } from 'node:path';
import { kernelId } from '../../host/kernel-counters.ts';
import { AttemptsFile } from '../../outlets/attempts/attempts-file.ts';
import { dashboardObserver } from '../../outlets/dashboard/dashboard-observer.ts';
import { type Dashboard, startDashboard } from '../../outlets/dashboard/dashboard-server.ts';
import { runFolderName } from '../../outlets/folder/name.ts';
import { type FolderPlace, ResultFolder } from '../../outlets/folder/result-folder.ts';
import { JunitFile } from '../../outlets/junit-file.ts';
import { parseListenAddress } from '../../outlets/listen-address.ts';
import { prometheusObserver } from '../../outlets/prometheus/prometheus-observer.ts';
import type { PrometheusServer } from '../../outlets/prometheus/prometheus-server.ts';
import type { Part } from '../../plan/split.ts';
import type { RunObserver } from '../../run/observer.ts';
import type { RunStop } from '../../run/run-stop.ts';
import { addressNames } from '../../scenario/address-names.ts';
import { effectiveYaml } from '../../scenario/effective.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { mqttWords } from '../../scenario/target-words.ts';
import { shareHead } from '../../shares/record/share-head.ts';
import { ShareRecord } from '../../shares/record/share-record.ts';
import type { Io } from '../io/io.ts';
import { outputFiles, RESULTS_FOLDER } from '../options/output-files.ts';
import { dashboardPort, type ExportArgs } from './export-options.ts';
import { OpenedTogether } from './opened-together.ts';
import type { RunView } from './run-view.ts';
import { liveRun, terminalObserver } from './terminal-observer.ts';

/** The arguments of `run` that ask for something to be shown or written. */
export interface OutletArgs extends ExportArgs {
  readonly out?: string | undefined;
  readonly json?: boolean | undefined;
  readonly dashboard?: string | undefined;
  /** Given if agents play the run. */
  readonly redis?: string | undefined;
}

/** Everything a run is shown on and written to, opened before its start. */
export interface RunOutlets {
  /** In the order in which they are notified. */
  readonly observers: readonly RunObserver[];
  /** Whether everything requested was written; known once the run has ended. */
  isWhole(): boolean;
}

/** What is played, and how much of it. */
export interface PlayedScenario {
  readonly scenario: Scenario;
  readonly part: Part | undefined;
  readonly startAt: Date | undefined;
}

/** What shows a run, and what ends it. */
export interface RunSurroundings {
  readonly view: RunView;
  readonly stop: RunStop;
}

/**
 * Opens everything that must be open before the run. If a file cannot be written or a port is not available, closes everything again and
 * rejects.
 */
export async function openOutlets(
  io: Io,
  args: OutletArgs,
  run: PlayedScenario,
  around: RunSurroundings,
): Promise<RunOutlets> {
  const { scenario } = run;
  const opened = new OpenedTogether();
  try {
    const page = await opened.add(openDashboard(args, run, around));
    const prometheus = await opened.add(openPrometheus(args, around));
    const attempts = await opened.add(openAttempts(args, scenario));
    const folder = await opened.add(ResultFolder.create(folderPlace(args, scenario), effectiveYaml(scenario)));
    const record = await opened.add(openRecord(run, folder.path));
    return runOutlets(io, args, around.view, { page, prometheus, attempts, folder, record });
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** What is open: the folder always, the rest if it was asked for. */
interface Opened {
  readonly page: Dashboard | undefined;
  readonly prometheus: PrometheusServer | undefined;
  readonly attempts: AttemptsFile | undefined;
  readonly folder: ResultFolder;
  readonly record: ShareRecord | undefined;
}

function runOutlets(io: Io, { json, junit: junitPath }: OutletArgs, view: RunView, opened: Opened): RunOutlets {
  const { page, prometheus, attempts, folder, record } = opened;
  const tell = (words: string): void => io.stderr.write(`${words}\n`);
  const junit = junitPath === undefined ? undefined : new JunitFile(junitPath, tell);
  const unwritten = (): string | undefined => lines(folder.unwritten, record?.unwritten);
  const printed = { isJson: json === true, folder: folder.path, unwritten };
  const observers: (RunObserver | undefined)[] = [
    attempts,
    record,
    folder,
    terminalObserver(io, view, printed),
    junit,
    page && dashboardObserver(page, folder.path),
    prometheus && prometheusObserver(prometheus, tell),
  ];
  return {
    observers: observers.filter((observer) => observer !== undefined),
    // The warnings of the summary say how many rows of attempts are missing, and why.
    isWhole: () => unwritten() === undefined && junit?.isWritten !== false && attempts?.isBroken !== true,
  };
}

/** Those that are there, one a line. */
function lines(...words: readonly (string | undefined)[]): string | undefined {
  const there = words.filter((line) => line !== undefined);
  return there.length === 0 ? undefined : there.join('\n');
}

async function openRecord({ scenario, part, startAt }: PlayedScenario, folder: string) {
  if (part === undefined) return undefined;
  const [head, kernel] = await Promise.all([shareHead(scenario, part, startAt), kernelId()]);
  return new ShareRecord(folder, head, kernel);
}

async function openDashboard(
  { dashboard }: OutletArgs,
  { scenario, part }: PlayedScenario,
  { view, stop }: RunSurroundings,
) {
  const port = dashboard === undefined ? undefined : dashboardPort(dashboard);
  if (port === undefined) return undefined;
  const onStop = (): void => {
    stop.askInOrder();
    view.stopping(stop.mode);
  };
  const page = await startDashboard({ port, run: liveRun(scenario, targetWords(scenario), part), onStop });
  view.announce(`Dashboard: ${page.url}`);
  return page;
}

async function openPrometheus({ prometheus }: OutletArgs, { view }: RunSurroundings) {
  const parsed = prometheus === undefined ? undefined : parseListenAddress(prometheus, '--prometheus');
  if (parsed?.ok !== true) return undefined;
  const { PrometheusServer } = await import('../../outlets/prometheus/prometheus-server.ts');
  const server = await PrometheusServer.start(parsed.address);
  view.announce(`Prometheus finds the run at ${server.whereabouts}`);
  return server;
}

async function openAttempts({ attempts, redis }: OutletArgs, scenario: Scenario) {
  const words = {
    fleets: scenario.fleets.map(({ name }) => name),
    addresses: addressNames(scenario),
    hasAgents: redis !== undefined,
  };
  return attempts === undefined ? undefined : await AttemptsFile.open(resolve(attempts), words);
}

function folderPlace({ out, attempts, junit }: OutletArgs, { name }: Scenario): FolderPlace {
  if (out === undefined) return { parent: resolve(RESULTS_FOLDER), name: runFolderName(name, new Date()) };
  return { path: resolve(out), beside: outputFiles({ attempts, junit }).map(({ path }) => resolve(path)) };
}

/** The target of a scenario, for people. */
export function targetWords({ target }: Pick<Scenario, 'target'>): string {
  return target.kind === 'emulator' ? `emulator (profile ${target.profile.name})` : mqttWords(target);
}
