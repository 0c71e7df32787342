import type { LoginPolicy } from '../../device/auth/auth.ts';
import type { Fleet } from '../../device/fleet.ts';
import { generatedDeviceName } from '../../device/identity.ts';
import { BASE_DESCRIPTORS, descriptorsNeeded } from '../../host/machine/descriptor-need.ts';
import type { MachineLimits } from '../../host/machine/machine-limits.ts';
import { type AskedProcesses, processCount } from '../../host/machine/process-count.ts';
import { workerCount } from '../../host/machine/worker-count.ts';
import { addressOf } from '../../link/failures.ts';
import type { Part } from '../../plan/split.ts';
import { mostAtOneAddress } from '../../plan/spread.ts';
import type { FleetFigures, PlanFigures } from '../../scenario/plan-figures.ts';
import type { Scenario, Target } from '../../scenario/scenario.ts';
import { sessionCount } from '../../scenario/session-count.ts';
import { mqttWords, SPREAD_WORDS } from '../../scenario/target-words.ts';
import { transportOf } from '../../scenario/transport.ts';
import { counted, grouped } from '../../text/counts.ts';
import { exactRate, formatUs } from '../../time/units.ts';
import { capacityFacts } from './capacity-text.ts';
import { onConnectFacts } from './on-connect-text.ts';
import { eventFacts, type Fact, reconnectFacts } from './plan-storm-text.ts';

/** What a run needs of the machine. */
export interface Needs {
  readonly workers: number;
  /** Whether their number was asked for, whatever the scenario says. */
  readonly isAsked?: boolean;
  readonly processes: number;
  /** The share that is played; undefined: all of it. */
  readonly part?: Part | undefined;
  /** Of the fullest of the run's processes; the emulator's process needs one per session too. */
  readonly descriptors: number;
  readonly localPorts: number;
}

/** The threads and processes that were asked for; undefined: none in particular. */
export interface AskedThreads {
  readonly workers?: number | undefined;
  readonly processes?: AskedProcesses | undefined;
  /** The share to be played; undefined: all of it. */
  readonly part?: Part | undefined;
}

/** What a run needs at most: with every session online at once. */
export function needsOf(
  scenario: Scenario,
  figures: PlanFigures,
  machine: MachineLimits,
  asked: AskedThreads = {},
): Needs {
  const processes = processCount(scenario, machine, asked.processes, asked.workers, asked.part);
  const workers = workerCount(scenario, asked.workers, machine.cores, processes, asked.part);
  const sessions = figures.total.started;
  return {
    workers,
    isAsked: asked.workers !== undefined,
    part: asked.part,
    processes,
    descriptors: descriptorsNeeded({ sessions, workers, processes }),
    localPorts: sessions,
  };
}

/** Width of the names of facts; more if a fleet's name is longer. */
const LEAST_NAME_WIDTH = 12;

/** In words, what the run would do: one fact per line. */
export function planText(scenario: Scenario, figures: PlanFigures, needs: Needs, machine: MachineLimits): string {
  const { total } = figures;
  const late = total.started < total.sessions ? `, of which ${grouped(total.started)} start within the run` : '';
  const facts: Fact[] = [
    ['scenario', `${scenario.name}, seed ${scenario.seed}`],
    ['duration', `${formatUs(scenario.durationUs)}, ${lastLoginText(total)}`],
    ['target', targetText(scenario.target)],
    ...spreadFacts(scenario.target),
    ...shareFacts(scenario, needs),
    ['sessions', `${grouped(total.sessions)} in ${counted(scenario.fleets.length, 'fleet')}${late}`],
    ...scenario.fleets.flatMap((fleet, index) => fleetFacts(fleet, scenario.target, figures.fleets[index])),
    ['peak', `${counted(total.peakPerSec, 'login')} in the busiest second`],
    ...eventFacts(scenario),
    ['workers', workersText(scenario, needs, machine)],
    [
      'descriptors',
      `about ${grouped(needs.descriptors)}${perProcess(needs)}${alsoEmulator(scenario, needs)}${allowed(machine.descriptors, 'a process may open')}`,
    ],
    ['local ports', portsText(scenario, needs, machine)],
    ...thresholdFacts(scenario),
    ...capacityFacts(scenario),
  ];
  const width = Math.max(LEAST_NAME_WIDTH, ...facts.map(([name]) => name.length));
  return facts.map(([name, text]) => `${name.padEnd(width)} ${text}\n`).join('');
}

function shareFacts(scenario: Scenario, { part }: Needs): Fact[] {
  if (part === undefined) return [];
  const all = grouped(sessionCount(scenario));
  return [['share', `${part.index} of ${part.of}; the counts below are its own, of ${all} sessions in all`]];
}

function lastLoginText({ lastUs }: FleetFigures): string {
  return lastUs === 0 ? 'all logins are planned at its start' : `the last login is planned at ${formatUs(lastUs)}`;
}

