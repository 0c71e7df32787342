import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EmulatorConfig } from '../../../../src/emulator/contract/config.ts';
import type { Emulator } from '../../../../src/emulator/emulator-server.ts';
import runShard from '../../../../src/fleet/entry.ts';
import type { ShardPlan } from '../../../../src/fleet/protocol.ts';
import { startTuned } from '../../../../src/host/emulator/tuned-start.ts';
import type { HostListener, WorkerOrder } from '../../../../src/host/host.ts';
import { TUNINGS, type Tuning, type TuningName, tuningIn } from '../../../../src/host/machine/tuning.ts';
import { ThreadHost } from '../../../../src/host/threads/thread-host.ts';
import type { PoolThreads } from '../../../../src/host/threads/worker-pool.ts';

/** What was done, in order; every part that a tuning is made of notes itself here instead of doing its work. */
const done = vi.hoisted(() => [] as string[]);
const pool = vi.hoisted(() => ({ plans: [] as ShardPlan[], threads: [] as PoolThreads[] }));

vi.mock('../../../../src/host/machine/descriptor-table.ts', () => ({
  growDescriptorTable: (count: number) => void done.push(count > 10_000 ? 'emulator table' : 'table'),
}));
vi.mock('../../../../src/host/machine/compiler-threads.ts', () => ({
  lowerCompilerThreads: () => {
    done.push('compiler threads');
    return () => void done.push('compiler threads back');
  },
}));
vi.mock('../../../../src/host/machine/first-heap.ts', () => ({
  raiseFirstHeap: () => {
    done.push('first heap');
    return () => void done.push('first heap back');
  },
}));
vi.mock('../../../../src/host/machine/machine-facts.ts', () => ({ describeMachine: () => ({ cores: 8 }) }));
vi.mock('../../../../src/host/threads/worker-pool.ts', () => ({
  WorkerPool: class {
    constructor(plans: ShardPlan[], _listener: HostListener, threads: PoolThreads) {
      pool.plans = plans;
      pool.threads = [threads];
    }
  },
}));
vi.mock('../../../../src/emulator/emulator-server.ts', () => ({
  startEmulator: () => Promise.resolve('cold' as unknown as Emulator),
}));
vi.mock('../../../../src/emulator/emulator-warm-up.ts', () => ({
  startWarm: () => {
    done.push('emulator warm-up');
    return Promise.resolve('warm' as unknown as Emulator);
  },
}));
vi.mock('../../../../src/fleet/worker-warm-up.ts', () => ({
  warmUp: () => {
    done.push('warm-up');
    return Promise.resolve();
  },
}));
vi.mock('../../../../src/fleet/watch/quiet-collector.ts', () => ({
  QuietCollector: class {
    constructor() {
      done.push('quiet collector');
    }
  },
}));

beforeEach(() => {
  done.length = 0;
});
afterEach(() => {
  vi.clearAllMocks();
});

const SHARD = {
  worker: 0,
  seed: 1,
  durationUs: 1_000,
  client: 'lean',
  fleets: [],
  events: [],
  drops: [],
  lossSpans: [],
} as const;
const ACCESS = { authConnections: 'own', followsResources: true, allowedHosts: [] } as const;

/** A run without sessions on one thread of eight cores, and an emulator; what was done for them, and what the thread was given. */
async function playWith(tuning: Tuning): Promise<{ done: string[]; hasSmallYoungHeap: boolean | undefined }> {
  const order = {
    scenario: { fleets: [], target: { kind: 'emulator' }, sources: 'auto' },
    target: { access: ACCESS, endpoints: [{ host: '127.0.0.1', port: 1883 }] },
    shards: [SHARD],
  } as unknown as WorkerOrder;
  new ThreadHost({ env: {}, tuning }).startWorkers(order, {} as HostListener);
  const [plan] = pool.plans;
  const [threads] = pool.threads;
  if (plan === undefined || threads === undefined) throw new Error('no worker was started');
  await playShard(plan);
  threads.undo();
  await startTuned({} as EmulatorConfig, tuning);
  return { done: [...done], hasSmallYoungHeap: threads.hasSmallYoungHeap };
}

/** Runs a worker's share to its end. */
async function playShard(plan: ShardPlan): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', ({ type }: { type: string }) => {
    if (type === 'ready') port1.postMessage({ type: 'start', epochNs: process.hrtime.bigint() });
  });
  await runShard({ plan, port: port2 });
  port1.close();
}

/** What each tuning does; the size of the young heap is told to the thread and not done here. */
const EFFECTS: Readonly<Record<TuningName, readonly string[]>> = {
  'warm-up': ['warm-up'],
  'emulator-warm-up': ['emulator warm-up'],
  'quiet-collections': ['quiet collector'],
  'large-first-heap': ['first heap', 'first heap back'],
  'small-young-heap': [],
  'compiler-threads': ['compiler threads', 'compiler threads back', 'compiler threads'],
  'descriptor-table': ['table', 'emulator table'],
};
const ALL = TUNINGS.flatMap((name) => EFFECTS[name]).sort();

function tuningOf(words: string): Tuning {
  const read = tuningIn({ FLEETSTORM_TUNING: words });
  if (!read.ok) throw new Error(read.fault);
  return read.tuning;
}

describe('FLEETSTORM_TUNING', () => {
  it('does everything unless told otherwise, and takes back what would outlive the threads', async () => {
    const { done, hasSmallYoungHeap } = await playWith(tuningOf(''));
    expect(done.toSorted()).toEqual(ALL);
    expect(hasSmallYoungHeap).toBe(true);
  });

  it.each(TUNINGS)('no-%s leaves that out, and nothing else', async (name) => {
    const { done, hasSmallYoungHeap } = await playWith(tuningOf(`no-${name}`));
    const others = TUNINGS.filter((other) => other !== name).flatMap((other) => EFFECTS[other]);
    expect(done.toSorted()).toEqual(others.sort());
    expect(hasSmallYoungHeap).toBe(name !== 'small-young-heap');
  });

  it('off leaves out all', async () => {
    expect(await playWith(tuningOf('off'))).toEqual({ done: [], hasSmallYoungHeap: false });
  });
});
