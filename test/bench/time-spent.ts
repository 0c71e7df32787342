import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type Load, playLoad, profilesIn } from './load.ts';
import { round1 } from './row.ts';
import { sourceOf } from './source-parts.ts';

/** Share of a worker's busy time, its start left out. */
export interface TimeShare {
  readonly where: string;
  readonly percent: number;
}

const profileSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});
type Frame = Pick<z.infer<typeof profileSchema>['nodes'][number]['callFrame'], 'functionName' | 'url'>;

/** Calls of Node that are the kernel's work on sockets. */
const SOCKET_CALLS = new Set([
  'internalConnect',
  'writeBuffer',
  'writev',
  'writeUtf8String',
  'shutdown',
  'close',
  'open',
]);

/** What a thread does only while it starts. */
const isStart = ({ url, functionName }: Frame): boolean =>
  /internal\/modules|cjs-module-lexer|bootstrap/.test(url) || functionName === 'wrapSafe';

/** The first match determines which part a frame belongs to. */
const PLACES: readonly (readonly [string, (frame: Frame) => boolean])[] = [
  ['garbage collection', ({ functionName }) => functionName === '(garbage collector)'],
  ['sockets in the kernel', ({ functionName }) => SOCKET_CALLS.has(functionName)],
  ['signing', ({ url }) => /internal\/crypto/.test(url)],
  ['Node: sockets, streams, events', ({ url }) => url.startsWith('node:')],
  ['MQTT.js and its libraries', ({ url }) => /node_modules\/(mqtt|mqtt-packet|bl|readable-stream)\//.test(url)],
  ['Fleetstorm: links', ({ url }) => url.includes('/dist/link/')],
  ['Fleetstorm: sessions, plan', ({ url }) => /\/dist\/(device|fleet|plan|time)\//.test(url)],
  [
    'Fleetstorm: figures',
    ({ url }) => url.includes('/dist/metrics/') || url.includes('/dist/results/') || url.includes('hdr-histogram-js'),
  ],
];

/** Where a worker thread spends its time, by V8's sampling profiler: the busiest thread that is not the main one. */
export async function timeSpent(load: Load): Promise<TimeShare[]> {
  const folder = await mkdtemp(join(tmpdir(), 'fleetstorm-profile-'));
  try {
    await playLoad(load, load.sessions, ['--cpu-prof', '--cpu-prof-dir', folder, '--cpu-prof-interval', '200']);
    // The name contains the thread: CPU.DATE.TIME.PID.THREAD.NUMBER.cpuprofile, 0 being the main one.
    const workers = (await profilesIn(folder)).filter((path) => path.split('.').at(-3) !== '0');
    const busy = await Promise.all(workers.map(busyTime));
    return sharesOf(busy.sort((a, b) => sumOf(b) - sumOf(a))[0] ?? new Map());
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function busyTime(path: string): Promise<Map<string, number>> {
  const { nodes, samples, timeDeltas } = profileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  const frames = new Map(
    nodes.map(({ id, callFrame }) => [id, { ...callFrame, url: sourceOf(callFrame.url, callFrame.lineNumber) }]),
  );
  const spent = new Map<string, number>();
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === '(idle)' || isStart(frame)) return;
    const where = PLACES.find(([, isPart]) => isPart(frame))?.[0] ?? 'other';
    spent.set(where, (spent.get(where) ?? 0) + (timeDeltas[index] ?? 0));
  });
  return spent;
}

function sharesOf(spent: ReadonlyMap<string, number>): TimeShare[] {
  const total = sumOf(spent);
  return [...spent]
    .map(([where, us]) => ({ where, percent: round1((100 * us) / total) }))
    .sort((a, b) => b.percent - a.percent);
}

function sumOf(spent: ReadonlyMap<string, number>): number {
  return [...spent.values()].reduce((sum, us) => sum + us, 0);
}
