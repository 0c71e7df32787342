import { type CredentialMaker, credentialMaker } from '../device/credentials.ts';
import { generatedRoster, listedRoster, type Roster, withFaults } from '../device/roster.ts';
import { Session, type SessionContext } from '../device/session.ts';
import type { SessionState } from '../device/states.ts';
import type { Endpoint, LinkFactory, LinkOptions } from '../link/port.ts';
import type { FleetRecorder } from '../metrics/recorder.ts';
import { readDeviceCsv } from '../scenario/csv.ts';
import type { Clock } from '../time/clock.ts';
import { US_PER_SEC } from '../time/units.ts';
import type { TimerWheel } from '../time/wheel.ts';
import { ArrivalCursor } from './arrivals.ts';
import { newGauges } from './gauges.ts';
import type { FleetShard, ShardPlan } from './protocol.ts';

/** Wait before a lost or refused session tries again. */
const RETRY_DELAY_US = US_PER_SEC;

/** What a worker lends its fleets. */
export interface WorkerServices {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly links: LinkFactory;
}

/** One worker's share of a fleet: its devices, the arrivals still to come, the sessions made so far. */
export class WorkerFleet implements SessionContext {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly links: LinkFactory;
  readonly recorder: FleetRecorder;
  readonly gauges = newGauges();
  isStopping = false;
  /** Told when the last session has ended after a stop. */
  onIdle: (() => void) | undefined;
  readonly #shard: FleetShard;
  readonly #roster: Roster;
  readonly #credentials: CredentialMaker;
  readonly #arrivals: ArrivalCursor;
  readonly #sessions: Session[] = [];

  constructor(prepared: PreparedFleet, recorder: FleetRecorder, services: WorkerServices) {
    this.clock = services.clock;
    this.wheel = services.wheel;
    this.links = services.links;
    this.recorder = recorder;
    this.#shard = prepared.shard;
    this.#roster = prepared.roster;
    this.#credentials = prepared.credentials;
    this.#arrivals = prepared.arrivals;
  }

  /** Planned instant of the next first attempt; infinite when there is none left. */
  get nextArrivalUs(): number {
    return this.isStopping ? Number.POSITIVE_INFINITY : this.#arrivals.nextUs;
  }

  /** True when no session is left that could still do anything. */
  get isIdle(): boolean {
    const { planned, connecting, online, waiting, closing } = this.gauges;
    return planned + connecting + online + waiting + closing === 0;
  }

  get sessions(): readonly Session[] {
    return this.#sessions;
  }

  /** Starts the next first attempt of the plan. */
  startNext(): void {
    const plannedUs = this.#arrivals.nextUs;
    const session = new Session(this, this.#arrivals.index);
    this.#arrivals.advance();
    this.#sessions.push(session);
    this.gauges.planned++;
    this.recorder.planned();
    session.attempt(plannedUs);
  }

  linkOptions(index: number): LinkOptions {
    const { connectTimeoutUs, keepaliveSec, clean, endpoint } = this.#shard;
    const identity = this.#roster.deviceAt(index);
    const { clientId, username, password } = this.#credentials(identity, index, Date.now());
    return {
      endpoint: endpointFor(endpoint, identity.productKey),
      clientId,
      username,
      password,
      keepaliveSec,
      clean,
      connectTimeoutUs,
    };
  }

  retryDelayUs(): number {
    return RETRY_DELAY_US;
  }

  moved(from: SessionState, to: SessionState): void {
    this.gauges[from]--;
    this.gauges[to]++;
    if (to === 'ended' && this.isStopping && this.isIdle) this.onIdle?.();
  }
}

/** A fleet's share before the run starts: all that may take time or fail is done. */
export interface PreparedFleet {
  readonly shard: FleetShard;
  readonly roster: Roster;
  readonly credentials: CredentialMaker;
  readonly arrivals: ArrivalCursor;
}

/** Plans the arrivals of a worker's share and reads its devices when they stand in a file. */
export async function prepareFleet(shard: FleetShard, plan: ShardPlan): Promise<PreparedFleet> {
  return {
    shard,
    roster: withFaults(await rosterOf(shard, plan.seed), shard.faults),
    credentials: credentialMaker(shard.auth, shard.securemode, plan.environment),
    arrivals: new ArrivalCursor(shard, plan.seed),
  };
}

async function rosterOf(shard: FleetShard, seed: number): Promise<Roster> {
  const { devices, name, productKey, count, share } = shard;
  if (devices.kind === 'generated') {
    if (productKey === undefined) throw new Error(`fleet ${name} has generated devices but no productKey`);
    return generatedRoster(name, productKey, count, seed);
  }
  const own = [];
  let index = 0;
  for await (const { productKey: key, deviceName, deviceSecret } of readDeviceCsv(devices.path, { productKey })) {
    if (index % share.step === share.first) own.push({ productKey: key, deviceName, deviceSecret });
    index++;
  }
  return listedRoster(own, share, count);
}

function endpointFor(endpoint: Endpoint, productKey: string): Endpoint {
  if (!endpoint.host.includes('$')) return endpoint;
  return { ...endpoint, host: endpoint.host.replaceAll(`\${productKey}`, productKey) };
}
