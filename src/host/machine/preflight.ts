import { isLoopbackHost } from '../../link/socket/loopback.ts';
import { type Part, WHOLE_RUN } from '../../plan/split.ts';
import { mostAtOneAddress } from '../../plan/spread.ts';
import { type PlanFigures, planFigures } from '../../scenario/plan-figures.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { sessionCount } from '../../scenario/session-count.ts';
import { counted, grouped } from '../../text/counts.ts';
import { BASE_DESCRIPTORS, DESCRIPTORS_PER_WORKER, descriptorsNeeded, fullestProcess } from './descriptor-need.ts';
import type { MachineLimits } from './machine-limits.ts';
import { sourceRefusals } from './source-check.ts';
import { localSources, sourceAddresses } from './source-plan.ts';
import { emulatorHost } from './target-hosts.ts';
import { workerCount } from './worker-count.ts';

const KIB = 1_024;
/** Memory of an online session by client, of its counterpart in the embedded emulator, and of the program itself; measured, rounded up. */
const SESSION_BYTES = { mqttjs: 20 * KIB, lean: 6 * KIB } as const;
const EMULATED_SESSION_BYTES = 24 * KIB;
const PROGRAM_BYTES = 128 * KIB * KIB;

/** What a run needs of this machine, before its first packet. */
export interface Preflight {
  /** Why the run cannot work as planned: the arithmetic, and what to do. */
  readonly refusals: readonly string[];
  /** What may distort its measurements. */
  readonly hints: readonly string[];
}

/** Where the run goes, and with how many threads and processes. */
export interface PreflightRun {
  readonly workers: number;
  /** Processes that the workers are spread over; 1: this one. */
  readonly processes: number;
  /** Hosts of the target's addresses; the emulator's is a loopback address unless others are to reach it. */
  readonly targetHosts: readonly string[];
  /** The part of the run that is played here; all of it by default. */
  readonly part?: Part | undefined;
}

/** Compares what the plan needs, every session online at once, with what the machine allows. */
export function preflight(scenario: Scenario, plan: PlanFigures, machine: MachineLimits, run: PreflightRun): Preflight {
  const sessions = plan.total.started;
  return {
    refusals: [
      ...descriptorShortage(scenario, sessions, machine, run),
      ...emulatorShortage(scenario, sessions, machine, run),
      ...portShortage(scenario, sessions, machine, run),
      ...memoryShortage(scenario, sessions, machine, run),
    ],
    hints: [
      ...backlogHints(plan.total.peakPerSec, machine, run.targetHosts),
      ...failoverHints(scenario, sessions, machine, run),
    ],
  };
}

/**
 * The same for a scenario as it will be run, including whether its source addresses can be used; `asked` is the requested number of
 * threads, if any, `processes` how many processes they are spread over.
 */
export async function preflightOf(
  scenario: Scenario,
  machine: MachineLimits,
  asked: number | undefined,
  processes = 1,
  part?: Part | undefined,
): Promise<Preflight> {
  const { target } = scenario;
  const targetHosts = target.kind === 'emulator' ? [emulatorHost(target)] : target.addresses.map(({ host }) => host);
  const workers = workerCount(scenario, asked, machine.cores, processes, part);
  const run = { workers, processes, targetHosts, part };
  const { refusals, hints } = preflight(scenario, planFigures(scenario, part), machine, run);
  return { refusals: [...refusals, ...(await sourceRefusals(scenario, machine.addresses))], hints };
}

function descriptorShortage(
  { target }: Scenario,
  sessions: number,
  { descriptors }: MachineLimits,
  run: PreflightRun,
): string[] {
  const spread = { sessions, workers: run.workers, processes: run.processes };
  const needed = descriptorsNeeded(spread);
  if (descriptors === undefined || needed <= descriptors) return [];
  const own = fullestProcess(spread);
  const sum = `${grouped(own.sessions)} sessions + ${BASE_DESCRIPTORS} files + ${DESCRIPTORS_PER_WORKER} x ${own.workers} for threads = ${grouped(needed)}`;
  const limit =
    run.processes === 1
      ? `the process may open ${grouped(descriptors)}, which all its threads share`
      : `each of ${run.processes} processes may open ${grouped(descriptors)}`;
  // The emulator would lack them too.
  const spreading =
    target.kind === 'emulator'
      ? ''
      : `${run.processes === 1 ? ' spread the run over' : ' take more'} processes with \`--processes auto\`,`;
  return [
    `descriptors: ${sum}, and ${limit}. Raise it with \`ulimit -n ${needed}\`,${spreading} or run fewer devices.`,
  ];
}

/** The embedded emulator is one process, however many the tool takes. */
function emulatorShortage(
  { target }: Scenario,
  sessions: number,
  { descriptors }: MachineLimits,
  { processes }: PreflightRun,
): string[] {
  const needed = sessions + BASE_DESCRIPTORS;
  if (target.kind !== 'emulator' || processes === 1 || descriptors === undefined || needed <= descriptors) return [];
  const sum = `${grouped(sessions)} sessions + ${BASE_DESCRIPTORS} files = ${grouped(needed)}`;
  return [
    `descriptors of the emulator: ${sum}, and its one process may open ${grouped(descriptors)}. Raise it with \`ulimit -n ${needed}\`, run fewer devices, or aim at a real service.`,
  ];
}

