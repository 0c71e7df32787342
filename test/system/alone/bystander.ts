import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';

/** How late the timers of the bystander were, in milliseconds. */
interface Lateness {
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** What the bystander has seen of the machine. */
export interface Seen extends Lateness {
  /** Share of the cores' time that nobody wanted. */
  readonly idleShare: number;
}

/**
 * Where less is left over, whoever computes waits for a core, however soon a process gets one that has nothing to do. Beside 8,000 logins a second,
 * 0.43 was seen, and at most 0.12 where another program took one of two cores.
 */
export const MIN_IDLE_SHARE = 0.2;

/** Does nothing but ask every 5 ms how late it is, and tells it when its input ends. */
const PROGRAM = `
const late = [];
let dueMs = performance.now() + 5;
const timer = setInterval(() => {
  const nowMs = performance.now();
  late.push(Math.max(0, nowMs - dueMs));
  dueMs = nowMs + 5;
}, 5);
process.stdin.resume().on('end', () => {
  clearInterval(timer);
  late.sort((a, b) => a - b);
  console.log(JSON.stringify({ p99Ms: late[Math.floor(late.length * 0.99)] ?? 0, maxMs: late.at(-1) ?? 0 }));
});
console.log('ready');
`;

/**
 * A process that has nothing to do: where even it does not get a core when it is due, the machine has none to spare, and what a generator
 * beside it could not keep up with says nothing of the generator.
 */
export class Bystander {
  readonly #child: ChildProcess;
  readonly #startedMs = performance.now();
  readonly #idleAtStartMs = idleMs();
  #words = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#words += text;
    });
  }

  static async start(): Promise<Bystander> {
    const child = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
    const bystander = new Bystander(child);
    while (!bystander.#words.includes('ready\n')) await once(child.stdout ?? child, 'data');
    return bystander;
  }

  /** Ends it; what it has seen since its start. */
  async stop(): Promise<Seen> {
    const idleShare = (idleMs() - this.#idleAtStartMs) / ((performance.now() - this.#startedMs) * cpus().length);
    const ended = once(this.#child, 'close');
    this.#child.stdin?.end();
    await ended;
    return { ...(JSON.parse(this.#words.slice(this.#words.indexOf('\n'))) as Lateness), idleShare };
  }
}

/** For which the cores have been idle, all together: what a hypervisor took from them is missing. */
function idleMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.idle, 0);
}
