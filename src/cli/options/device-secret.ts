import type { Io } from '../io/io.ts';

/** Environment variable for a device's secret, which is never an argument: the process list shows those to everybody. */
export const DEVICE_SECRET_VARIABLE = 'FLEETSTORM_DEVICE_SECRET';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const BACKSPACES = ['\u007f', '\b'];

/**
 * A device's secret: from the environment, else typed at a prompt that does not echo, else the first line of stdin. Undefined when none was
 * given, or the prompt was ended by Ctrl-C or Ctrl-D.
 */
export async function readDeviceSecret(io: Io): Promise<string | undefined> {
  const given = io.env[DEVICE_SECRET_VARIABLE];
  if (given) return given;
  if (!io.stdin.isTTY) return (await readLine(io.stdin)) || undefined;
  io.stderr.write('Device secret (not shown): ');
  const typed = await readUnseen(io.stdin);
  io.stderr.write('\n');
  return typed || undefined;
}

/** The first line, without its line break. */
async function readLine(stdin: NodeJS.ReadStream): Promise<string> {
  let text = '';
  await readUntil(stdin, (chunk) => {
    text += chunk;
    return text.includes('\n');
  });
  return (text.split('\n')[0] ?? '').replace(/\r$/, '');
}

/** What is typed up to Return, read in raw mode so that the terminal shows nothing; undefined when the prompt was ended. */
async function readUnseen(stdin: NodeJS.ReadStream): Promise<string | undefined> {
  let typed: string | undefined = '';
  stdin.setRawMode(true);
  try {
    await readUntil(stdin, (chunk) => {
      for (const key of chunk) {
        if (key === '\r' || key === '\n') return true;
        if (key === CTRL_C || key === CTRL_D) {
          typed = undefined;
          return true;
        }
        typed = BACKSPACES.includes(key) ? typed?.slice(0, -1) : `${typed}${key}`;
      }
      return false;
    });
  } finally {
    stdin.setRawMode(false);
  }
  return typed;
}

/** Feeds stdin's text to `isDone` until it says so or stdin ends, and leaves stdin paused so that the process can end. */
async function readUntil(stdin: NodeJS.ReadStream, isDone: (chunk: string) => boolean): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer | string): void => {
      if (isDone(chunk.toString())) finish();
    };
    const finish = (): void => {
      stdin.off('data', take).off('end', finish).off('error', reject);
      stdin.pause();
      resolve();
    };
    stdin.on('data', take).on('end', finish).on('error', reject);
    stdin.resume();
  });
}
