import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { cwd, stdout } from 'node:process';
import { promisify } from 'node:util';
import { median, type Row, round1, spreadOf } from './row.ts';

const [AT_ONCE, SOURCES] = ['50', '16'];

/** The least that a process can spend here to log sessions in, by programs in C; see the comments at their tops. */
export class Floors {
  readonly #folder: string;
  readonly #rounds: number;
  readonly #measured = new Map<string, Promise<Row | undefined>>();
  readonly #plain: string | undefined;
  readonly #tls: string | undefined;

  readonly #failed: (error: unknown) => void;

  /** Compiles into `folder`; reports which of the two is not available. `failed` receives a floor that could not be measured. */
  constructor(folder: string, rounds: number, failed: (error: unknown) => void) {
    this.#failed = failed;
    this.#folder = folder;
    this.#rounds = rounds;
    this.#plain = this.#compiled('connect-limit');
    this.#tls = this.#compiled('tls-limit', '-lssl', '-lcrypto');
  }

  /** At a pace in logins per second; 0: as fast as it can. Undefined without a compiler. */
  plain(port: number, sessions: number, perSec: number): Promise<Row | undefined> {
    const pace = perSec === 0 ? [] : [String(perSec)];
    return this.#once('floor (C, epoll)', this.#plain, port, { sessions, perSec, more: pace });
  }

  /** Full handshakes, verified, as fast as they go: what they cost hides what pacing does. */
  tls(port: number, sessions: number, caPath: string): Promise<Row | undefined> {
    return this.#once('TLS floor (C, OpenSSL, epoll)', this.#tls, port, { sessions, perSec: 0, more: [caPath] });
  }

  #once(what: string, program: string | undefined, port: number, load: FloorLoad): Promise<Row | undefined> {
    const key = [what, load.sessions, load.perSec].join(' ');
    const known = this.#measured.get(key);
    if (known !== undefined) return known;
    const found = floorRow(what, program, port, load, this.#rounds).catch((error: unknown) => {
      this.#failed(error);
      return undefined;
    });
    this.#measured.set(key, found);
    return found;
  }

  #compiled(name: string, ...libraries: string[]): string | undefined {
    const program = join(this.#folder, name);
    try {
      const source = join(cwd(), `test/bench/${name}.c`);
      execFileSync('cc', ['-O2', '-o', program, source, ...libraries], { stdio: 'pipe' });
      return program;
    } catch (error) {
      stdout.write(`no ${name} (it needs a C compiler, tls-limit libssl-dev): ${String(error).split('\n', 1)[0]}\n`);
      return undefined;
    }
  }
}

interface FloorLoad {
  readonly sessions: number;
  readonly perSec: number;
  readonly more: readonly string[];
}

async function floorRow(
  what: string,
  program: string | undefined,
  port: number,
  { sessions, perSec, more }: FloorLoad,
  rounds: number,
): Promise<Row | undefined> {
  if (program === undefined) return undefined;
  const found: Map<string, unknown>[] = [];
  for (let round = 0; round < rounds; round++) {
    // Not the synchronous call: mosquitto's words must be read while it works.
    const { stdout: text } = await promisify(execFile)(program, [
      String(port),
      String(sessions),
      AT_ONCE,
      SOURCES,
      ...more,
    ]);
    found.push(new Map(Object.entries(JSON.parse(text) as object)));
  }
  const of = (name: string): number => median(found.map((one) => numberIn(one, name)));
  return {
    what,
    workers: 1,
    sessions,
    plannedPerSec: perSec,
    connectsPerSec: of('connectsPerSec'),
    cpuUs: of('cpuUsPerConnect'),
    cpuSpreadUs: spreadOf(found.map((one) => numberIn(one, 'cpuUsPerConnect'))),
    kib: round1(found[0]?.has('kibPerSession') === true ? of('kibPerSession') : of('maxRssKib') / sessions),
    p50Ms: round1(of('p50Us') / 1_000),
    p99Ms: round1(of('p99Us') / 1_000),
    emulatorUs: 0,
    slipP99Ms: 0,
    verdict: '',
  };
}

function numberIn(found: ReadonlyMap<string, unknown>, name: string): number {
  const value = found.get(name);
  if (typeof value !== 'number' || value < 0) throw new Error(`the floor program says ${name}: ${String(value)}`);
  return value;
}
