import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { main } from '../../dist/cli/main.js';
import { ioHere, type OutputName } from '../fixtures/io-here.ts';

/** One command as a shell starts it. */
interface Command {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface Written {
  readonly output: OutputName;
  readonly text: string;
}

/** What a command wrote, in order, and how it ended. */
interface Ended {
  readonly written: readonly Written[];
  readonly code: number;
}

/**
 * The built program, loaded once for commands that shells start: its code, words and exit codes, without the start of a process, a worker and
 * an emulator, which are most of what a short command costs. Commands are carried out one after the other, as the folder of each is that of
 * the whole process meanwhile. Signals, terminals and input of their own they do not have.
 */
export class ResidentProgram {
  /** What shells start in the place of the program. */
  readonly executable: string;
  readonly #folder: string;
  readonly #server: Server;
  #last: Promise<unknown> = Promise.resolve();

  private constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'resident-program-'));
    this.executable = join(this.#folder, 'fleetstorm');
    this.#server = createServer((shell) => this.#serve(shell));
  }

  static async start(): Promise<ResidentProgram> {
    const resident = new ResidentProgram();
    await new Promise<void>((resolve) => resident.#server.listen(0, '127.0.0.1', resolve));
    const { port } = resident.#server.address() as AddressInfo;
    writeFileSync(resident.executable, callerText(port));
    chmodSync(resident.executable, 0o755);
    return resident;
  }

  async close(): Promise<void> {
    await this.#last;
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#folder, { recursive: true });
  }

  #serve(shell: Socket): void {
    let heard = '';
    // A shell that was ended needs no answer.
    shell.on('error', () => undefined);
    shell.setEncoding('utf8').on('data', (more: string) => {
      heard += more;
      const command = commandIn(heard);
      if (command === undefined) return;
      heard = '';
      this.#last = this.#last.then(() => carriedOut(command)).then((ended) => shell.end(scriptOf(ended)));
    });
  }
}

/** Tells where it is, what it was called with and its environment, and carries out what is answered. */
function callerText(port: number): string {
  return `#!/bin/bash
exec 3<>/dev/tcp/127.0.0.1/${port}
{ printf '%s\\0' "$PWD" "$#" "$@"; env -0; printf '\\0'; } >&3
eval "$(cat <&3)"
`;
}

/** The command, once all of it was heard. */
function commandIn(heard: string): Command | undefined {
  if (!heard.endsWith('\0\0')) return undefined;
  const [cwd = '', count = '', ...rest] = heard.slice(0, -2).split('\0');
  const args = rest.slice(0, Number(count));
  const variables = rest.slice(args.length).map((one): [string, string] => {
    const end = one.indexOf('=');
    return [one.slice(0, end), one.slice(end + 1)];
  });
  // What was heard may end with an empty argument; an environment is never empty.
  return variables.length === 0 ? undefined : { cwd, args, env: Object.fromEntries(variables) };
}

async function carriedOut({ cwd, args, env }: Command): Promise<Ended> {
  const written: Written[] = [];
  const home = process.cwd();
  process.chdir(cwd);
  try {
    return { written, code: await main(ioHere(args, env, (output, text) => written.push({ output, text }))) };
  } catch (error) {
    return { written: [...written, { output: 'stderr', text: String(error) }], code: 1 };
  } finally {
    process.chdir(home);
  }
}

/** A script that writes the same and ends in the same way. */
function scriptOf({ written, code }: Ended): string {
  const lines = written.map(({ output, text }) => {
    return `printf %s '${text.replaceAll("'", `'\\''`)}' >&${output === 'stdout' ? 1 : 2}`;
  });
  return [...lines, `exit ${code}`].join('\n');
}
