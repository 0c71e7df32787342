import { type CredentialMaker, credentialMaker } from '../device/auth/credentials.ts';
import type { Fleet } from '../device/fleet.ts';
import { Greeting } from '../device/greeting.ts';
import { columnsOf } from '../device/list/list-rules.ts';
import { type Roster, withFlaws } from '../device/list/roster.ts';
import type { AttemptSink } from '../device/session/attempt-sink.ts';
import { KickGroup } from '../device/session/kick-group.ts';
import { Session } from '../device/session/session.ts';
import type { SessionContext, SessionPlace, StallClock } from '../device/session/session-context.ts';
import type { SessionState } from '../device/session/states.ts';
import type { Link, LinkFactory, LinkOptions } from '../link/port.ts';
import { type ProxyOptions, proxyAddress } from '../link/socket/proxy-header.ts';
import type { AddressRecorder } from '../metrics/measure/address-recorder.ts';
import type { FleetRecorder } from '../metrics/measure/recorder.ts';
import type { FleetGauges } from '../metrics/measure/snapshot.ts';
import { isDuplicated, sessionPosition } from '../plan/duplicates.ts';
import type { ReconnectPolicy } from '../plan/ladder.ts';
import { streamSeed } from '../plan/random.ts';
import type { LossWindow } from '../plan/timetable.ts';
import type { NeverOnlineDevice } from '../results/summary/never-online.ts';
import type { Clock } from '../time/clock.ts';
import type { TimerWheel } from '../time/wheel.ts';
import { ArrivalCursor } from './arrival-cursor.ts';
import { FleetAccess } from './fleet-access.ts';
import { endpointFor, FleetAddresses } from './fleet-addresses.ts';
import { rosterOf } from './fleet-roster.ts';
import { neverOnlineDevices } from './never-online.ts';
import type { FleetShard, ShardPlan } from './protocol.ts';
import { newGauges } from './watch/gauges.ts';
import { OnlineCount } from './watch/online-count.ts';
import type { WorkerAccess } from './worker-access.ts';

/** What a worker provides to a fleet. */
export interface WorkerServices {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly access: WorkerAccess;
  /** Undefined: the event loop is not watched. */
  readonly stalls?: StallClock | undefined;
  readonly lossWindows: readonly LossWindow[];
  /** Set once this machine has run out of descriptors or ports; shared by all fleets of the worker. */
  readonly means?: { isExhausted: boolean };
  /** Counts the sessions that are online, those of all fleets of the worker. */
  readonly online?: OnlineCount | undefined;
  /** Counts what happens at each address; undefined if the service has one. */
  readonly addresses?: AddressRecorder | undefined;
  /** Takes this fleet's raw attempts; undefined if they are not wanted. */
  readonly attempts?: AttemptSink | undefined;
}

/** One worker's share of a fleet: its devices, the arrivals still to come, the sessions made so far. */
export class WorkerFleet implements SessionContext {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly links: LinkFactory;
  readonly recorder: FleetRecorder;
  readonly attempts: AttemptSink | undefined;
  readonly stalls: StallClock | undefined;
  readonly gauges = newGauges();
  readonly policy: ReconnectPolicy;
  readonly waitStream: number;
  readonly lossWindows: readonly LossWindow[];
  readonly addresses: FleetAddresses | undefined;
  readonly stayUs: number | undefined;
  readonly greet: ((link: Link, index: number) => void) | undefined;
  /** What devices send on connect, made once for all of them. */
  readonly #greeting: Greeting | undefined;
  endUs: number;
  readonly #online = new OnlineCount();
  /** All sessions of the worker that are online. */
  readonly #workerOnline: OnlineCount;
  isStopping = false;
  /** Called when the last session has ended after a stop. */
  onIdle: (() => void) | undefined;
  /** Called when the last attempt under way has ended. */
  onQuiet: (() => void) | undefined;
  readonly #means: { isExhausted: boolean };
  readonly #shard: FleetShard;
  readonly #fleet: Fleet;
  readonly #roster: Roster;
  readonly #credentials: CredentialMaker;
  readonly #arrivals: ArrivalCursor;
  readonly #access: FleetAccess;
  readonly #sessions: Session[] = [];

  constructor(prepared: PreparedFleet, recorder: FleetRecorder, services: WorkerServices) {
    this.clock = services.clock;
    this.wheel = services.wheel;
    this.recorder = recorder;
    this.attempts = services.attempts;
    this.endUs = prepared.endUs;
    this.#workerOnline = services.online ?? new OnlineCount();
    this.stalls = services.stalls;
    this.#means = services.means ?? { isExhausted: false };
    const { addresses } = services;
    this.addresses = addresses === undefined ? undefined : new FleetAddresses(prepared.shard, addresses);
    this.#access = new FleetAccess(services.access, prepared.shard, recorder);
    this.links = this.#access.links;
    this.#shard = prepared.shard;
    this.#fleet = prepared.shard.fleet;
    this.#roster = prepared.roster;
    this.#credentials = prepared.credentials;
    this.#arrivals = prepared.arrivals;
    this.stayUs = this.#fleet.stayUs;
    this.policy = this.#fleet.reconnect.policy;
    this.waitStream = prepared.waitStream;
    this.lossWindows = services.lossWindows;
    const { roster } = prepared;
    const greeting = greetingOf(prepared, recorder);
    this.#greeting = greeting;
    if (greeting !== undefined) this.greet = (link, index) => greeting.send(link, roster.deviceAt(index), index);
  }

