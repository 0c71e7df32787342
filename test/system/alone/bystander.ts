import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** How late the timers of the bystander were, in milliseconds. */
export interface Lateness {
  readonly p99Ms: number;
  readonly maxMs: number;
}

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
  async stop(): Promise<Lateness> {
    const ended = once(this.#child, 'close');
    this.#child.stdin?.end();
    await ended;
    return JSON.parse(this.#words.slice(this.#words.indexOf('\n'))) as Lateness;
  }
}