function fleetFacts(fleet: Fleet, target: Target, figures: FleetFigures | undefined): Fact[] {
  const { wrongSecretCount, unknownDeviceCount } = fleet.flaws;
  const { connectTimeoutUs, keepaliveSec, clean } = fleet.connection;
  const wrong = wrongSecretCount > 0 ? `, ${grouped(wrongSecretCount)} with a wrong secret` : '';
  const unknown = unknownDeviceCount > 0 ? `, ${grouped(unknownDeviceCount)} unknown to the service` : '';
  const peak = figures === undefined ? '' : `: at most ${grouped(figures.peakPerSec)} in a second`;
  return [
    [`  ${fleet.name}`, `${counted(fleet.devices.count, 'device')}, ${devicesText(fleet)}${wrong}${unknown}`],
    ['', `${arrivalText(fleet)}${peak}`],
    [
      '',
      `${authText(fleet)}, over ${transportOf(fleet, target).toUpperCase()}, keepalive ${keepaliveSec}s, ${clean ? 'clean' : 'not clean'}, connect timeout ${formatUs(connectTimeoutUs)}`,
    ],
    ...onConnectFacts(fleet),
    ...reconnectFacts(fleet),
  ];
}

function devicesText({ devices, name, productKey, auth }: Fleet): string {
  const product = productKey === undefined ? '' : `product ${productKey}, `;
  if (devices.kind === 'csv') {
    const listed = productKey === undefined && auth.mode !== 'password' ? 'products as listed, ' : product;
    return `${listed}from ${devices.path}`;
  }
  const last = devices.count > 1 ? ` to ${generatedDeviceName(name, devices.count - 1)}` : '';
  return `${product}${generatedDeviceName(name, 0)}${last}`;
}

function arrivalText({ connect }: Fleet): string {
  switch (connect.arrival) {
    case 'burst':
      return 'burst, all at once';
    case 'rate':
      return `rate, ${exactRate(connect.ratePerSec)}`;
    case 'ramp':
      return `ramp, evenly over ${formatUs(connect.overUs)}`;
    case 'poisson':
      return `poisson, at random with ${exactRate(connect.ratePerSec)} on average`;
    case 'stages': {
      const overUs = connect.stages.reduce((sum, stage) => sum + stage.overUs, 0);
      return `${counted(connect.stages.length, 'stage')} over ${formatUs(overUs)}`;
    }
    default:
      return unreachable(connect);
  }
}

/** When a session asks for a new token. */
const NEW_LOGIN: Readonly<Record<LoginPolicy, string>> = {
  'on-refusal': 'logs in again when its token is refused',
  never: 'never logs in again',
  always: 'logs in before every attempt',
};

function authText({ auth }: Fleet): string {
  if (auth.mode === 'direct') return `direct, ${auth.signmethod}, timestamp ${auth.timestamp}`;
  if (auth.mode === 'https-token') {
    return `HTTPS token, ${auth.signmethod}, timestamp ${auth.timestamp}, ${NEW_LOGIN[auth.login]}`;
  }
  const sent = [auth.username === undefined ? [] : 'user name', auth.password === undefined ? [] : 'password'].flat();
  return sent.length === 0 ? 'without user name and password' : `with ${sent.join(' and ')}`;
}

function targetText(target: Target): string {
  if (target.kind === 'emulator') {
    const { listen, profile } = target;
    const where = listen === undefined ? '' : `, open to other machines at ${listen.reachableAs ?? listen.host}`;
    return `the embedded emulator, profile ${profile.name}${where}`;
  }
  const mqtt = mqttWords(target);
  return target.auth === undefined ? mqtt : `${mqtt}, login at ${addressOf(target.auth)}`;
}

/** How devices are spread, if there is more than one address. */
function spreadFacts(target: Target): Fact[] {
  if (target.kind === 'emulator' || target.addresses.length === 1) return [];
  return [['spread', `${target.spread}: ${SPREAD_WORDS[target.spread]}`]];
}

function workersText({ workers }: Scenario, needs: Needs, { cores }: MachineLimits): string {
  const threads = `${counted(needs.workers, 'thread')}${needs.processes === 1 ? '' : ` in ${needs.processes} processes`}`;
  if (needs.isAsked === true) return `${threads} (as \`--workers\` asks)`;
  return `${threads}${workers === 'auto' && needs.processes === 1 ? ` (auto: ${counted(cores, 'core')}, one left free)` : ''}`;
}

function perProcess({ processes }: Needs): string {
  return processes === 1 ? '' : ' in the fullest process';
}

function alsoEmulator({ target }: Scenario, { processes, localPorts }: Needs): string {
  if (target.kind !== 'emulator') return '';
  return `, and ${processes === 1 ? 'as many' : grouped(localPorts + BASE_DESCRIPTORS)} in the emulator's process`;
}

/** A port of a source serves one connection to each address of the target. */
function portsText({ target }: Scenario, { localPorts }: Needs, machine: MachineLimits): string {
  const addresses = target.kind === 'emulator' ? 1 : target.addresses.length;
  const limit = allowed(machine.localPorts, 'a source address has');
  if (addresses === 1) return `${grouped(localPorts)}${limit}`;
  return `${grouped(mostAtOneAddress(localPorts, addresses))} to each of ${addresses} addresses${limit}`;
}

function allowed(limit: number | undefined, what: string): string {
  return limit === undefined ? '' : `; ${what} ${grouped(limit)}`;
}

function thresholdFacts({ thresholds }: Scenario): [string, string][] {
  if (thresholds.length === 0) return [['thresholds', 'none']];
  return thresholds.map(({ source, abort }, index) => {
    const from = abort === undefined || abort.graceUs === 0 ? '' : ` after ${formatUs(abort.graceUs)}`;
    return [index === 0 ? 'thresholds' : '', abort === undefined ? source : `${source}; stops the run${from}`];
  });
}

function unreachable(connect: never): never {
  throw new TypeError(`unknown arrival ${JSON.stringify(connect)}`);
}
