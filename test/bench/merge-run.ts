import { hlogLines } from '../../src/metrics/hlog/hlog.ts';
import { bucketCounts } from '../../src/metrics/measure/bucket-counts.ts';
import type { OnlineExtent } from '../../src/metrics/measure/online-extent.ts';
import { FleetRecorder } from '../../src/metrics/measure/recorder.ts';
import type { FleetSnapshot, Snapshot, WorkerHealth } from '../../src/metrics/measure/snapshot.ts';
import { Random } from '../../src/plan/random.ts';
import { evenSplit } from '../../src/plan/split.ts';
import { newHistogram, recordUs } from '../../src/results/latency/histogram.ts';
import { EventCourse } from '../../src/run/events/event-course.ts';
import { IntervalCollector } from '../../src/run/interval-collector.ts';
import { shardPlans } from '../../src/run/plan/shards.ts';
import { WorkerLedger } from '../../src/run/worker-ledger.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { US_PER_SEC } from '../../src/time/units.ts';
import { scenarioOf } from './merge-scenario.ts';

/** Whose snapshots are merged. */
export interface MergeLoad {
  readonly agents: number;
  /** Workers of each agent: every one of them reports every interval. */
  readonly workersEach: number;
  readonly sessions: number;
  /** Seconds. */
  readonly intervals: number;
}

/** Different seconds of a worker; more would only take longer to make. */
const VARIANTS = 64;
/** Attempts of a worker in a second that are refused, one in so many. */
const REFUSED = 50;
const LATENCY_MEDIAN_US = 8_000;

/** A run as its coordinator sees it: every worker reports every second, in any order. */
export class MergeRun {
  readonly #load: MergeLoad;
  readonly #collector: IntervalCollector;
  readonly #ledger: WorkerLedger;
  readonly #random = new Random(1);
  readonly #variants: readonly Pick<Snapshot, 'fleets' | 'health' | 'online'>[];
  readonly #order: number[];
  #written = 0;
  #intervals = 0;

  constructor(load: MergeLoad) {
    this.#load = load;
    const workers = load.agents * load.workersEach;
    const scenario: Scenario = scenarioOf(load.sessions, load.intervals);
    const plans = shardPlans(scenario, evenSplit(workers), [{ host: '10.0.0.1', port: 1_883 }]);
    this.#ledger = new WorkerLedger(plans);
    this.#collector = new IntervalCollector(plans, scenario, new EventCourse([]), (line, merged) => {
      this.#intervals++;
      // What the result folder writes of it.
      this.#written += JSON.stringify(line).length + hlogLines(merged).length;
    });
    const perSec = load.sessions / load.intervals / workers;
    this.#variants = Array.from({ length: VARIANTS }, () => this.#second(perSec));
    this.#order = Array.from({ length: workers }, (_, worker) => worker);
  }

  /** What all workers report of an interval, in the order in which it arrives. */
  snapshotsOf(interval: number): Snapshot[] {
    this.#shuffle();
    return this.#order.map((worker) => {
      const variant = this.#variants[(worker * 31 + interval) % VARIANTS];
      if (variant === undefined) throw new Error('no variant');
      return { worker, interval, ...variant };
    });
  }

  /** What the coordinator does with each. */
  take(snapshot: Snapshot): void {
    this.#ledger.reported(snapshot);
    this.#collector.add(snapshot);
  }

  /** Throws unless everything was merged. */
  check(): void {
    const { faults } = this.#collector;
    if (faults.length > 0) throw new Error(faults[0]);
    if (this.#intervals !== this.#load.intervals) throw new Error(`${this.#intervals} intervals were complete`);
    const { total } = this.#collector.figures();
    if (total.attempts.started === 0 || this.#written === 0) throw new Error('nothing was merged');
  }

  /** A second of one worker: logins, some of them refused, with latencies over two powers of ten. */
  #second(perSec: number): Pick<Snapshot, 'fleets' | 'health'> {
    const recorder = new FleetRecorder('meters');
    const attempts = Math.floor(perSec) + (this.#random.next() < perSec % 1 ? 1 : 0);
    for (let attempt = 0; attempt < attempts; attempt++) this.#login(recorder);
    const fleet: FleetSnapshot = recorder.take({ online: steady(1_000), connecting: 3, waiting: 2 });
    return { fleets: [fleet], health: this.#health() };
  }

  #login(recorder: FleetRecorder): void {
    const [tcpUs, mqttUs] = [this.#latencyUs(), this.#latencyUs()];
    const isRefused = this.#random.next() < 1 / REFUSED;
    recorder.started(false, 50);
    recorder.device('started');
    recorder.attempt(
      {
        outcome: isRefused ? 'refused-3' : 'accepted',
        failedIn: isRefused ? 'mqtt' : undefined,
        detail: isRefused ? 'server unavailable' : undefined,
        startedUs: 50,
        endedUs: 50 + tcpUs + mqttUs,
        dnsUs: -1,
        tcpUs,
        tlsUs: -1,
        mqttUs,
        auth: undefined,
      },
      0,
    );
  }

  #health(): WorkerHealth {
    const delays = newHistogram();
    for (let sample = 0; sample < 100; sample++) recordUs(delays, this.#latencyUs() / 10);
    return {
      eventLoopDelayP99Us: 900,
      eventLoopDelayMaxUs: 1_200,
      eventLoopDelay: bucketCounts(delays),
      cpuShare: 0.2,
      gcShare: 0.01,
    };
  }

  /** Log-normal. */
  #latencyUs(): number {
    const [a, b] = [1 - this.#random.next(), this.#random.next()];
    const normal = Math.sqrt(-2 * Math.log(a)) * Math.cos(2 * Math.PI * b);
    return Math.min(60 * US_PER_SEC, LATENCY_MEDIAN_US * Math.exp(0.8 * normal));
  }

  #shuffle(): void {
    const order = this.#order;
    for (let left = order.length - 1; left > 0; left--) {
      const other = Math.floor(this.#random.next() * (left + 1));
      [order[left], order[other]] = [order[other] ?? 0, order[left] ?? 0];
    }
  }
}

function steady(online: number): OnlineExtent {
  return { last: online, min: online, max: online, low: online, standing: online, atStop: 0 };
}