  /** Planned instant of the next first attempt; infinite if none is left. */
  get nextArrivalUs(): number {
    const { nextUs } = this.#arrivals;
    return this.isStopping || this.isExhausted || nextUs >= this.endUs ? Number.POSITIVE_INFINITY : nextUs;
  }

  /** True if no session can do anything more. */
  get isIdle(): boolean {
    const { planned, connecting, online, waiting, closing } = this.gauges;
    return planned + connecting + online + waiting + closing === 0;
  }

  /** Shared by the fleets of a worker: they share its descriptors and ports. */
  get isExhausted(): boolean {
    return this.#means.isExhausted;
  }

  ranOut(): void {
    this.#means.isExhausted = true;
  }

  get sessions(): readonly Session[] {
    return this.#sessions;
  }

  /** Starts the next first attempt of the plan. */
  startNext(): void {
    const plannedUs = this.#arrivals.nextUs;
    const { index } = this.#arrivals;
    const { duplicates, devices } = this.#fleet;
    this.#arrivals.advance();
    if (!isDuplicated(index, devices.count, duplicates)) {
      this.#startSession({ index, position: index }, plannedUs);
      return;
    }
    const group = new KickGroup();
    for (let copy = 0; copy < duplicates.copies; copy++) {
      const position = sessionPosition(index, copy, devices.count, duplicates);
      this.#startSession({ index, position, group }, plannedUs + copy * duplicates.laterUs);
    }
  }

  /** Devices that were tried and never online, at most `most`. */
  neverOnline(most: number): NeverOnlineDevice[] {
    return neverOnlineDevices(this.#fleet.name, this.#sessions, (index) => this.#roster.nameAt(index), most);
  }

  #startSession(place: SessionPlace, plannedUs: number): void {
    const session = new Session(this, place);
    this.#sessions.push(session);
    this.gauges.planned++;
    if (plannedUs > this.clock.nowUs()) session.attemptAt(plannedUs);
    else session.attempt(plannedUs);
  }

  /** How many sessions are in each state now, and the fewest and most online since the last call. */
  takeGauges(): FleetGauges {
    const { connecting, waiting } = this.gauges;
    return { online: this.#online.take(), connecting, waiting };
  }

  /** The run is over: nothing is started any more. */
  rest(): void {
    this.isStopping = true;
    this.#online.rest();
  }

  linkOptions(index: number, address: number): LinkOptions {
    const identity = this.#roster.deviceAt(index);
    const { clientId, username, password } = this.#credentials(identity, index, Date.now());
    const { tls, login, authContext, unusable } = this.#access.optionsOf(index, address, identity);
    return {
      endpoint: endpointFor(this.#shard.endpoints, address, identity.productKey),
      clientId,
      username,
      password,
      connection: this.#fleet.connection,
      tls,
      login,
      authContext,
      proxy: this.#proxyOf(index),
      unusable: unusable ?? this.#greeting?.refusalOf(identity, index),
    };
  }

  #proxyOf(index: number): ProxyOptions | undefined {
    const { proxy, devicesBefore } = this.#shard;
    if (proxy === undefined) return undefined;
    return { version: proxy.version, address: proxyAddress(devicesBefore + index, proxy.sources) };
  }

  moved(from: SessionState, to: SessionState): void {
    this.gauges[from]--;
    this.gauges[to]++;
    if (to === 'online') {
      this.#online.up();
      this.#workerOnline.up();
    } else if (from === 'online') {
      this.#online.down();
      this.#workerOnline.down();
    }
    if (from === 'connecting' && this.gauges.connecting === 0) this.onQuiet?.();
    if (to === 'ended' && this.isStopping && this.isIdle) this.onIdle?.();
  }
}

/** A fleet's share, ready to start: everything that takes time or may fail has been done. */
export interface PreparedFleet {
  readonly shard: FleetShard;
  readonly roster: Roster;
  readonly credentials: CredentialMaker;
  readonly arrivals: ArrivalCursor;
  readonly waitStream: number;
  /** Where the plan ends. */
  readonly endUs: number;
  /** Values of the environment variables that templates name; never printed. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Plans the arrivals of a worker's share and reads its devices if they come from a file. */
export async function prepareFleet(shard: FleetShard, plan: ShardPlan): Promise<PreparedFleet> {
  const { fleet, transport } = shard;
  return {
    shard,
    roster: withFlaws(await rosterOf(shard, plan.seed), fleet.flaws),
    credentials: credentialMaker(fleet.auth, transport === 'tls' ? 2 : 3, plan.environment, columnsOf(fleet)),
    arrivals: new ArrivalCursor(shard, plan.seed),
    waitStream: streamSeed(plan.seed, `waits/${fleet.name}`),
    endUs: plan.durationUs,
    environment: plan.environment,
  };
}

/** What the fleet sends on connect, templates compiled; undefined: nothing. */
function greetingOf({ shard, environment }: PreparedFleet, recorder: FleetRecorder): Greeting | undefined {
  const { fleet } = shard;
  if (fleet.onConnect === undefined) return undefined;
  return new Greeting(fleet.onConnect, environment, recorder, columnsOf(fleet));
}
