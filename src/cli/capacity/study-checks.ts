import { type MachineLimits, readMachineLimits } from '../../host/machine/machine-limits.ts';
import { portChurn } from '../../host/machine/preflight.ts';
import { processCount } from '../../host/machine/process-count.ts';
import { sourceRefusals } from '../../host/machine/source-check.ts';
import { probeTarget } from '../../host/probe/probe.ts';
import { EXIT_CODES } from '../../results/exit-codes.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { type AskedSearch, askedSearch } from '../../study/asked/asked-search.ts';
import { cappedSearch, mostOnlineOf } from '../../study/asked/capped-search.ts';
import { DeviceSupply } from '../../study/hold/device-supply.ts';
import type { Io } from '../io/io.ts';
import { loadScenarioFile } from '../options/scenario-options.ts';
import { outputFaultsOf, type RefusedRun, refused, remoteRefusal } from '../run/run-checks.ts';
import { askedProcesses } from '../run/run-options.ts';
import { probeText } from '../text/probe-text.ts';
import type { CapacityArgs } from './capacity-options.ts';

/** A study that passed all checks. */
export interface CheckedStudy {
  readonly scenario: Scenario;
  readonly asked: AskedSearch;
  readonly supply: DeviceSupply;
  readonly limits: MachineLimits;
  readonly processes: number;
  /** The most sessions that may be online at once; undefined: any number. */
  readonly mostOnline: number | undefined;
  readonly warnings: readonly string[];
}

/** All checks before the first packet of a study. Refusals go to stderr. */
export async function checkStudy(io: Io, args: CapacityArgs): Promise<CheckedStudy | RefusedRun> {
  const loaded = await loadScenarioFile(io, args);
  if (loaded === undefined) return { exitCode: EXIT_CODES.usage };
  const { scenario, warnings } = loaded;
  const remote = remoteRefusal(scenario, args['allow-remote']);
  if (remote !== undefined) return refused(io, `${remote}\n`, EXIT_CODES.preflightRefused);
  const asked = askedSearch({ ...args, goals: args.goal }, scenario);
  const faults = [
    ...('faults' in asked ? asked.faults : []),
    ...(await outputFaultsOf({ file: args.file, out: args.out, junit: args.junit }, scenario)),
  ];
  if ('faults' in asked || faults.length > 0)
    return refused(io, `${faults.join('\n')}\nNothing was run\n`, EXIT_CODES.usage);
  const limits = await readMachineLimits();
  const processes = processCount(scenario, limits, askedProcesses(args.processes), args.workers);
  const supply = new DeviceSupply(scenario, args['fixed-devices'] === true);
  const mostOnline = mostOnlineOf(scenario, limits, processes);
  const sources = await sourceRefusals(scenario, limits.addresses);
  if (sources.length > 0) return refused(io, `${sources.join('\n')}\nNothing was run\n`, EXIT_CODES.preflightRefused);
  const capped = cappedSearch({ scenario, asked, supply, mostOnline });
  if ('fault' in capped) return refused(io, `${capped.fault}\nNothing was run\n`, EXIT_CODES.preflightRefused);
  const unreachable = args.probe === false ? [] : await probeTarget(scenario, io.env);
  if (unreachable.length > 0) return refused(io, probeText(unreachable), EXIT_CODES.targetUnreachable);
  const doubts = [...asked.notices, ...capped.warnings, ...portWarnings(capped.asked, scenario, limits)];
  io.stderr.write(doubts.map((words) => `warning: ${words}\n`).join(''));
  const study = { scenario, asked: capped.asked, supply, limits, processes, mostOnline };
  return { ...study, warnings: [...warnings, ...doubts] };
}

/** Sessions come and go, and each leaves a port that rests for a while. */
function portWarnings({ kind, search }: AskedSearch, scenario: Scenario, limits: MachineLimits): string[] {
  const churn = kind === 'rate' ? portChurn(scenario, limits) : undefined;
  if (churn === undefined || search.to <= churn.perSec) return [];
  return [
    `above ${churn.perSec.toLocaleString('en-US')} logins/s local ports may run out: ${churn.words}. Give \`sources\` more addresses, widen net.ipv4.ip_local_port_range, or set net.ipv4.tcp_tw_reuse to 1`,
  ];
}