/** A port of a source serves one connection to each address of the target. */
function portShortage(scenario: Scenario, sessions: number, machine: MachineLimits, run: PreflightRun): string[] {
  const room = portRoom(scenario, machine, run);
  const addresses = run.targetHosts.length;
  const most = mostAtOneAddress(sessions, addresses);
  if (room === undefined || most <= room.connections) return [];
  const spread =
    addresses === 1
      ? `${grouped(sessions)} sessions`
      : `${grouped(sessions)} sessions / ${addresses} addresses of the target = ${grouped(most)} to each,`;
  const wanted = Math.ceil(most / Math.max(1, room.ports));
  return [
    `ports: ${spread} from ${room.words}. Give \`sources\` ${counted(wanted, 'address', 'addresses')}, or widen net.ipv4.ip_local_port_range.`,
  ];
}

/** Devices that leave an address that fails go to the others, down to the last one. */
function failoverHints(scenario: Scenario, sessions: number, machine: MachineLimits, run: PreflightRun): string[] {
  const { target } = scenario;
  if (target.kind === 'emulator' || target.spread === 'by-device' || run.targetHosts.length === 1) return [];
  const room = portRoom(scenario, machine, run);
  if (room === undefined || sessions <= room.connections) return [];
  return [
    `if all ${grouped(sessions)} sessions come to be at one address of the target, as \`spread: ${target.spread}\` allows, ports run out: ${room.words}`,
  ];
}

/** How many connections to one address of the target there are ports for. */
interface PortRoom {
  /** Of one source. */
  readonly ports: number;
  readonly connections: number;
  /** The arithmetic. */
  readonly words: string;
}

/** Undefined if the machine does not say. */
function portRoom(
  scenario: Scenario,
  { localPorts }: MachineLimits,
  { targetHosts, part = WHOLE_RUN }: PreflightRun,
): PortRoom | undefined {
  if (localPorts === undefined) return undefined;
  const sources = sourceAddresses(localSources(scenario), sessionCount(scenario), targetHosts);
  const count = sources?.length ?? 1;
  // Parts that have the same source addresses share their ports (`shard-completion.ts`).
  const ports = sources === undefined ? localPorts : Math.floor(localPorts / part.of);
  const connections = count * ports;
  const from = counted(count, 'source address', 'source addresses');
  return { ports, connections, words: `${from} x ${grouped(ports)} ports = ${grouped(connections)}` };
}

/** How long a port rests after its connection (TIME_WAIT of Linux). */
const PORT_REST_SEC = 60;

/** A rate of logins above which ports run out when each session logs out again, and the arithmetic of it. */
export interface PortChurn {
  readonly perSec: number;
  readonly words: string;
}

/** Undefined where ports do not rest, as between addresses of this machine, or the machine does not say. */
export function portChurn(scenario: Scenario, machine: MachineLimits): PortChurn | undefined {
  const { target } = scenario;
  if (target.kind === 'emulator' || machine.reusesRestingPorts !== false) return undefined;
  const targetHosts = target.addresses.map(({ host }) => host);
  if (targetHosts.every(isLoopbackHost)) return undefined;
  const room = portRoom(scenario, machine, { workers: 1, processes: 1, targetHosts });
  if (room === undefined) return undefined;
  const places = targetHosts.length === 1 ? '' : ` x ${targetHosts.length} addresses of the target`;
  const perSec = Math.floor((room.connections * targetHosts.length) / PORT_REST_SEC);
  return { perSec, words: `${room.words}${places}, each of which rests for ${PORT_REST_SEC} s after its session` };
}

function memoryShortage(
  { client, target }: Scenario,
  sessions: number,
  { availableBytes }: MachineLimits,
  { processes }: PreflightRun,
): string[] {
  const perSession = SESSION_BYTES[client] + (target.kind === 'emulator' ? EMULATED_SESSION_BYTES : 0);
  const program = PROGRAM_BYTES * processes;
  const needed = program + sessions * perSession;
  if (availableBytes === undefined || needed <= availableBytes) return [];
  const sum = `${grouped(sessions)} sessions x ${perSession / KIB} KiB + ${mib(program)} = ${mib(needed)}`;
  const leaner = client === 'lean' ? '' : 'use `client: lean`, or ';
  return [
    `memory: ${sum}, and ${mib(availableBytes)} are available. To go on, ${leaner}run fewer devices or more machines.`,
  ];
}

/**
 * For a service on this machine: its backlog is capped at the system's, and a connection that does not fit waits a second for its next
 * SYN.
 */
function backlogHints(peakPerSec: number, { listenBacklog }: MachineLimits, targetHosts: readonly string[]): string[] {
  if (!targetHosts.some(isLoopbackHost) || listenBacklog === undefined || peakPerSec <= listenBacklog) return [];
  return [
    `${grouped(peakPerSec)} logins are planned in the busiest second, and the service's listen backlog is at most ${grouped(listenBacklog)} (net.core.somaxconn) and often 100 to 511: connections that do not fit wait 1 s for their next SYN, which shows as a tcp time of 1 s`,
  ];
}

function mib(bytes: number): string {
  return `${grouped(Math.ceil(bytes / KIB / KIB))} MiB`;
}
